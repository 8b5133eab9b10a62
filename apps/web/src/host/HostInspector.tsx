import { Popover } from '@base-ui/react/popover';
import { Tabs } from '@base-ui/react/tabs';
import { SquareTerminal, Zap } from 'lucide-react';
import type { ServerView } from '@lvscope/cluster';
import type { HostSpec } from '@lvscope/scenario';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { FaultButton } from '../faults/FaultMenu.tsx';
import * as m from '../paraglide/messages.js';
import { useAnswer } from '../state/asks.ts';
import { openTerminal } from '../state/panels.ts';
import { HostFacts } from './HostFacts.tsx';
import * as styles from './host.module.css';
import { looksOf } from './looks.ts';

interface HostInspectorProps {
  readonly host: HostSpec;
  readonly server: ServerView | undefined;
  readonly onDone: () => void;
}

/** What the tools say of a host, while the run goes on: addresses, routes, neighbours, sockets, and so on. */
export function HostInspector({ host, server, onDone }: HostInspectorProps): ReactNode {
  const looks = looksOf(host);
  const [name, setName] = useState(looks[0]?.name ?? '');
  return (
    <>
      <div className={styles.head}>
        <Popover.Title className={styles.title}>
          {host.name}{' '}
          <span>
            {roleText(host.role)} · Linux {host.kernel}
          </span>
        </Popover.Title>
        <button
          type="button"
          className={styles.act}
          onClick={() => {
            onDone();
            openTerminal(host.name);
          }}
        >
          <SquareTerminal size={13} /> {m.host_terminal()}
        </button>
        <FaultButton
          host={host.name}
          button={
            <button type="button" className={styles.act}>
              <Zap size={13} /> {m.faults_button()}
            </button>
          }
        />
      </div>
      {server !== undefined && <HostFacts server={server} />}
      <Tabs.Root value={name} onValueChange={(next: string) => setName(next)}>
        <Tabs.List className={styles.looks}>
          {looks.map((look) => (
            <Tabs.Tab key={look.name} className={styles.look} value={look.name}>
              {look.name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {looks.map((look) => (
          <Tabs.Panel key={look.name} value={look.name}>
            <Output host={host.name} line={look.line} />
          </Tabs.Panel>
        ))}
      </Tabs.Root>
    </>
  );
}

/** Lines of a long listing that are drawn. */
const MOST_LINES = 400;

function Output({ host, line }: { readonly host: string; readonly line: string }): ReactNode {
  const answer = useAnswer(host, line);
  const lines = (answer?.text ?? '').trimEnd().split('\n');
  const more = lines.length - MOST_LINES;
  return (
    <pre className={styles.output} tabIndex={0} aria-label={line}>
      <b>
        {host}# {line.length > 60 ? `${line.slice(0, 56)} …` : line}
      </b>
      {`\n${lines.slice(0, MOST_LINES).join('\n')}`}
      {more > 0 && `\n… ${m.why_more({ count: more })}`}
    </pre>
  );
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
