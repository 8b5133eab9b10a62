import type { Destination } from '../service.ts';
import type { SchedulerState } from './state.ts';
import type { SchedulerName } from './types.ts';

/** Whether a scheduler's search may take this server: weight above 0, no overload mark, not deleted. */
export function isUsable(destination: Destination): boolean {
  return destination.weight > 0 && !destination.overloaded && destination.available;
}

/** Where the destination with this id stands in the list, -1 where it doesn't. `hint` is looked at first. */
export function indexById(destinations: readonly Destination[], id: number, hint: number = 0): number {
  if (destinations[hint]?.id === id) return hint;
  for (let i = 0; i < destinations.length; i++) {
    if (destinations[i]!.id === id) return i;
  }
  return -1;
}

/** The destination with this id, where the list has it. */
export function byId(destinations: readonly Destination[], id: number): Destination | undefined {
  return destinations[indexById(destinations, id)];
}

/** A scheduler was called with the state of another: a bug of the caller, to be thrown. */
export function foreignState(name: SchedulerName, state: SchedulerState): Error {
  return new Error(`${name} was given the state of ${state.scheduler}`);
}
