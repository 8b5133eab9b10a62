import { Check, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { integer } from '../words/format.ts';
import { Prose } from './Prose.tsx';
import { byGroup, DIFFERENCES, type Recording, RECORDINGS, sumOf, UNCOVERED } from './report.ts';
import * as styles from './verified.module.css';

/** The sum, the recordings by groups, what is not covered and why, the known differences. */
export function Report(): ReactNode {
  const [search, setSearch] = useState('');
  const language = usePage((state) => state.language);
  const sum = sumOf(RECORDINGS);
  const kernels = [...new Set(RECORDINGS.map(({ kernel }) => kernel))];
  const found = RECORDINGS.filter(({ name }) => name.includes(search.trim().toLowerCase()));
  return (
    <div className={styles.report}>
      <p className={styles.sum}>
        <Count count={sum.agree} of={m.verified_agree()} />
        <Count count={sum.differ} of={m.verified_differ()} />
        <Count count={sum.uncovered} of={m.verified_uncovered()} />
      </p>
      <p className={styles.note}>
        {m.verified_note({ count: integer(sum.recordings), kernels: kernels.join(', ') })}
      </p>
      <input
        className={styles.search}
        aria-label={m.verified_search()}
        placeholder={m.verified_search()}
        spellCheck={false}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <Recordings recordings={found} />
      <h3>{m.verified_why_not()}</h3>
      <ul className={styles.reasons}>
        {UNCOVERED.map(({ groups, kinds, reason }) => (
          <li key={reason}>
            <code>{groups.join(', ')}</code>
            {kinds !== 'all' && <> · {String(kinds)}</>}: {reason}
          </li>
        ))}
        {UNCOVERED.length === 0 && <li>{m.verified_all_covered()}</li>}
      </ul>
      {language === 'zh' && <p className={styles.note}>{m.verified_in_english()}</p>}
      <div lang="en">
        <Prose blocks={DIFFERENCES} />
      </div>
    </div>
  );
}

function Count({ count, of }: { readonly count: number; readonly of: string }): ReactNode {
  return (
    <span>
      <b>{integer(count)}</b> {of}
    </span>
  );
}

function Recordings({ recordings }: { readonly recordings: readonly Recording[] }): ReactNode {
  return (
    <table className={styles.recordings}>
      <thead>
        <tr>
          <th scope="col">{m.verified_recording()}</th>
          <th scope="col">{m.verified_col_agree()}</th>
          <th scope="col">{m.verified_col_differ()}</th>
          <th scope="col">{m.verified_col_uncovered()}</th>
          <th scope="col">{m.verified_col_kernel()}</th>
        </tr>
      </thead>
      {byGroup(recordings).map(({ group, recordings: rows }) => (
        <tbody key={group}>
          <tr className={styles.group}>
            <th scope="rowgroup">{group}</th>
            <td>{integer(sumOf(rows).agree)}</td>
            <td>{integer(sumOf(rows).differ)}</td>
            <td>{integer(sumOf(rows).uncovered)}</td>
            <td />
          </tr>
          {rows.map((row) => (
            <Row key={row.name} row={row} />
          ))}
        </tbody>
      ))}
    </table>
  );
}

function Row({ row }: { readonly row: Recording }): ReactNode {
  const compared = row.agree + row.differ > 0;
  return (
    <tr>
      <th scope="row">
        {compared && row.differ === 0 && <Check size={12} className={styles.good} aria-hidden="true" />}
        {row.differ > 0 && <X size={12} className={styles.bad} aria-hidden="true" />}
        <span>{row.name}</span>
      </th>
      <td>{integer(row.agree)}</td>
      <td className={row.differ > 0 ? styles.bad : ''}>{integer(row.differ)}</td>
      <td>{integer(row.uncovered)}</td>
      <td>{row.kernel}</td>
    </tr>
  );
}
