import { Search } from 'lucide-react';
import type { HostSpec } from '@lvscope/scenario';
import type { ReactNode } from 'react';
import { useState } from 'react';
import * as m from '../paraglide/messages.js';
import { ServerMark } from '../parts/ServerMark.tsx';
import { Later } from '../parts/Later.tsx';
import { panels, usePanels } from '../state/panels.ts';
import { usePage } from '../state/react.ts';
import { focusService, serverIndex } from '../state/select.ts';
import * as styles from './terminal.module.css';

const loadTerminal = async () => (await import('./HostTerminal.tsx')).HostTerminal;

/** Hosts that have a tab of their own; the others are in a list behind them. */
const MOST_TABS = 10;

/** A prompt on every host, one in front. */
export function Terminals(): ReactNode {
  const scenario = usePage((state) => state.scenario);
  const hosts = scenario?.hosts ?? [];
  const director = usePage((state) => focusService(state)?.director);
  const chosen = usePanels((state) => state.terminalHost);
  const known = (name: string | undefined): boolean => hosts.some((host) => host.name === name);
  const front = known(chosen) ? chosen : (director ?? inOrder(hosts)[0]?.name);
  const [opened, setOpened] = useState<readonly string[]>([]);
  const [search, setSearch] = useState<string>();
  if (front !== undefined && !opened.includes(front)) setOpened([...opened, front]);
  return (
    <div className={styles.terminals}>
      <div className={styles.bar}>
        <HostTabs hosts={hosts} front={front} />
        <SearchField search={search} onSearch={setSearch} />
      </div>
      <div className={styles.screens}>
        {opened.filter(known).map((host) => (
          <Later
            key={host}
            load={loadTerminal}
            props={{ host, inFront: host === front, search: search ?? '' }}
            fallback={<p className={styles.wait}>…</p>}
          />
        ))}
      </div>
    </div>
  );
}

interface HostTabsProps {
  readonly hosts: readonly HostSpec[];
  readonly front: string | undefined;
}

function HostTabs({ hosts, front }: HostTabsProps): ReactNode {
  const choose = (host: string): void => panels.setState({ terminalHost: host });
  const tabs = inOrder(hosts).slice(0, MOST_TABS);
  const others = hosts.length > tabs.length;
  return (
    <div className={styles.hosts} role="group" aria-label={m.terminal_hosts()}>
      {tabs.map((host) => (
        <button
          key={host.name}
          type="button"
          className={styles.host}
          aria-pressed={host.name === front}
          onClick={() => choose(host.name)}
        >
          {host.role === 'realserver' && <Mark name={host.name} />}
          {host.name}
        </button>
      ))}
      {others && (
        <select
          className={styles.more}
          aria-label={m.terminal_more()}
          value={front ?? ''}
          onChange={(event) => choose(event.target.value)}
        >
          {hosts.map((host) => (
            <option key={host.name}>{host.name}</option>
          ))}
        </select>
      )}
    </div>
  );
}

function Mark({ name }: { readonly name: string }): ReactNode {
  const index = usePage((state) => serverIndex(state.scenario, name));
  return <ServerMark index={index} size={8} />;
}

const ORDER: Readonly<Record<HostSpec['role'], number>> = {
  director: 0,
  realserver: 1,
  router: 2,
  client: 3,
};

/** Directors first, then real servers, then what lies between them and the clients. */
function inOrder(hosts: readonly HostSpec[]): HostSpec[] {
  return hosts.toSorted((a, b) => ORDER[a.role] - ORDER[b.role]);
}

interface SearchFieldProps {
  readonly search: string | undefined;
  readonly onSearch: (search: string | undefined) => void;
}

/** Looks for a text in what stands on the terminal, from its end backwards. */
function SearchField({ search, onSearch }: SearchFieldProps): ReactNode {
  return (
    <>
      {search !== undefined && (
        <input
          className={styles.search}
          aria-label={m.terminal_search()}
          placeholder={m.terminal_search()}
          autoFocus
          spellCheck={false}
          value={search}
          onChange={(event) => onSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onSearch(undefined);
          }}
        />
      )}
      <button
        type="button"
        className={styles.find}
        aria-label={m.terminal_search()}
        title={m.terminal_search()}
        aria-pressed={search !== undefined}
        onClick={() => onSearch(search === undefined ? '' : undefined)}
      >
        <Search size={12} />
      </button>
    </>
  );
}
