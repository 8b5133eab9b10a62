import type { FailoverReport } from '@lvscope/cluster';

/** What happened in a fail-over, in the order of time. */
export interface Step {
  readonly kind: 'lost' | 'detected' | 'taken' | 'corrected' | 'good';
  readonly atNs: number;
  /** Since the fail-over began. */
  readonly afterNs: number;
}

/** The steps that have been taken; what has not happened yet is missing. */
export function stepsOf(report: FailoverReport): Step[] {
  const { atNs, detectedNs, takenNs, correctedNs, firstGoodNs } = report;
  const all: readonly (readonly [Step['kind'], number | undefined])[] = [
    ['lost', atNs],
    ['detected', detectedNs],
    ['taken', takenNs],
    ['corrected', correctedNs],
    ['good', firstGoodNs],
  ];
  return all
    .flatMap(([kind, at]) => (at === undefined ? [] : [{ kind, atNs: at, afterNs: at - atNs }]))
    .toSorted((a, b) => a.atNs - b.atNs);
}

/** `+0.412 s`, `+31.5 s` */
export function after(ns: number): string {
  const seconds = ns / 1e9;
  return `+${seconds >= 10 ? seconds.toFixed(1) : seconds.toFixed(3)}\u202fs`;
}
