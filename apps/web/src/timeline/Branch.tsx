import type { ReactNode } from 'react';
import { useFork } from '../state/fork.ts';
import { usePage } from '../state/react.ts';
import { focusService, inPlace } from '../state/select.ts';
import { jainText } from '../words/format.ts';
import { JainLine } from './JainLine.tsx';
import type { Plot } from './plot.ts';
import * as styles from './timeline.module.css';

/** The other future: a branch from the instant of the fork, with its fairness beside the shown one's. */
export function Branch({ plot }: { readonly plot: Plot }): ReactNode {
  const fork = useFork((one) => one);
  const scenario = usePage((state) => state.scenario);
  const label = usePage((state) => focusService(state)?.label);
  const shownJain = usePage((state) => focusService(state)?.skew?.jain);
  const now = usePage((state) => (state.view?.now ?? 0) / 1e9);
  if (fork === undefined) return null;
  const at = plot.x(fork.atNs / 1e9);
  const { services } = fork.other?.view ?? { services: [] };
  const service = services.find((one) => one.label === label) ?? services[0];
  const jain = service?.skew?.jain;
  const name = fork.shown === 'A' ? 'B' : 'A';
  const end = (fork.other?.view.now ?? fork.atNs) / 1e9;
  const x = Math.min(plot.x(Math.max(now, end)) + 8, plot.right - 130);
  return (
    <g>
      <line className={styles.forkMark} x1={at} x2={at} y1={plot.share(1) - 14} y2={plot.axisY} />
      <circle className={styles.forkDot} cx={at} cy={plot.share(1) - 14} r={3.5} />
      {service !== undefined && fork.other !== undefined && (
        <g className={styles.branch} clipPath="url(#branch-begins)">
          <clipPath id="branch-begins">
            <rect x={at} y={0} width={Math.max(0, plot.width - at)} height={plot.height} />
          </clipPath>
          <JainLine plot={plot} rows={fork.other.series} servers={inPlace(service, scenario)} />
        </g>
      )}
      <text className={styles.branchName} x={x} y={plot.jain(jain ?? 0) - 3}>
        {jain === undefined ? name : `${name} · Jain ${jainText(jain)}`}
      </text>
      {shownJain !== undefined && Math.abs(shownJain - (jain ?? 0)) > 0.3 && (
        <text className={styles.tick} x={x} y={plot.jain(shownJain) - 3}>
          {`${fork.shown} · Jain ${jainText(shownJain)}`}
        </text>
      )}
    </g>
  );
}
