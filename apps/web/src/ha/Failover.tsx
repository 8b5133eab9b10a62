import type { FailoverReport, HaView } from '@lvscope/cluster';
import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { seek } from '../state/run.ts';
import { clock, integer } from '../words/format.ts';
import * as styles from './ha.module.css';
import { after, type Step, stepsOf } from './report.ts';
import { useHa } from './store.ts';

/** Who is master, and what each fail-over cost: detection, takeover, first good request, what was lost. */
export function Failover(): ReactNode {
  const view = useHa((one) => one);
  if (view === undefined) return null;
  const reports = view.failovers.toReversed();
  return (
    <div className={styles.failover} tabIndex={0} role="region" aria-label={m.ha_title()}>
      <Roles view={view} />
      {view.addresses
        .filter((one) => one.splitBrain)
        .map(({ address, holders }) => (
          <p key={address} className={styles.bad}>
            {m.ha_split_brain({ address, hosts: holders.join(', ') })}
          </p>
        ))}
      {reports.map((report) => (
        <Report key={`${report.address}/${report.atNs}`} report={report} />
      ))}
      {reports.length === 0 && <p className={styles.none}>{m.ha_none()}</p>}
    </div>
  );
}

/** What each daemon takes itself for, and since when. */
function Roles({ view }: { readonly view: HaView }): ReactNode {
  if (view.daemons.length === 0) return null;
  return (
    <table className={styles.roles}>
      <tbody>
        {view.daemons.map(({ host, daemon, name, role, sinceNs, priority }) => (
          <tr key={`${host}/${daemon}/${name}`}>
            <th scope="row">{host}</th>
            <td>
              {daemon} {name}
            </td>
            <td className={roleStyle(role)}>{role}</td>
            <td>{priority > 0 && m.ha_priority({ priority })}</td>
            <td>{m.ha_since({ time: clock(sinceNs, 0) })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function roleStyle(role: string): string | undefined {
  if (role === 'MASTER') return styles.master;
  return role === 'FAULT' || role === 'DOWN' ? styles.fault : undefined;
}

function Report({ report }: { readonly report: FailoverReport }): ReactNode {
  const { address, before, takenBy, outageSeconds, failedRequests, connectionsKept, connectionsLost } =
    report;
  const now = usePage((state) => state.view?.now ?? 0);
  const open = report.firstGoodNs === undefined && failedRequests > 0;
  return (
    <section className={styles.report} aria-label={m.ha_report({ address })}>
      <h3>
        {address} <span>{`${before.join(', ') || '–'} → ${takenBy ?? '…'}`}</span>
      </h3>
      <table>
        <tbody>
          {stepsOf(report).map((step) => (
            <tr key={step.kind}>
              <th scope="row">{stepText(step.kind, report)}</th>
              <td>
                <button type="button" onClick={() => void seek(step.atNs)}>
                  {clock(step.atNs)}
                </button>
              </td>
              <td>{step.afterNs > 0 && after(step.afterNs)}</td>
            </tr>
          ))}
          <tr className={styles.total}>
            <th scope="row">{open ? m.ha_outage_open() : m.ha_outage()}</th>
            <td />
            <td>{m.span_seconds({ seconds: outageSeconds.toFixed(1) })}</td>
          </tr>
          <tr className={failedRequests > 0 ? styles.lost : ''}>
            <th scope="row">{m.ha_failed()}</th>
            <td />
            <td>{integer(failedRequests)}</td>
          </tr>
          <tr className={connectionsLost > 0 ? styles.lost : ''}>
            <th scope="row">{m.ha_connections()}</th>
            <td />
            <td>{`${integer(connectionsLost)} / ${integer(connectionsKept)}`}</td>
          </tr>
        </tbody>
      </table>
      {takenBy === undefined && (
        <p className={styles.bad}>{m.ha_not_taken({ seconds: sinceText(now, report) })}</p>
      )}
    </section>
  );
}

function sinceText(nowNs: number, { atNs }: FailoverReport): string {
  return (Math.max(0, nowNs - atNs) / 1e9).toFixed(1);
}

function stepText(kind: Step['kind'], { before, takenBy }: FailoverReport): string {
  const host = takenBy ?? '';
  switch (kind) {
    case 'lost':
      return m.ha_step_lost({ host: before.join(', ') });
    case 'detected':
      return m.ha_step_detected();
    case 'taken':
      return m.ha_step_taken({ host });
    case 'corrected':
      return m.ha_step_corrected();
    case 'good':
      return m.ha_step_good();
  }
}
