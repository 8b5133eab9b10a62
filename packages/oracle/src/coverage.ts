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
    groups: ['misconf'],
    kinds: 'all',
    reason:
      'ICMP redirects, the random victims of drop_entry and where TCP pushes a full segment still differ ' +
      '(some 70 of 3000 facts)',
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
