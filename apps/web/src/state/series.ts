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

/**
 * The rows with those that came after them; from row 0 on they replace all. Rows are added to the same arrays
 * (thousands of columns may grow many times a second): an earlier result sees them too, but nobody looks.
 */
export function joinRows(rows: SeriesRows, came: Series, from: number): SeriesRows {
  if (came.time.length === 0 && from === rows.time.length) return rows;
  // two questions under way at once may bring the same rows twice
  const appends = from > 0 && from <= rows.time.length;
  const columns = appends ? (rows.columns as Map<string, number[]>) : new Map<string, number[]>();
  const time = appends ? (rows.time as number[]) : [];
  time.length = appends ? from : 0;
  const had = time.length;
  time.push(...came.time);
  for (const [name, values] of came.columns) {
    const column = columns.get(name) ?? Array.from({ length: had }, () => Number.NaN);
    column.length = Math.min(column.length, had);
    for (const value of values) column.push(value);
    columns.set(name, column);
  }
  return { stepSeconds: came.stepSeconds, time, columns };
}

/** Index of the last row at or before a time in seconds, -1 = none. */
export function rowAt(rows: SeriesRows, seconds: number): number {
  return bisectRight(rows.time, seconds) - 1;
}
