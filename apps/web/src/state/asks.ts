import { useEffect } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Answer, Ask } from '../worker/api.ts';

/** What tools print now, for whoever looks at it: asked with each batch, without a trace in the run. */
const answers: StoreApi<ReadonlyMap<string, Answer>> = createStore(() => new Map<string, Answer>());

/** How many look at each question. */
const wanted = new Map<string, { readonly ask: Ask; lookers: number }>();
/** Tools are asked at most this often while time runs, milliseconds. */
const EVERY_MS = 250;
let askedMs = 0;
let onWanted: () => void = () => undefined;

const keyOf = ({ host, line }: Ask): string => `${host}\n${line}`;

/** Called when something is asked that was not asked before. */
export function whenAsked(listener: () => void): void {
  onWanted = listener;
}

/** The questions that go with the next batch. @param nowMs the machine's clock; undefined = all, at once */
export function dueAsks(nowMs: number | undefined): readonly Ask[] {
  if (nowMs !== undefined && nowMs - askedMs < EVERY_MS) return [];
  if (nowMs !== undefined) askedMs = nowMs;
  return [...wanted.values()].map(({ ask }) => ask);
}

export function takeAnswers(came: readonly Answer[]): void {
  if (came.length === 0) return;
  const next = new Map([...answers.getState()].filter(([key]) => wanted.has(key)));
  for (const answer of came) next.set(keyOf(answer), answer);
  answers.setState(next, true);
}

/** What a tool prints on a host, kept up to date as long as somebody looks; undefined until it came. */
export function useAnswer(host: string | undefined, line: string): Answer | undefined {
  useEffect(() => {
    if (host === undefined) return undefined;
    const ask = { host, line };
    const key = keyOf(ask);
    const entry = wanted.get(key) ?? { ask, lookers: 0 };
    entry.lookers++;
    wanted.set(key, entry);
    onWanted();
    return () => {
      if (--entry.lookers === 0) wanted.delete(key);
    };
  }, [host, line]);
  return useStore(answers, (all) => (host === undefined ? undefined : all.get(keyOf({ host, line }))));
}
