import type { ServerView } from '@lvscope/cluster';
import { rowAt, type SeriesRows } from '../state/series.ts';

/** New connections of each server between two samples. */
export interface Slice {
  /** Seconds: the end of the slice. */
  readonly at: number;
  readonly from: number;
  /** By server, in the order that was asked for. */
  readonly counts: readonly number[];
  readonly total: number;
}

/** Slices that are drawn at most; with very many servers fewer, so that the screen keeps up. */
export function mostSlices(servers: number, wished: number): number {
  return Math.max(30, Math.min(wished, Math.floor(60_000 / Math.max(1, servers))));
}

/**
 * New connections by server in at most `most` slices of equal length.
 * @param keys the columns of each server; several where several directors count it
 */
export function slicesOf(rows: SeriesRows, keys: readonly ColumnKeys[], most: number): Slice[] {
  const first = rows.time[0];
  const end = rows.time.at(-1);
  if (first === undefined || end === undefined || end <= first) return [];
  const stride = Math.max(1, Math.ceil((rows.time.length - 1) / most));
  const columns = keys.map((own) => columnsOf(rows, own));
  const slices: Slice[] = [];
  for (let row = stride; row < rows.time.length; row += stride) {
    const counts = columns.map((own) => added(own, row - stride, row));
    slices.push({
      from: rows.time[row - stride] ?? 0,
      at: rows.time[row] ?? 0,
      counts,
      total: counts.reduce((sum, count) => sum + count, 0),
    });
  }
  return slices;
}

type ColumnKeys = ServerView['seriesKeys'];

function columnsOf(rows: SeriesRows, keys: ColumnKeys): (readonly number[])[] {
  return keys.flatMap((key) => {
    const column = rows.columns.get(`${key}:conns`);
    return column === undefined ? [] : [column];
  });
}

/** New connections between two rows, whichever director counted them. */
function added(columns: readonly (readonly number[])[], from: number, to: number): number {
  return columns.reduce((sum, column) => sum + delta(column, from, to), 0);
}

function delta(column: readonly number[], from: number, to: number): number {
  const before = column[from] ?? 0;
  const after = column[to] ?? 0;
  const count = (Number.isNaN(after) ? 0 : after) - (Number.isNaN(before) ? 0 : before);
  return Math.max(0, count);
}

/** Jain's index of counts by weight; servers of weight 0 are left out; undefined without any count. */
export function jainOf(counts: readonly number[], weights: readonly number[]): number | undefined {
  let n = 0;
  let sum = 0;
  let squares = 0;
  counts.forEach((count, i) => {
    const weight = weights[i] ?? 0;
    if (weight <= 0) return;
    const load = count / weight;
    n++;
    sum += load;
    squares += load * load;
  });
  return sum === 0 ? undefined : (sum * sum) / (n * squares);
}

export interface JainPoint {
  readonly at: number;
  readonly jain: number;
}

/** Jain's index over a sliding window, at the end of every slice. */
export function jainLine(
  rows: SeriesRows,
  keys: readonly ColumnKeys[],
  weights: readonly number[],
  ends: readonly number[],
  windowSeconds: number,
): JainPoint[] {
  const columns = keys.map((own) => columnsOf(rows, own));
  const points: JainPoint[] = [];
  for (const at of ends) {
    const to = rowAt(rows, at);
    const from = Math.max(0, rowAt(rows, at - windowSeconds));
    const jain = jainOf(
      columns.map((own) => added(own, from, to)),
      weights,
    );
    if (jain !== undefined) points.push({ at, jain });
  }
  return points;
}

/** The last second on the axis: room for the future ahead of the playhead, in steps that do not jitter. */
export function axisEnd(nowSeconds: number, seenSeconds: number, plannedSeconds: number): number {
  const far = Math.max(nowSeconds, seenSeconds);
  const least = Math.max(60, Math.min(plannedSeconds, 600));
  if (far <= least * 0.9) return least;
  const step = far < 600 ? 60 : far < 7200 ? 600 : 3600;
  return Math.ceil((far * 1.12) / step) * step;
}
