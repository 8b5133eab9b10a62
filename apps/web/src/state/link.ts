import { type Remote, wrap } from 'comlink';
import type { Api } from '../worker/api.ts';

/** The worker that owns the world, and how to end it. */
export interface Link {
  readonly api: Remote<Api>;
  readonly end: () => void;
}

/** @param onBroken called when the worker died: nothing will answer any more */
export function openLink(onBroken: (words: string) => void): Link {
  const worker = new Worker(new URL('../worker/world.worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('error', (event) => onBroken(event.message));
  return { api: wrap<Api>(worker), end: () => worker.terminate() };
}
