import type { CommandRecord } from '@lvscope/cluster';
import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { clock } from '../words/format.ts';
import * as styles from './record.module.css';

const MOST = 200;

/** Every command with its output, as terminals show it. */
export function Commands(): ReactNode {
  const commands = usePage((state) => state.commands);
  const box = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  useEffect(() => {
    const element = box.current;
    if (element !== null && pinned.current) element.scrollTop = element.scrollHeight;
  }, [commands]);
  // what is above grows and shrinks: the newest line stays in sight
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => {
      if (pinned.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div className={styles.terminal}>
      <div
        ref={box}
        className={styles.screen}
        role="log"
        aria-label={m.record_commands()}
        tabIndex={0}
        onScroll={({ currentTarget: at }) => {
          pinned.current = at.scrollHeight - at.scrollTop - at.clientHeight < 24;
        }}
      >
        {commands.slice(-MOST).map((record, i) => (
          // records are only ever added at the end
          <Entry key={`${record.at}/${i}/${record.command}`} record={record} />
        ))}
      </div>
    </div>
  );
}

function Entry({ record }: { readonly record: CommandRecord }): ReactNode {
  return (
    <div>
      <time>{clock(record.at, 0)}</time> <b>{record.host}#</b> {record.command}
      {record.out !== '' && <pre>{record.out.trimEnd()}</pre>}
      {record.err !== '' && <pre className={styles.stderr}>{record.err.trimEnd()}</pre>}
      {(record.rc ?? 0) !== 0 && record.err === '' && <pre className={styles.stderr}>exit {record.rc}</pre>}
    </div>
  );
}
