import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import type { Plot } from '../timeline/plot.ts';
import { namesWithRoom } from './outage-names.ts';
import { type Trouble, troubles } from './troubles.ts';
import * as styles from './ha.module.css';
import { useHa } from './store.ts';

const HEIGHT = 6;

/** Between shares and fairness: when requests failed, and when they were slow; outages with their length. */
export function OutageStrip({ plot }: { readonly plot: Plot }): ReactNode {
  const series = usePage((state) => state.series);
  const names = usePage((state) => state.view?.workloads.map(({ name }) => name).join('\n') ?? '');
  const outages = useHa((view) => view?.outages);
  const found = troubles(series, names.split('\n'));
  if (found.length === 0 && (outages ?? []).length === 0) return null;
  const y = plot.share(0) + 4;
  return (
    <g>
      {(outages ?? []).map(({ workload, fromNs, toNs }) => (
        <rect
          key={`${workload}/${fromNs}`}
          className={styles.outageBand}
          x={plot.x(fromNs / 1e9)}
          y={y}
          width={Math.max(1.5, plot.x(toNs / 1e9) - plot.x(fromNs / 1e9))}
          height={HEIGHT}
        />
      ))}
      {found.map((one) => (
        <rect
          key={`${one.kind}/${one.from}`}
          className={one.kind === 'failed' ? styles.failedStrip : styles.slowStrip}
          x={plot.x(one.from)}
          y={one.kind === 'failed' ? y : y + HEIGHT / 2}
          width={Math.max(1.5, plot.x(one.to) - plot.x(one.from))}
          height={one.kind === 'failed' ? HEIGHT : HEIGHT / 2}
        >
          <title>{troubleText(one)}</title>
        </rect>
      ))}
      {namesWithRoom(outages ?? [], found, plot).map(({ outage: { workload, fromNs, toNs }, x }) => (
        <text key={`${workload}/${fromNs}`} className={styles.outageName} x={x} y={y + HEIGHT + 0.5}>
          {m.ha_outage_of({ seconds: ((toNs - fromNs) / 1e9).toFixed(1) })}
        </text>
      ))}
    </g>
  );
}

function troubleText({ kind, count, from }: Trouble): string {
  return kind === 'failed'
    ? m.ha_strip_failed({ count, second: from })
    : m.ha_strip_slow({ ms: Math.round(count), second: from });
}
