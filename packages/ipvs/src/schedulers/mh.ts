import { type Destination, SCHED_FLAG_1, type Service } from '../service.ts';
import { sipHash13 } from '../siphash.ts';
import { gcd } from './gcd.ts';
import { sourceKey } from './sh.ts';
import type { HashState } from './state.ts';
import type { ScheduleRequest, Scheduler } from './types.ts';
import { byId, foreignState, isUsable } from './usable.ts';

/** Slots of the table: CONFIG_IP_VS_MH_TAB_INDEX 12, as Debian builds it; a prime. */
export const MH_SLOTS = 4093;
/** Constant keys of the two hashes: nothing is random, every director has the same table. */
const KEY_OFFSET = 2654435761;
const KEY_SKIP = 2654446892;
/** log2 of the most turns that a server takes in a row. */
const TURN_BITS = 6;

/** The slot of a client's key, moved on by `offset`. */
export function mhSlot(key: number, offset: number): number {
  return sipHash13((offset + key) >>> 0, KEY_OFFSET) % MH_SLOTS;
}

/** A server's walk through the slots: where it starts and how far it steps. */
export function mhWalk(destination: Pick<Destination, 'address' | 'port'>): { offset: number; skip: number } {
  const key = (destination.address + destination.port) >>> 0;
  return {
    offset: sipHash13(key, KEY_OFFSET) % MH_SLOTS,
    skip: (sipHash13(key, KEY_SKIP) % (MH_SLOTS - 1)) + 1,
  };
}

/** Slots that each server may take in a row, by its last non-zero weight; empty where none is positive. */
export function mhTurns(destinations: readonly Destination[]): number[] {
  let divisor = 0;
  let max = 0;
  for (const { lastWeight } of destinations) {
    if (lastWeight > 0) divisor = gcd(divisor, lastWeight);
    if (lastWeight > max) max = lastWeight;
  }
  if (divisor === 0) return [];
  const bitLength = 32 - Math.clz32(max / divisor);
  const shift = Math.max(0, bitLength - TURN_BITS);
  return destinations.map(({ lastWeight }) =>
    lastWeight === 0 ? 0 : Math.max(1, (lastWeight / divisor) >> shift),
  );
}

/**
 * Maglev's table (Eisenbud et al., NSDI 2016, section 3.4) with weights: the servers in turn claim free slots
 * along their own walks. Weight 0 keeps a server's slots, so nobody else's client moves.
 */
export function mhTable(destinations: readonly Destination[]): Int32Array {
  const table = new Int32Array(MH_SLOTS).fill(-1);
  const turns = mhTurns(destinations);
  if (turns.length === 0) return table;
  const walks = destinations.map(mhWalk);
  let filled = 0;
  for (;;) {
    for (let i = 0; i < walks.length; i++) {
      const walk = walks[i]!;
      for (let turn = 0; turn < turns[i]!; turn++) {
        while (table[walk.offset] !== -1) walk.offset = (walk.offset + walk.skip) % MH_SLOTS;
        table[walk.offset] = destinations[i]!.id;
        filled++;
        if (filled === MH_SLOTS) return table;
      }
    }
  }
}

function changed(service: Service): void {
  const state = service.schedulerState;
  if (state.scheduler !== 'mh') throw foreignState('mh', state);
  state.table = mhTable(service.destinations);
}

/**
 * Maglev hashing: the client's address picks the slot; where its server is not usable, nobody, or with
 * mh-fallback the first usable of the slots hashed with growing offsets; an empty slot ends the search.
 * Source: net/netfilter/ipvs/ip_vs_mh.c (4.18 on).
 */
function schedule(service: Service, request: ScheduleRequest): Destination | undefined {
  const state = service.schedulerState;
  if (state.scheduler !== 'mh') throw foreignState('mh', state);
  const { destinations, schedulerFlags } = service;
  const key = sourceKey(schedulerFlags, request);
  const first = mhSlot(key, 0);
  const owner = byId(destinations, state.table[first]!);
  if (owner !== undefined && isUsable(owner)) return owner;
  if (owner === undefined || (schedulerFlags & SCHED_FLAG_1) === 0) return undefined;
  for (let offset = 0; offset < MH_SLOTS; offset++) {
    const slot = mhSlot(key, (offset + first) % MH_SLOTS);
    const destination = byId(destinations, state.table[slot]!);
    if (destination === undefined) return undefined;
    if (isUsable(destination)) return destination;
  }
  return undefined;
}

export const mh: Scheduler<HashState> = {
  name: 'mh',
  init: (service) => ({ scheduler: 'mh', table: mhTable(service.destinations) }),
  changed,
  schedule,
};
