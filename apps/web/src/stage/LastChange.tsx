import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { lastChange } from '../state/select.ts';
import { clock } from '../words/format.ts';
import * as styles from './stage.module.css';

/** The command that changed the cluster last, whole, at its time, on its host. */
export function LastChange(): ReactNode {
  const record = usePage((state) => lastChange(state.commands));
  return (
    <p className={styles.change} aria-live="polite">
      {record !== undefined && (
        <>
          <span>{m.last_change({ time: clock(record.at, 0) })}</span> {record.host}# <b>{record.command}</b>
          {(record.rc ?? 0) !== 0 && <em>{(record.err || record.out).trim()}</em>}
        </>
      )}
    </p>
  );
}
