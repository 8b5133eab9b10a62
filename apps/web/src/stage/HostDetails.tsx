import { Popover } from '@base-ui/react/popover';
import type { ServerView, SocketCounts } from '@lvscope/cluster';
import type { HostSpec } from '@lvscope/scenario';
import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { integer } from '../words/format.ts';
import { healthText } from './health.ts';
import * as styles from './stage.module.css';

interface HostDetailsProps {
  readonly host: HostSpec;
  readonly server: ServerView | undefined;
}

/** What is known of a host: its interfaces, its sockets, the commands that were run on it. */
export function HostDetails({ host, server }: HostDetailsProps): ReactNode {
  const commands = usePage((state) => state.commands);
  const own = commands.filter((record) => record.host === host.name);
  const shown = own.slice(-14);
  return (
    <>
      <Popover.Title className={styles.popupTitle}>
        {host.name}{' '}
        <span className={styles.aside}>
          {roleText(host.role)} · Linux {host.kernel}
        </span>
      </Popover.Title>
      <table className={styles.facts}>
        <tbody>
          {host.interfaces.map((one) => (
            <tr key={one.name}>
              <th scope="row">{one.name}</th>
              <td>{one.addresses.join(', ')}</td>
            </tr>
          ))}
          {server !== undefined && <ServerFacts server={server} />}
        </tbody>
      </table>
      <h3 className={styles.popupHead}>{m.host_commands()}</h3>
      <pre className={styles.popupTerm} tabIndex={0} aria-label={m.host_commands()}>
        {shown.length === 0
          ? m.host_no_commands()
          : shown.map((record) => `${host.name}# ${record.command}`).join('\n')}
      </pre>
    </>
  );
}

function ServerFacts({ server }: { readonly server: ServerView }): ReactNode {
  return (
    <>
      <tr>
        <th scope="row">{m.host_health()}</th>
        <td>{healthText(server.health)}</td>
      </tr>
      <tr>
        <th scope="row">{m.host_workers()}</th>
        <td>
          {integer(server.workersBusy)} / {integer(server.workers)}
        </td>
      </tr>
      <tr>
        <th scope="row">{m.host_queue()}</th>
        <td>{integer(server.acceptQueue)}</td>
      </tr>
      <tr>
        <th scope="row">{m.host_served()}</th>
        <td>{integer(server.requestsServed)}</td>
      </tr>
      {server.sockets !== undefined && (
        <tr>
          <th scope="row">{m.host_sockets()}</th>
          <td>{socketsText(server.sockets)}</td>
        </tr>
      )}
    </>
  );
}

function socketsText(sockets: SocketCounts): string {
  const words: readonly (readonly [string, number])[] = [
    ['ESTAB', sockets.established],
    ['SYN-SENT', sockets.synSent],
    ['SYN-RECV', sockets.synRecv],
    ['FIN-WAIT-1', sockets.finWait1],
    ['FIN-WAIT-2', sockets.finWait2],
    ['TIME-WAIT', sockets.timeWait],
    ['CLOSE-WAIT', sockets.closeWait],
    ['LAST-ACK', sockets.lastAck],
    ['CLOSING', sockets.closing],
  ];
  const some = words.filter(([, count]) => count > 0);
  return some.length === 0 ? '–' : some.map(([state, count]) => `${state} ${integer(count)}`).join(' · ');
}

function roleText(role: HostSpec['role']): string {
  switch (role) {
    case 'client':
      return m.role_client();
    case 'router':
      return m.role_router();
    case 'director':
      return m.role_director();
    case 'realserver':
      return m.role_realserver();
  }
}
