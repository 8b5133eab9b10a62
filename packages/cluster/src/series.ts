import type { Series } from './view.ts';

/** How a column's pair becomes one when the series is thinned. */
export type Merge = 'last' | 'max';

export interface Column {
  values: Float64Array;
  readonly merge: Merge;
}

/**
 * Samples in columns. When the rows are full, each pair of rows becomes one and the step doubles, so memory
 * is
 * bounded and the whole run stays visible.
 */
export interface SeriesStore {
  rows: number;
  /** Seconds between rows. */
  stepSeconds: number;
  /** Rows that were appended and merged so far, in steps of one second: where the next row is due. */
  nextSecond: number;
  /** Raised by every thinning: a reader that holds rows of an older one has to read again. */
  thinned: number;
  time: Float64Array;
  readonly columns: Map<string, Column>;
}

/** Rows × columns never exceed this many numbers (32 MB). */
const CELLS = 4_000_000;
const MOST_ROWS = 4096;
const FEWEST_ROWS = 256;

export function createSeries(): SeriesStore {
  return {
    rows: 0,
    stepSeconds: 1,
    nextSecond: 0,
    thinned: 0,
    time: new Float64Array(64),
    columns: new Map(),
  };
}

function rowLimit(store: SeriesStore): number {
  const fit = Math.floor(CELLS / Math.max(1, store.columns.size));
  return Math.max(FEWEST_ROWS, Math.min(MOST_ROWS, fit - (fit % 2)));
}

/** Whether the sample of this second makes a row at the present step. */
export function rowDue(store: SeriesStore, second: number): boolean {
  return second >= store.nextSecond;
}

/** Begins the row of that second; `put` fills it. */
export function beginRow(store: SeriesStore, second: number): void {
  if (store.rows >= rowLimit(store)) thin(store);
  const row = store.rows++;
  if (row >= store.time.length) grow(store);
  store.time[row] = second;
  store.nextSecond = second + store.stepSeconds;
  for (const column of store.columns.values()) column.values[row] = NaN;
}

/** The column of that name; a new one is NaN in all rows. */
export function columnOf(store: SeriesStore, name: string, merge: Merge = 'last'): Column {
  let column = store.columns.get(name);
  if (column === undefined) {
    column = { values: new Float64Array(store.time.length).fill(NaN), merge };
    store.columns.set(name, column);
  }
  return column;
}

/** Writes into the row that was begun last. */
export function put(store: SeriesStore, column: Column, value: number): void {
  column.values[store.rows - 1] = value;
}

function grow(store: SeriesStore): void {
  const size = store.time.length * 2;
  const wider = (from: Float64Array): Float64Array => {
    const to = new Float64Array(size).fill(NaN);
    to.set(from);
    return to;
  };
  store.time = wider(store.time);
  for (const column of store.columns.values()) column.values = wider(column.values);
}

function thin(store: SeriesStore): void {
  const pairs = (store.rows + 1) >> 1;
  const odd = store.rows - 1;
  for (let i = 0; i < pairs; i++) store.time[i] = store.time[Math.min(2 * i + 1, odd)]!;
  for (const { values, merge } of store.columns.values()) {
    for (let i = 0; i < pairs; i++) {
      const first = values[2 * i]!;
      const last = values[Math.min(2 * i + 1, odd)]!;
      values[i] = merge === 'max' && first > last ? first : last;
    }
  }
  store.rows = pairs;
  store.stepSeconds *= 2;
  store.thinned++;
}

/** Copies of the rows from `index` on. */
export function seriesSlice(store: SeriesStore, index: number): Series {
  const from = Math.min(Math.max(0, index), store.rows);
  const columns = new Map<string, Float64Array>();
  for (const [name, column] of store.columns) columns.set(name, column.values.slice(from, store.rows));
  return { stepSeconds: store.stepSeconds, time: store.time.slice(from, store.rows), columns };
}
