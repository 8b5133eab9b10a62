import type { HaView } from '@lvscope/cluster';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { askHa } from '../state/questions.ts';
import { page } from '../state/store.ts';

/** High availability as it is now: roles, outages, fail-overs; undefined until somebody has looked. */
const ha: StoreApi<{ readonly view: HaView | undefined }> = createStore(() => ({ view: undefined }));

const ASK_EVERY_MS = 400;

export function useHa<Part>(select: (view: HaView | undefined) => Part): Part {
  return useStore(ha, (state) => select(state.view));
}

let seen = '';

/** Asks again where something has happened since the last time. */
async function look(): Promise<void> {
  const { scenario, view, epoch, commands, broken } = page.getState();
  if (scenario === undefined || view === undefined || broken !== undefined) return;
  const stamp = `${epoch}/${view.now}/${commands.length}`;
  if (stamp === seen) return;
  seen = stamp;
  ha.setState({ view: await askHa() });
}

export function startLookingAtHa(): void {
  setInterval(() => void look().catch(() => undefined), ASK_EVERY_MS);
  page.subscribe((now, before) => {
    if (now.scenario !== before.scenario) ha.setState({ view: undefined });
  });
}
