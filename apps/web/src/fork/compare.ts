import type { CommandRecord, ServiceView, WorkloadView } from '@lvscope/cluster';
import { rowAt, type SeriesRows } from '../state/series.ts';
import type { Fork, Future } from '../state/fork.ts';

/** What a future came to since the fork. */
export interface Outcome {
  readonly answered: number;
  readonly failed: number;
  /** Of the requests that ended, those that were answered; undefined where none has ended. */
  readonly share: number | undefined;
  /** Of new connections by weight, over the window. */
  readonly jain: number | undefined;
  /** Of the window, milliseconds. */
  readonly p99: number;
}

/** @param untilSeconds how far both futures have come: what is counted is counted until then */
export function outcomeOf(
  { view, series }: Future,
  fork: Fork,
  untilSeconds: number,
  service: ServiceView | undefined,
): Outcome {
  const from = rowAt(series, fork.atNs / 1e9);
  const to = Math.max(from, rowAt(series, untilSeconds));
  const sum = (what: 'succeeded' | 'failed'): number =>
    view.workloads.reduce((total, { name }) => {
      const column = series.columns.get(`${name}:${what}`);
      return total + (column?.[to] ?? 0) - (column?.[from] ?? 0);
    }, 0);
  const [answered, failed] = [sum('succeeded'), sum('failed')];
  const ended = answered + failed;
  const same = view.services.find((one) => one.label === service?.label) ?? view.services[0];
  return {
    answered,
    failed,
    share: ended > 0 ? answered / ended : undefined,
    jain: same?.skew?.jain,
    p99: Math.max(0, ...view.workloads.map((workload) => workload.latencyMs.p99)),
  };
}

/** The first command that only one of two futures has; undefined while they are the same. */
export function divergence(
  a: readonly CommandRecord[],
  b: readonly CommandRecord[],
  from: number,
): { readonly in: 'A' | 'B'; readonly record: CommandRecord } | undefined {
  for (let i = from; i < Math.max(a.length, b.length); i++) {
    const [mine, other] = [a[i], b[i]];
    if (mine?.command === other?.command && mine?.at === other?.at && mine?.host === other?.host) continue;
    const inB = other !== undefined && (mine === undefined || other.at <= mine.at);
    const record = inB ? other : mine;
    return record === undefined ? undefined : { in: inB ? 'B' : 'A', record };
  }
  return undefined;
}

/** The share of requests that were answered, by time: of those that ended between two rows. */
export function answeredShares(
  rows: SeriesRows,
  workloads: readonly WorkloadView[],
  fromSeconds: number,
): { readonly at: number; readonly share: number }[] {
  const columns = workloads.map(({ name }) => ({
    good: rows.columns.get(`${name}:succeeded`),
    bad: rows.columns.get(`${name}:failed`),
  }));
  const total = (row: number, which: 'good' | 'bad'): number =>
    columns.reduce((sum, column) => sum + (column[which]?.[row] ?? 0), 0);
  const points: { at: number; share: number }[] = [];
  for (const [row, at] of rows.time.entries()) {
    if (at < fromSeconds) continue;
    const before = Math.max(0, row - 1);
    const good = total(row, 'good') - (row === 0 ? 0 : total(before, 'good'));
    const bad = total(row, 'bad') - (row === 0 ? 0 : total(before, 'bad'));
    points.push({ at, share: good + bad > 0 ? good / (good + bad) : 0 });
  }
  return points;
}
