import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { clock } from '../words/format.ts';
import type { Plot } from './plot.ts';
import * as styles from './timeline.module.css';

/** Steps of the time axis, seconds. */
const STEPS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 36_000, 86_400];

/** Times at which the axis is marked: round ones, no closer than fits. */
export function timeTicks(endSeconds: number, widthPx: number): number[] {
  const most = Math.max(2, Math.floor(widthPx / 74));
  const step = STEPS.find((one) => endSeconds / one <= most) ?? 86_400;
  return Array.from({ length: Math.floor(endSeconds / step) + 1 }, (_, i) => i * step);
}

/** The grid of times, and the scales of share and fairness. */
export function Axis({ plot }: { readonly plot: Plot }): ReactNode {
  const end = plot.x.domain()[1] ?? 60;
  return (
    <g>
      {timeTicks(end, plot.right - plot.left).map((seconds) => (
        <g key={seconds} transform={`translate(${plot.x(seconds)},0)`}>
          <line className={styles.grid} y1={plot.share(1)} y2={plot.axisY} />
          <text className={styles.tick} y={plot.height - 5} textAnchor="middle">
            {clock(seconds * 1e9, 0)}
          </text>
        </g>
      ))}
      <text className={styles.tick} x={plot.left - 8} y={plot.share(1) + 9} textAnchor="end">
        100 %
      </text>
      <text className={styles.tick} x={plot.left - 8} y={plot.share(0)} textAnchor="end">
        0
      </text>
      <line className={styles.jainGuide} x1={plot.left} x2={plot.right} y1={plot.jain(1)} y2={plot.jain(1)} />
      <text className={styles.tick} x={plot.left - 8} y={plot.jain(1) + 6} textAnchor="end">
        {plot.width < 560 ? 'J 1' : m.timeline_jain_one()}
      </text>
      <text className={styles.tick} x={plot.left - 8} y={plot.jain(0) + 1} textAnchor="end">
        0
      </text>
    </g>
  );
}
