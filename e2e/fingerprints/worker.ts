import { presetIds, type Trajectory, trajectoryOf } from './run.ts';

/** What the worker tells: a trajectory, or the words of an error. */
export interface Told {
  readonly id: string;
  readonly trajectory?: Trajectory;
  readonly error?: string;
}

// `self` of a module worker: the page's own types know only the window
const port = globalThis as unknown as { postMessage: (told: Told | 'end') => void };

for (const id of presetIds()) {
  try {
    port.postMessage({ id, trajectory: trajectoryOf(id) });
  } catch (error) {
    port.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
}
port.postMessage('end');
