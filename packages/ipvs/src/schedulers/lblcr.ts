import { addTime, seconds, type SimTime } from '@lvscope/des';
import type { Destination, Service } from '../service.ts';
import { cleanCache } from './cache-timer.ts';
import { isOverCapacity, leastOverheadPerWeight, overhead } from './overhead.ts';
import type { LblcrEntry, LblcrState } from './state.ts';
import type { DestinationChange, ScheduleRequest, Scheduler, SchedulerContext } from './types.ts';
import { byId, foreignState } from './usable.ts';

function lblcrState(service: Service): LblcrState {
  const state = service.schedulerState;
  if (state.scheduler !== 'lblcr') throw foreignState('lblcr', state);
  return state;
}

function setHolds(state: LblcrState, id: number): boolean {
  for (const entry of state.cache.values()) {
    if (entry.set.includes(id)) return true;
  }
  return false;
}

/** The members as servers, also those deleted since; newest member first. */
export function members(
  set: readonly number[],
  service: Service,
  gone: readonly Destination[],
): Destination[] {
  const found: Destination[] = [];
  for (const id of set) {
    const member = byId(service.destinations, id) ?? byId(gone, id);
    if (member !== undefined) found.push(member);
  }
  return found;
}

/** The member with the most overhead per weight, also a marked or deleted one; of equals the newer member. */
export function mostLoaded(set: readonly Destination[]): Destination | undefined {
  let most: Destination | undefined;
  for (const member of set) {
    if (member.weight <= 0) continue;
    if (most === undefined || overhead(most) * member.weight < overhead(member) * most.weight) most = member;
  }
  return most;
}

/** After a day without change the most loaded member leaves, even if it is the one about to be used. */
function shrinkSet(entry: LblcrEntry, all: readonly Destination[], context: SchedulerContext): void {
  if (entry.set.length <= 1) return;
  if (context.now <= addTime(entry.lastMod, seconds(context.lblcrExpirationSeconds))) return;
  const most = mostLoaded(all);
  if (most === undefined) return;
  entry.set.splice(entry.set.indexOf(most.id), 1);
  entry.lastMod = context.now;
}

function insert(entry: LblcrEntry, destination: Destination, now: SimTime): void {
  if (entry.set.includes(destination.id)) return;
  entry.set.unshift(destination.id);
  entry.lastMod = now;
}

/**
 * Locality-based least connection with replication: a destination address has a *set* of servers and takes
 * the least loaded of it; when that is over capacity, wlc's pick among all joins the set.
 * Source: net/netfilter/ipvs/ip_vs_lblcr.c.
 */
function schedule(
  service: Service,
  request: ScheduleRequest,
  context: SchedulerContext,
): Destination | undefined {
  const state = lblcrState(service);
  const { destinations } = service;
  const { now } = context;
  const entry = state.cache.get(request.destination);
  if (entry !== undefined) {
    entry.lastUse = now;
    const all = members(entry.set, service, state.gone);
    const least = leastOverheadPerWeight(all.filter((member) => member.available));
    shrinkSet(entry, all, context);
    if (least !== undefined && !isOverCapacity(least, destinations)) return least;
  }
  const picked = leastOverheadPerWeight(destinations);
  if (picked === undefined) return undefined;
  if (entry !== undefined) insert(entry, picked, now);
  else state.cache.set(request.destination, { set: [picked.id], lastUse: now, lastMod: now });
  return picked;
}

/** Keeps at hand the deleted servers that sets still hold; added again, one is an ordinary member again. */
function changed(service: Service, change: DestinationChange, destination: Destination): void {
  const state = lblcrState(service);
  if (change === 'edit') return;
  const others = state.gone.filter((one) => one.id !== destination.id && setHolds(state, one.id));
  if (change === 'delete' && setHolds(state, destination.id)) others.push(destination);
  state.gone = others;
}

function everyMinute(service: Service, context: SchedulerContext): void {
  const state = lblcrState(service);
  cleanCache(state, context.now, context.lblcrExpirationSeconds, context.kernel);
  if (state.gone.length > 0) state.gone = state.gone.filter((one) => setHolds(state, one.id));
}

export const lblcr: Scheduler<LblcrState> = {
  name: 'lblcr',
  init: () => ({ scheduler: 'lblcr', cache: new Map(), counter: 1, rover: 0, gone: [] }),
  changed,
  schedule,
  everyMinute,
  refersTo: (service, destination) => setHolds(lblcrState(service), destination),
};
