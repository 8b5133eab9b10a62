import type { Destination, Service } from '../service.ts';
import { gcd } from './gcd.ts';
import type { WrrState } from './state.ts';
import type { Scheduler, SchedulerContext } from './types.ts';
import { foreignState } from './usable.ts';

function wrrState(service: Service): WrrState {
  const state = service.schedulerState;
  if (state.scheduler !== 'wrr') throw foreignState('wrr', state);
  return state;
}

/** Interval and maximum of the present weights; overloaded servers count. */
function measure(state: WrrState, destinations: readonly Destination[], keepsWeight: boolean): void {
  let interval = 0;
  let max = 0;
  for (const { weight } of destinations) {
    if (weight > 0) interval = gcd(interval, weight);
    if (weight > max) max = weight;
  }
  state.di = interval === 0 ? 1 : interval;
  state.mw = keepsWeight ? max - (state.di - 1) : max;
}

function init(service: Service, context: SchedulerContext): WrrState {
  const keepsWeight = context.kernel.wrrKeepsCurrentWeight;
  const state: WrrState = { scheduler: 'wrr', cl: -1, index: -1, cw: 0, mw: 0, di: 1 };
  measure(state, service.destinations, keepsWeight);
  if (keepsWeight) state.cw = state.mw;
  return state;
}

/** Any add, edit or delete takes the pointer to the head; the current weight stays if it is still valid. */
function changed(
  service: Service,
  _change: unknown,
  _destination: unknown,
  _index: unknown,
  context: SchedulerContext,
): void {
  const state = wrrState(service);
  const keepsWeight = context.kernel.wrrKeepsCurrentWeight;
  state.cl = -1;
  state.index = -1;
  measure(state, service.destinations, keepsWeight);
  if (!keepsWeight) {
    if (state.cw > state.mw) state.cw = 0;
  } else if (state.cw > state.mw || state.cw === 0) {
    state.cw = state.mw;
  } else if (state.di > 1) {
    state.cw = Math.floor(state.cw / state.di) * state.di + 1;
  }
}

/**
 * Weighted round robin: each pass over the list takes the servers whose weight is at least `cw`, then `cw`
 * falls by the gcd; below 1 it starts again at the maximum. Source: net/netfilter/ipvs/ip_vs_wrr.c, 3.10 on.
 * When all are marked overloaded, the search has moved the pointer and `cw` by the time it gives up.
 */
function schedule(service: Service, _request: unknown, context: SchedulerContext): Destination | undefined {
  const state = wrrState(service);
  if (!context.kernel.wrrKeepsCurrentWeight) return scheduleBefore310(state, service.destinations);
  if (state.mw === 0) return undefined;
  const destinations = service.destinations;
  const last = state.index;
  let index = last;
  let lastPass = false;
  let restarted = false;
  let stop = -1;
  for (;;) {
    for (index++; index < destinations.length; index++) {
      const destination = destinations[index]!;
      if (destination.weight >= state.cw && !destination.overloaded) {
        state.index = index;
        state.cl = destination.id;
        return destination;
      }
      if (index === stop) {
        state.index = index;
        state.cl = destination.id;
        return undefined;
      }
    }
    index = -1;
    state.cw -= state.di;
    if (state.cw <= 0) {
      state.cw = state.mw;
      if (lastPass || last === -1) {
        state.index = -1;
        state.cl = -1;
        return undefined;
      }
      restarted = true;
    }
    lastPass = state.cw <= state.di;
    if (lastPass && restarted) stop = last;
  }
}

/**
 * The loop of 2.4 and 2.6: `cw` falls when the pointer leaves the head, so the first pass is the highest. It
 * gives up when it is back where it began at the lowest `cw`, even if a usable server stands further on.
 */
function scheduleBefore310(state: WrrState, destinations: readonly Destination[]): Destination | undefined {
  if (destinations.length === 0) return undefined;
  const start = state.index;
  for (;;) {
    if (state.index === -1) {
      state.cw -= state.di;
      if (state.cw <= 0) {
        state.cw = state.mw;
        if (state.cw === 0) return undefined;
      }
    }
    state.index++;
    if (state.index >= destinations.length) state.index = -1;
    const destination = destinations[state.index];
    state.cl = destination === undefined ? -1 : destination.id;
    if (destination !== undefined && destination.weight >= state.cw && !destination.overloaded) {
      return destination;
    }
    if (state.index === start && state.cw === state.di) return undefined;
  }
}

export const wrr: Scheduler<WrrState> = { name: 'wrr', init, changed, schedule };
