import differences from './differences.json';
import recordings from './recordings.json';

/** One recording of a real kernel, and what replaying it showed. */
export interface Recording {
  readonly name: string;
  readonly group: string;
  readonly kernel: string;
  /** Facts. */
  readonly agree: number;
  readonly differ: number;
  readonly uncovered: number;
}

export interface UncoveredRule {
  readonly groups: readonly string[];
  readonly kinds: readonly string[] | string;
  readonly reason: string;
}

export interface Span {
  readonly text: string;
  readonly kind: 'plain' | 'code' | 'strong';
}

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly spans: readonly Span[] }
  | { readonly kind: 'paragraph'; readonly spans: readonly Span[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Span[])[] }
  | {
      readonly kind: 'table';
      readonly head: readonly (readonly Span[])[];
      readonly rows: readonly (readonly (readonly Span[])[])[];
    };

/** Written by `npm run verified`, from a run. */
export const RECORDINGS: readonly Recording[] = recordings.recordings;
export const UNCOVERED: readonly UncoveredRule[] = recordings.uncovered;
/** docs/known-differences.md */
export const DIFFERENCES: readonly Block[] = differences as readonly Block[];

export interface Sum {
  readonly recordings: number;
  readonly agree: number;
  readonly differ: number;
  readonly uncovered: number;
}

export function sumOf(all: readonly Recording[]): Sum {
  const sum = (of: (one: Recording) => number): number => all.reduce((total, one) => total + of(one), 0);
  return {
    recordings: all.length,
    agree: sum((one) => one.agree),
    differ: sum((one) => one.differ),
    uncovered: sum((one) => one.uncovered),
  };
}

/** The groups in the order of their names, with what they hold. */
export function byGroup(all: readonly Recording[]): { group: string; recordings: Recording[] }[] {
  const groups = [...new Set(all.map(({ group }) => group))].toSorted();
  return groups.map((group) => ({ group, recordings: all.filter((one) => one.group === group) }));
}
