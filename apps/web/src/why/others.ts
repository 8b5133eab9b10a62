import type { Explanation } from '../worker/api.ts';

/** A server, and the schedulers that would take it. */
export interface OthersGroup {
  /** undefined = nobody. */
  readonly name: string | undefined;
  readonly schedulers: readonly string[];
}

/** The alternatives by server: first the one that most would take. */
export function groupOthers(others: Explanation['others']): OthersGroup[] {
  const names = [...new Set(others.map((one) => one.name))];
  const groups = names.map((name) => ({
    name,
    schedulers: others.filter((one) => one.name === name).map((one) => one.scheduler),
  }));
  return groups.toSorted((a, b) => b.schedulers.length - a.schedulers.length);
}
