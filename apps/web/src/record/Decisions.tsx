import type { ReactNode } from 'react';
import { ServerMark } from '../parts/ServerMark.tsx';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { pick } from '../state/run.ts';
import { serverIndex } from '../state/select.ts';
import type { DecisionRow } from '../worker/api.ts';
import { clock } from '../words/format.ts';
import { causeText } from './cause.ts';
import * as styles from './record.module.css';

const SHOWN = 60;

/** The last decisions, newest first; one that is clicked is explained and held. */
export function Decisions(): ReactNode {
  const decisions = usePage((state) => state.decisions);
  const picked = usePage((state) => state.picked);
  const names = usePage((state) => state.view?.services);
  const nameOf = (id: number): string | undefined =>
    names?.flatMap((service) => service.servers).find((server) => server.destinationId === id)?.name;
  const shown = decisions.slice(-SHOWN).toReversed();
  return (
    <div className={styles.decisions} tabIndex={0} role="region" aria-label={m.record_decisions()}>
      <ul>
        {shown.map((row) => (
          <li key={row.seq}>
            <DecisionButton row={row} name={nameOf(row.chosen)} picked={row.seq === picked} />
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className={styles.none}>{m.why_none()}</p>}
    </div>
  );
}

interface DecisionButtonProps {
  readonly row: DecisionRow;
  readonly name: string | undefined;
  readonly picked: boolean;
}

function DecisionButton({ row, name, picked }: DecisionButtonProps): ReactNode {
  const index = usePage((state) => serverIndex(state.scenario, name ?? ''));
  return (
    <button type="button" aria-pressed={picked} onClick={() => pick(picked ? undefined : row.seq)}>
      <span>{clock(row.atNs)}</span>
      <span>{row.source}</span>
      <span className={styles.to}>
        {name === undefined ? (
          m.why_nobody()
        ) : (
          <>
            <ServerMark index={index} size={9} /> {name}
          </>
        )}
      </span>
      <span className={styles.cause}>{causeText(row.cause)}</span>
    </button>
  );
}
