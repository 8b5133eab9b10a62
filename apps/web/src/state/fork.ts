import type { CommandRecord, WorldView } from '@lvscope/cluster';
import { transfer } from 'comlink';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Cursor } from '../worker/api.ts';
import { absorb, cursorOf } from './batches.ts';
import { type Link, openLink } from './link.ts';
import { exchangeLink, presentLink } from './run.ts';
import type { SeriesRows } from './series.ts';
import { initialState, page, type PageState } from './store.ts';

/** A future of the run, as far as the page compares it. */
export interface Future {
  readonly view: WorldView;
  readonly series: SeriesRows;
  readonly commands: readonly CommandRecord[];
}

/** Two futures from one instant: the one that the page shows, and another that runs along. */
export interface Fork {
  readonly atNs: number;
  /** Commands that both have. */
  readonly commandsBefore: number;
  /** Which of the two the page shows. A goes on as it was, B is where other things are done. */
  readonly shown: 'A' | 'B';
  readonly other: Future | undefined;
}

/** Time that the other run may take for one batch, milliseconds. */
const BUDGET_MS = 20;

export const fork: StoreApi<{ readonly fork: Fork | undefined }> = createStore(() => ({ fork: undefined }));

export function useFork<Part>(select: (fork: Fork | undefined) => Part): Part {
  return useStore(fork, (state) => select(state.fork));
}

let other: Link | undefined;
/** The other run's state, as the page keeps its own. */
let kept: PageState = initialState();
/** How far its frames were read; nobody looks at them. */
let read: Pick<Cursor, 'frame' | 'reason'> = { frame: 0, reason: 0 };

/** Splits the run in two: A goes on as it is, B is shown from now on. */
export async function forkNow(): Promise<void> {
  const { view, commands } = page.getState();
  if (view === undefined) return;
  endFork();
  const next = openLink(() => endFork());
  const { port1, port2 } = new MessageChannel();
  const taken = next.api.takeCopy(transfer(port2, [port2]));
  await presentLink().api.sendCopy(transfer(port1, [port1]));
  await taken;
  other = next;
  kept = { ...initialState(), epoch: -1 };
  fork.setState({
    fork: {
      atNs: view.now,
      commandsBefore: commands.length,
      shown: 'B',
      other: undefined,
    },
  });
  void follow(next);
}

/** Shows the other future; commands go there from now on. */
export function swapFork(): void {
  const state = fork.getState().fork;
  if (other === undefined || state === undefined) return;
  const { view, series, commands } = page.getState();
  const left = view === undefined ? undefined : { view, series, commands };
  const next = exchangeLink(other);
  other = next;
  kept = { ...initialState(), epoch: -1 };
  fork.setState({ fork: { ...state, shown: state.shown === 'A' ? 'B' : 'A', other: left } });
  void follow(next);
}

/** Keeps the future that is shown; the other one is forgotten. */
export function endFork(): void {
  other?.end();
  other = undefined;
  fork.setState({ fork: undefined });
}

/** Lets the other run go to where the shown one is, as long as there is a fork. */
async function follow(link: Link): Promise<void> {
  while (other === link) {
    const state = fork.getState().fork;
    const target = page.getState().view?.now ?? 0;
    if (state === undefined || page.getState().scenario === undefined) return;
    if (target > (kept.view?.now ?? -1)) await pullOther(link, target);
    await turn();
  }
}

async function pullOther(link: Link, targetNs: number): Promise<void> {
  const cursor: Cursor = { ...cursorOf(kept), ...read };
  const request = { targetNs, budgetMs: BUDGET_MS, cursor, asks: [], terminals: [] };
  const batch = await link.api.pull(request);
  if (other !== link) return;
  kept = { ...kept, ...absorb(kept, batch) };
  read = { frame: batch.frames?.next ?? 0, reason: batch.frames?.nextReason ?? 0 };
  const { view, series, commands } = kept;
  const state = fork.getState().fork;
  if (view === undefined || state === undefined) return;
  fork.setState({ fork: { ...state, other: { view, series, commands } } });
}

async function turn(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => resolve());
  });
}

// another scenario has no past in common with the fork
page.subscribe((now, before) => {
  if (now.scenario !== before.scenario) endFork();
});
