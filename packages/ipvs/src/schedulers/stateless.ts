import type { StatelessState } from './state.ts';
import type { Scheduler } from './types.ts';

/** A scheduler that remembers nothing: every decision reads only the servers' weights and counters. */
export function stateless(
  name: StatelessState['scheduler'],
  schedule: Scheduler['schedule'],
): Scheduler<StatelessState> {
  return {
    name,
    init: () => ({ scheduler: name }),
    changed: () => undefined,
    schedule,
  };
}
