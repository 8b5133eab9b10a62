import type { Series } from '@lvscope/cluster';
import { bisectRight } from 'd3-array';

/** The samples that the page has, row by row; `columns` as in cluster's Series. */
export interface SeriesRows {
  readonly stepSeconds: number;
  /** Seconds. */
  readonly time: readonly number[];
  readonly columns: ReadonlyMap<string, readonly number[]>;
}

export const NO_ROWS: SeriesRows = { stepSeconds: 0, time: [], columns: new Map() };

/** The rows up to `from`, and after them those that came. A column that is new has NaN before. */
export function joinRows(rows: SeriesRows, came: Series, from: number): SeriesRows {
  if (came.time.length === 0 && from === rows.time.length) return rows;
  const kept = Math.min(from, rows.time.length);
  const columns = new Map<string, readonly number[]>();
  for (const [name, values] of came.columns) {
    const before = rows.columns.get(name)?.slice(0, kept) ?? [];
    const padding = Array.from({ length: kept - before.length }, () => Number.NaN);
    columns.set(name, [...before, ...padding, ...values]);
  }
  for (const [name, values] of rows.columns) {
    if (columns.has(name)) continue;
    const gone = Array.from(came.time, () => Number.NaN);
    columns.set(name, [...values.slice(0, kept), ...gone]);
  }
  return { stepSeconds: came.stepSeconds, time: [...rows.time.slice(0, kept), ...came.time], columns };
}

/** Index of the last row at or before a time in seconds, -1 = none. */
export function rowAt(rows: SeriesRows, seconds: number): number {
  return bisectRight(rows.time, seconds) - 1;
}
