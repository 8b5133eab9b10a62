import type { ServerView, ServiceView, SocketCounts } from '@lvscope/cluster';
import type { ReactNode } from 'react';
import { ServerMark } from '../parts/ServerMark.tsx';
import { markColour } from '../parts/server-mark.ts';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { serverIndex } from '../state/select.ts';
import { healthText } from '../stage/health.ts';
import { integer, percent } from '../words/format.ts';
import * as styles from './ledger.module.css';
import { WeightEditor } from './WeightEditor.tsx';

interface LedgerRowProps {
  readonly service: ServiceView;
  readonly server: ServerView;
  readonly row: number;
}

/** One server: believed beside real. */
export function LedgerRow({ service, server, row }: LedgerRowProps): ReactNode {
  const index = usePage((state) => serverIndex(state.scenario, server.name));
  const sockets = server.sockets;
  const troubles = [
    ...(server.health === 'up' ? [] : [healthText(server.health)]),
    ...(server.overloaded ? [m.ledger_overloaded()] : []),
  ];
  return (
    <tr aria-rowindex={row} data-server={server.name}>
      <th scope="row" className={styles.name}>
        <span>
          <ServerMark index={index} />
          {server.name}
        </span>
        {troubles.length > 0 && <em>{troubles.join(' · ')}</em>}
      </th>
      <td>
        <WeightEditor service={service} server={server} />
      </td>
      <td className={styles.share}>
        <ShareBar server={server} index={index} />
        <span>{percent(server.share)}</span>
      </td>
      <td>{integer(server.activeConns)}</td>
      <td>{integer(server.inactConns)}</td>
      <td className={styles.truth}>{sockets === undefined ? '–' : integer(sockets.established)}</td>
      <td>{sockets === undefined ? '–' : integer(sockets.timeWait)}</td>
      <td className={styles.other} title={sockets === undefined ? undefined : othersText(sockets)}>
        {sockets === undefined ? '–' : integer(others(sockets))}
      </td>
      <td className={styles.other} title={m.ledger_served_long()}>
        {integer(server.requestsServed)}
      </td>
    </tr>
  );
}

/** Share of new connections as a bar; the tick is what the weight promises. */
function ShareBar({ server, index }: { readonly server: ServerView; readonly index: number }): ReactNode {
  return (
    <span className={styles.bar} title={m.ledger_fair({ share: percent(server.fairShare) })}>
      <i style={{ width: `${server.share * 100}%`, background: markColour(index) }} />
      {server.weight > 0 && <u style={{ left: `${Math.min(99, server.fairShare * 100)}%` }} />}
    </span>
  );
}

function others(sockets: SocketCounts): number {
  const { synSent, synRecv, finWait1, finWait2, closeWait, lastAck, closing } = sockets;
  return synSent + synRecv + finWait1 + finWait2 + closeWait + lastAck + closing;
}

function othersText(sockets: SocketCounts): string {
  const { synRecv, finWait1, finWait2, closeWait, lastAck } = sockets;
  const closing = `CLOSE_WAIT ${closeWait} · LAST_ACK ${lastAck}`;
  return `SYN_RECV ${synRecv} · FIN_WAIT1 ${finWait1} · FIN_WAIT2 ${finWait2} · ${closing}`;
}
