import type { SeriesRows } from '../state/series.ts';

/** A stretch of the run in which requests failed, or were slow. Seconds. */
export interface Trouble {
  readonly kind: 'failed' | 'slow';
  readonly from: number;
  readonly to: number;
  /** Requests that failed; or the slowest p99, milliseconds. */
  readonly count: number;
}

/** A first retransmission of a SYN comes after a second: what took as long was most likely tried again. */
const SLOW_MS = 1000;

/** The stretches of trouble of all workloads together, joined where they touch. */
export function troubles(rows: SeriesRows, workloads: readonly string[]): Trouble[] {
  const found: Trouble[] = [];
  for (let row = 0; row < rows.time.length; row++) {
    const to = rows.time[row] ?? 0;
    const from = rows.time[row - 1] ?? 0;
    let failed = 0;
    let slowest = 0;
    for (const name of workloads) {
      const column = rows.columns.get(`${name}:failed`);
      failed += (column?.[row] ?? 0) - (row > 0 ? (column?.[row - 1] ?? 0) : 0);
      slowest = Math.max(slowest, rows.columns.get(`${name}:p99`)?.[row] ?? 0);
    }
    if (failed > 0) join(found, { kind: 'failed', from, to, count: failed });
    if (slowest >= SLOW_MS) join(found, { kind: 'slow', from, to, count: slowest });
  }
  return found;
}

function join(found: Trouble[], next: Trouble): void {
  const at = found.findLastIndex((one) => one.kind === next.kind);
  const last = found[at];
  if (last?.to !== next.from) {
    found.push(next);
    return;
  }
  const count = next.kind === 'failed' ? last.count + next.count : Math.max(last.count, next.count);
  found[at] = { ...last, to: next.to, count };
}
