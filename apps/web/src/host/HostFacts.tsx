import type { ServerView } from '@lvscope/cluster';
import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { healthText } from '../stage/health.ts';
import { integer } from '../words/format.ts';
import * as styles from './host.module.css';

/** How a real server's program is doing: what no tool prints in one line. */
export function HostFacts({ server }: { readonly server: ServerView }): ReactNode {
  const facts: readonly (readonly [string, string])[] = [
    [m.host_health(), healthText(server.health)],
    [m.host_workers(), `${integer(server.workersBusy)} / ${integer(server.workers)}`],
    [m.host_queue(), integer(server.acceptQueue)],
    [m.host_served(), integer(server.requestsServed)],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
