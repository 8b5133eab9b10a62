import type { ServerView } from '@lvscope/cluster';
import { line } from 'd3-shape';
import type { ReactNode } from 'react';
import { useMemo } from 'react';
import { usePage } from '../state/react.ts';
import type { SeriesRows } from '../state/series.ts';
import type { Plot } from './plot.ts';
import { type JainPoint, jainLine, mostSlices, slicesOf } from './shares.ts';
import * as styles from './timeline.module.css';

interface JainLineProps {
  readonly plot: Plot;
  readonly rows: SeriesRows;
  readonly servers: readonly ServerView[];
}

/** Fairness of new connections by weight, over the window that the ledger states too. */
export function JainLine({ plot, rows, servers }: JainLineProps): ReactNode {
  const windowSeconds = usePage((state) => state.view?.windowSeconds ?? 60);
  const path = useMemo(() => {
    const ids = servers.map((server) => server.seriesKeys);
    const weights = servers.map((server) => server.weight);
    const ends = slicesOf(rows, ids, mostSlices(ids.length, 200)).map((slice) => slice.at);
    const points = jainLine(rows, ids, weights, ends, windowSeconds);
    return line<JainPoint>(
      (point) => plot.x(point.at),
      (point) => plot.jain(point.jain),
    )(points);
  }, [plot, rows, servers, windowSeconds]);
  return path === null ? null : <path className={styles.jain} d={path} />;
}
