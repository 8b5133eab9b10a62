import type { ReactNode } from 'react';
import { ServerMark } from '../parts/ServerMark.tsx';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { pick } from '../state/run.ts';
import { isSame, serverIndex } from '../state/select.ts';
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
  const directors = new Set(names?.map(({ director }) => director)).size;
  const nameOf = ({ director, chosen }: DecisionRow): string | undefined =>
    names
      ?.filter((service) => service.director === director)
      .flatMap((service) => service.servers)
      .find((server) => server.destinationId === chosen)?.name;
  const shown = decisions.slice(-SHOWN).toReversed();
  return (
    <div className={styles.decisions} tabIndex={0} role="region" aria-label={m.record_decisions()}>
      <ul>
        {shown.map((row) => (
          <li key={`${row.director}/${row.seq}`}>
            <DecisionButton
              row={row}
              by={directors > 1 ? row.director : undefined}
              name={nameOf(row)}
              picked={isSame(row, picked)}
            />
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className={styles.none}>{m.why_none()}</p>}
    </div>
  );
}

interface DecisionButtonProps {
  readonly row: DecisionRow;
  /** Who decided, where there are several. */
  readonly by: string | undefined;
  readonly name: string | undefined;
  readonly picked: boolean;
}

function DecisionButton({ row, by, name, picked }: DecisionButtonProps): ReactNode {
  const index = usePage((state) => serverIndex(state.scenario, name ?? ''));
  return (
    <button type="button" aria-pressed={picked} onClick={() => pick(picked ? undefined : row)}>
      <span>{clock(row.atNs)}</span>
      <span>
        {by} {row.source}
      </span>
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
