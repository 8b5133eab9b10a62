import type { World } from '@lvscope/cluster';
import type { Scenario } from '@lvscope/scenario';
import { createFrameReader } from './frames.ts';
import { createCheckpoints, type Issued, keep } from './history.ts';
import type { Session } from './session.ts';

/** A run as it stands, on its way to another worker: plain data. */
export interface RunCopy {
  readonly scenario: Scenario;
  readonly world: World;
  /** What the user did until now. What was to come later is not part of the copy. */
  readonly done: readonly Issued[];
}

export function copyOf({ scenario, world, issued, next }: Session): RunCopy {
  return { scenario, world, done: issued.slice(0, next) };
}

/** Goes on where another worker's run stood. The way back ends there. */
export function sessionOf(copy: RunCopy, epoch: number, wallMs: () => number): Session {
  const { scenario, world, done } = copy;
  const checkpoints = createCheckpoints();
  keep(checkpoints, world, wallMs);
  const reader = createFrameReader();
  return { scenario, world, epoch, issued: [...done], next: done.length, checkpoints, reader };
}
