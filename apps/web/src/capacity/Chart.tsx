import type { Method } from '@lvscope/scenario';
import { max } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';
import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { integer } from '../words/format.ts';
import type { CapacityRun } from './assumptions.ts';
import * as styles from './capacity.module.css';

const WIDTH = 330;
const HEIGHT = 112;
const METHODS: readonly Method[] = ['nat', 'tun', 'dr'];
const COLOUR: Readonly<Record<Method, number>> = { nat: 4, tun: 0, dr: 2 };

/** Answered requests by number of servers, a line a method; the straight line is what was offered. */
export function Chart({ runs }: { readonly runs: readonly CapacityRun[] }): ReactNode {
  const most = max(runs, (run) => run.servers) ?? 0;
  const highest = max(runs, (run) => run.offered) ?? 0;
  if (most === 0 || highest === 0) return null;
  const x = scaleLinear([0, most * 1.1], [42, WIDTH - 8]);
  const y = scaleLinear([0, highest * 1.1], [HEIGHT - 18, 8]);
  const path = line<CapacityRun>(
    (run) => x(run.servers),
    (run) => y(run.answered),
  );
  return (
    <svg className={styles.chart} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={chartText(runs)}>
      <line className={styles.offered} x1={x(0)} y1={y(0)} x2={x(most)} y2={y(highest)} />
      <text x={38} y={y(highest) + 4} textAnchor="end">
        {integer(highest)}
      </text>
      <text x={38} y={y(0)} textAnchor="end">
        0
      </text>
      <text x={x(most)} y={HEIGHT - 4} textAnchor="middle">
        {most}
      </text>
      {METHODS.map((method) => {
        const own = runs.filter((run) => run.method === method);
        const colour = `var(--server-${COLOUR[method]})`;
        const last = own.at(-1);
        return last === undefined ? null : (
          <g key={method}>
            <path d={path(own) ?? ''} fill="none" stroke={colour} strokeWidth={1.6} />
            {own.map((run) => (
              <circle key={run.servers} cx={x(run.servers)} cy={y(run.answered)} r={3.2} fill={colour} />
            ))}
            <text x={x(last.servers) - 6} y={y(last.answered) - 6} textAnchor="end" className={styles.method}>
              {method.toUpperCase()}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function chartText(runs: readonly CapacityRun[]): string {
  const points = runs.map(
    (run) => `${run.method.toUpperCase()} ${run.servers}: ${integer(Math.round(run.answered))}`,
  );
  return `${m.capacity_chart()}: ${points.join(', ')}`;
}
