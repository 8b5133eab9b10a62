import type { ServerView } from '@lvscope/cluster';
import { area, type Series, stack } from 'd3-shape';
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { markColour } from '../parts/server-mark.ts';
import { usePage } from '../state/react.ts';
import { serverIndex } from '../state/select.ts';
import type { SeriesRows } from '../state/series.ts';
import type { Plot } from './plot.ts';
import { mostSlices, type Slice, slicesOf } from './shares.ts';
import { steady } from './steady.ts';
import * as styles from './timeline.module.css';

/** More slices than this no screen shows. */
const MOST_SLICES = 420;

interface AreasProps {
  readonly plot: Plot;
  readonly rows: SeriesRows;
  readonly servers: readonly ServerView[];
}

/** Shares of new connections, one on the other. */
export function Areas({ plot, rows, servers }: AreasProps): ReactNode {
  const scenario = usePage((state) => state.scenario);
  const shapes = useMemo(() => shapesOf(plot, rows, servers), [plot, rows, servers]);
  return (
    <g>
      {shapes.map(({ name, path }) => (
        <path
          key={name}
          className={shapes.length > 12 ? styles.thinArea : styles.area}
          d={path}
          fill={name === '' ? 'var(--wire)' : markColour(serverIndex(scenario, name))}
        />
      ))}
      {shapes.map(({ name, label }) =>
        label === undefined ? null : (
          <text key={name} className={styles.areaName} x={label.x} y={label.y} textAnchor="end">
            {name}
          </text>
        ),
      )}
    </g>
  );
}

interface Shape {
  readonly name: string;
  readonly path: string;
  /** Where the server's name stands in its area, if there is room. */
  readonly label: { readonly x: number; readonly y: number } | undefined;
}

function shapesOf(plot: Plot, rows: SeriesRows, servers: readonly ServerView[]): Shape[] {
  const all = slicesOf(
    rows,
    servers.map((server) => server.seriesKeys),
    mostSlices(servers.length, MOST_SLICES),
  );
  const { names, slices: grouped } = largest(
    all,
    servers.map((server) => server.name),
  );
  const slices = steady(grouped);
  if (slices.length === 0) return [];
  // the first server on top, as in the ledger
  const keys = names.map((_, i) => i).toReversed();
  const layers = stack<Slice, number>()
    .keys(keys)
    .value((slice, key) => (slice.total === 0 ? 0 : (slice.counts[key] ?? 0) / slice.total))(slices);
  const shape = area<Series<Slice, number>[number]>()
    .defined((point) => point.data.total > 0)
    .x((point) => plot.x(point.data.at))
    .y0((point) => plot.share(point[0]))
    .y1((point) => plot.share(point[1]));
  return layers.map((layer) => ({
    name: names[layer.key] ?? '',
    path: shape(layer) ?? '',
    label: labelOf(plot, layer),
  }));
}

/** Bands that can be told apart at all. */
const MOST_BANDS = 48;

/** With very many servers those with the most connections, and all others as one band without a name. */
function largest(
  slices: readonly Slice[],
  names: readonly string[],
): { names: readonly string[]; slices: Slice[] } {
  if (names.length <= MOST_BANDS) return { names, slices: [...slices] };
  const totals = names.map((_, i) => slices.reduce((sum, slice) => sum + (slice.counts[i] ?? 0), 0));
  const order = names.map((_, i) => i).toSorted((a, b) => (totals[b] ?? 0) - (totals[a] ?? 0));
  const kept = order.slice(0, MOST_BANDS / 2).toSorted((a, b) => a - b);
  const grouped = slices.map((slice) => {
    const counts = kept.map((i) => slice.counts[i] ?? 0);
    return { ...slice, counts: [...counts, slice.total - counts.reduce((sum, count) => sum + count, 0)] };
  });
  return { names: [...kept.map((i) => names[i] ?? ''), ''], slices: grouped };
}

/** At the newest end, in the middle of the band, where the band has been high enough for a while. */
function labelOf(plot: Plot, layer: Series<Slice, number>): Shape['label'] {
  const end = layer.at(-1);
  if (end === undefined) return undefined;
  const x = plot.x(end.data.at);
  const near = layer.filter((point) => plot.x(point.data.at) > x - 34);
  const top = Math.max(...near.map((point) => plot.share(point[1])));
  const bottom = Math.min(...near.map((point) => plot.share(point[0])));
  if (bottom - top < 13 || x - plot.left < 40) return undefined;
  return { x: x - 6, y: (top + bottom) / 2 + 4 };
}
