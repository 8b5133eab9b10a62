import type { ReactNode } from 'react';
import { useState } from 'react';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { execute } from '../state/run.ts';
import * as styles from './record.module.css';

/** A line that is carried out on a host, with a history on the arrow keys. */
export function Prompt(): ReactNode {
  const hosts = usePage((state) => state.scenario?.hosts) ?? [];
  const director = usePage((state) => state.view?.services[0]?.director);
  const [host, setHost] = useState<string>();
  const [line, setLine] = useState('');
  const [history, setHistory] = useState<readonly string[]>([]);
  const [at, setAt] = useState(0);
  const on =
    host !== undefined && hosts.some((one) => one.name === host) ? host : (director ?? hosts[0]?.name ?? '');
  const submit = (): void => {
    const command = line.trim();
    if (command === '' || on === '') return;
    void execute(on, command);
    setHistory([...history, command]);
    setAt(history.length + 1);
    setLine('');
  };
  const walk = (by: number): void => {
    const next = Math.max(0, Math.min(history.length, at + by));
    setAt(next);
    setLine(history[next] ?? '');
  };
  return (
    <form
      className={styles.prompt}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <select aria-label={m.prompt_host()} value={on} onChange={(event) => setHost(event.target.value)}>
        {hosts.map((one) => (
          <option key={one.name}>{one.name}</option>
        ))}
      </select>
      <span aria-hidden="true">#</span>
      <input
        aria-label={m.prompt_command()}
        placeholder="ipvsadm -Ln --stats"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        value={line}
        onChange={(event) => setLine(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowUp') walk(-1);
          else if (event.key === 'ArrowDown') walk(1);
          else return;
          event.preventDefault();
        }}
      />
    </form>
  );
}
