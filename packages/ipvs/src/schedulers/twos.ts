import { nextInt } from '@lvscope/des';
import type { Destination, Service } from '../service.ts';
import { overhead } from './overhead.ts';
import type { TwosState } from './state.ts';
import type { Scheduler, SchedulerContext } from './types.ts';
import { foreignState, isUsable } from './usable.ts';

/** Sum of the weights of the usable servers. */
export function usableWeight(destinations: readonly Destination[]): number {
  let total = 0;
  for (const destination of destinations) {
    if (isUsable(destination)) total += destination.weight;
  }
  return total;
}

/** The first usable server at which a draw of 0..total is used up; the head of the list owns 0 as well. */
export function drawn(destinations: readonly Destination[], draw: number): Destination | undefined {
  let rest = draw;
  for (const destination of destinations) {
    if (!isUsable(destination)) continue;
    rest -= destination.weight;
    if (rest <= 0) return destination;
  }
  return undefined;
}

/**
 * The less loaded of two drawn servers by overhead / weight, compared as 32-bit products like the kernel's;
 * of equals the first.
 */
export function lessLoaded(first: Destination, second: Destination): Destination {
  const left = Math.imul(second.weight, overhead(first));
  const right = Math.imul(first.weight, overhead(second));
  return left > right ? second : first;
}

/**
 * Power of two choices: two servers drawn by weight, independently, and the less loaded of them.
 * Source: net/netfilter/ipvs/ip_vs_twos.c (5.12 on). The kernel draws from its own generator; here the
 * simulation's stream is drawn from, twice a decision and not at all where no server is usable.
 */
function schedule(service: Service, _request: unknown, context: SchedulerContext): Destination | undefined {
  const state = service.schedulerState;
  if (state.scheduler !== 'twos') throw foreignState('twos', state);
  const total = usableWeight(service.destinations);
  if (total === 0) return undefined;
  state.draw1 = nextInt(context.random, total + 1);
  state.draw2 = nextInt(context.random, total + 1);
  const first = drawn(service.destinations, state.draw1);
  const second = drawn(service.destinations, state.draw2);
  return first === undefined || second === undefined ? undefined : lessLoaded(first, second);
}

export const twos: Scheduler<TwosState> = {
  name: 'twos',
  init: () => ({ scheduler: 'twos', draw1: -1, draw2: -1 }),
  changed: () => undefined,
  schedule,
};
