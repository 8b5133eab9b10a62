import { NEVER } from '../time.ts';

/** The plainest thing that could be called an event queue with timers: a list, searched from end to end. */
export interface Model {
  now: number;
  sequence: number;
  entries: ModelEntry[];
}

export interface ModelEntry {
  at: number;
  sequence: number;
  kind: number;
  a: number;
  b: number;
  /** Set for timers: '{bank}/{timer}'. */
  timer: string | undefined;
}

export function createModel(): Model {
  return { now: 0, sequence: 0, entries: [] };
}

export function modelSchedule(m: Model, at: number, kind: number, a: number, b: number): void {
  m.entries.push({ at, sequence: m.sequence++, kind, a, b, timer: undefined });
}

export function modelCancel(m: Model, bank: number, timer: number): void {
  m.entries = m.entries.filter((e) => e.timer !== `${bank}/${timer}`);
}

export function modelArm(m: Model, kind: number, bank: number, timer: number, at: number): void {
  modelCancel(m, bank, timer);
  m.entries.push({ at, sequence: m.sequence++, kind, a: timer, b: bank, timer: `${bank}/${timer}` });
}

export function modelExpiry(m: Model, bank: number, timer: number): number {
  return m.entries.find((e) => e.timer === `${bank}/${timer}`)?.at ?? NEVER;
}

function modelFirst(m: Model): ModelEntry | undefined {
  let first: ModelEntry | undefined;
  for (const e of m.entries) {
    if (first === undefined || e.at < first.at || (e.at === first.at && e.sequence < first.sequence))
      first = e;
  }
  return first;
}

export function modelPeek(m: Model): number {
  return modelFirst(m)?.at ?? NEVER;
}

export function modelNext(m: Model, until: number): ModelEntry | undefined {
  const first = modelFirst(m);
  if (first === undefined || first.at > until) {
    if (until !== NEVER) m.now = Math.max(m.now, until);
    return undefined;
  }
  m.entries.splice(m.entries.indexOf(first), 1);
  m.now = first.at;
  return first;
}
