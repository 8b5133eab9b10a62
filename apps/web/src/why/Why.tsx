import type { ReactNode } from 'react';
import { ServerMark } from '../parts/ServerMark.tsx';
import { followEnd } from '../packets/store.ts';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { pick } from '../state/run.ts';
import { serverIndex } from '../state/select.ts';
import { clock } from '../words/format.ts';
import type { Explanation } from '../worker/api.ts';
import { Candidates } from './Candidates.tsx';
import { becauseText } from './because.ts';
import { groupOthers } from './others.ts';
import * as styles from './why.module.css';

/** Why this server? The last decision, or the one that was picked. */
export function Why(): ReactNode {
  const explanation = usePage((state) => state.explanation);
  const picked = usePage((state) => state.picked);
  return (
    <section className={styles.why} aria-labelledby="why-title">
      <div className={styles.head}>
        <h2 id="why-title" className={styles.title}>
          {m.why_title()}
        </h2>
        {picked === undefined ? (
          <button
            type="button"
            className={styles.follow}
            disabled={explanation === undefined}
            onClick={() => pick(explanation?.row)}
          >
            {m.why_hold()}
          </button>
        ) : (
          <button type="button" className={styles.follow} onClick={() => pick(undefined)}>
            {m.why_follow()}
          </button>
        )}
      </div>
      {explanation === undefined ? (
        <p className={styles.empty}>{m.why_none()}</p>
      ) : (
        <Decision explanation={explanation} />
      )}
    </section>
  );
}

function Decision({ explanation }: { readonly explanation: Explanation }): ReactNode {
  const { row, chosenName } = explanation;
  const index = usePage((state) => serverIndex(state.scenario, chosenName ?? ''));
  const detail = usePage((state) => state.scenario?.detail);
  return (
    <>
      <div className={styles.card}>
        <p className={styles.tuple}>
          {clock(row.atNs)}{' '}
          <span>
            {row.director} #{row.seq}
          </span>{' '}
          {row.source} → {row.destination}
        </p>
        <p className={styles.because}>
          {chosenName !== undefined && (
            <b>
              <ServerMark index={index} /> {chosenName}
            </b>
          )}{' '}
          {becauseText(explanation)}
        </p>
        {detail === 'packet' && (
          <button type="button" className={styles.way} onClick={() => followEnd(row.source)}>
            {m.why_follow_way()}
          </button>
        )}
      </div>
      {explanation.reason.kind !== 'not-asked' && explanation.candidates.length > 0 && (
        <Candidates explanation={explanation} />
      )}
      {explanation.others.length > 0 && <Others explanation={explanation} />}
    </>
  );
}

/** Who the other schedulers would take, by server. */
function Others({ explanation }: { readonly explanation: Explanation }): ReactNode {
  const scenario = usePage((state) => state.scenario);
  return (
    <div className={styles.others}>
      <p>{m.why_others()}</p>
      <ul>
        {groupOthers(explanation.others).map(({ name, schedulers }) => (
          <li key={name ?? ''}>
            {name === undefined ? (
              m.why_nobody()
            ) : (
              <b>
                <ServerMark index={serverIndex(scenario, name)} size={8} /> {name}
              </b>
            )}{' '}
            {schedulers.join(' ')}
          </li>
        ))}
      </ul>
    </div>
  );
}
