import type { CommandRecord } from '@lvscope/cluster';
import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { seek } from '../state/run.ts';
import { clock } from '../words/format.ts';
import type { Plot } from './plot.ts';
import * as styles from './timeline.module.css';

interface Flag {
  readonly atNs: number;
  readonly host: string;
  readonly command: string;
  readonly ahead: boolean;
  readonly failed: boolean;
  /** Others that stand so close that they share the pole. */
  readonly more: number;
}

const CLOSE_PX = 9;
const MOST_FLAGS = 60;

/** The commands as flags: those that were carried out, and those that the run will come to. */
export function Flags({ plot }: { readonly plot: Plot }): ReactNode {
  const commands = usePage((state) => state.commands);
  const future = usePage((state) => state.future);
  const timeline = usePage((state) => state.scenario?.timeline);
  const now = usePage((state) => state.view?.now ?? 0);
  const planned = (timeline ?? [])
    .map((entry) => ({ atNs: entry.atSeconds * 1e9, host: entry.on, command: entry.run }))
    .filter((entry) => entry.atNs > now);
  const flags = gather([...done(commands), ...[...planned, ...future].map(ahead)], plot);
  return (
    <ul className={styles.flags} aria-label={m.timeline_commands()}>
      {flags.map((flag, i) => {
        const x = plot.x(flag.atNs / 1e9);
        const next = flags[i + 1];
        const room = (next === undefined ? plot.right : plot.x(next.atNs / 1e9)) - x - 8;
        const kind = [styles.flag, flag.ahead ? styles.ahead : '', flag.failed ? styles.failed : ''].join(
          ' ',
        );
        return (
          <li key={`${flag.atNs}/${flag.command}`} className={kind} style={{ left: x, height: plot.axisY }}>
            <button
              type="button"
              title={flagText(flag)}
              aria-label={flagText(flag)}
              style={{ maxWidth: Math.max(24, Math.min(340, room)) }}
              onClick={() => void seek(flag.atNs)}
            >
              {room > 60 ? `${flag.host}# ${flag.command}${flag.more > 0 ? ` +${flag.more}` : ''}` : '⚑'}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function done(commands: readonly CommandRecord[]): Flag[] {
  return commands
    .filter((record) => record.origin !== 'setup')
    .slice(-MOST_FLAGS)
    .map(({ at, host, command, rc }) => ({
      atNs: at,
      host,
      command,
      ahead: false,
      failed: (rc ?? 0) !== 0,
      more: 0,
    }));
}

function ahead(one: { atNs: number; host: string; command: string }): Flag {
  return { ...one, ahead: true, failed: false, more: 0 };
}

/** Flags that would stand on each other become one that says how many they are. */
function gather(flags: readonly Flag[], plot: Plot): Flag[] {
  const apart: Flag[] = [];
  for (const flag of flags.toSorted((a, b) => a.atNs - b.atNs)) {
    const before = apart.at(-1);
    const near = before !== undefined && plot.x(flag.atNs / 1e9) - plot.x(before.atNs / 1e9) < CLOSE_PX;
    if (near) apart[apart.length - 1] = { ...flag, more: before.more + 1 };
    else apart.push(flag);
  }
  return apart;
}

function flagText({ atNs, host, command, more }: Flag): string {
  return `${clock(atNs, 0)} · ${host}# ${command}${more > 0 ? ` (+${more})` : ''}`;
}
