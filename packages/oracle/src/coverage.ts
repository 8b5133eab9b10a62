import type { FactKind } from './facts.ts';

/**
 * What is not compared yet, decided by kind of fact and group before anything is compared. Everything else
 * that is missing, extra or different *differs*.
 */
export interface Uncovered {
  readonly groups: readonly string[];
  /** 'all' = every kind in these groups. */
  readonly kinds: readonly FactKind[] | 'all';
  readonly reason: string;
}

export const UNCOVERED: readonly Uncovered[] = [
  {
    groups: ['misconf', 'random', 'states'],
    kinds: ['drop-entry-counts', 'drop-entry-rows'],
    reason: 'the kernel draws which half-open connections drop_entry=3 takes each second, and so how many',
  },
  {
    groups: ['cli'],
    kinds: ['help-text'],
    reason: 'the long help text is not reproduced',
  },
];

/** @returns why a fact of this kind is not compared in this group; undefined where it is. */
export function uncoveredReason(group: string, kind: FactKind): string | undefined {
  return UNCOVERED.find(
    ({ groups, kinds }) => groups.includes(group) && (kinds === 'all' || kinds.includes(kind)),
  )?.reason;
}
