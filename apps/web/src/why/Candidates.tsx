import type { ReactNode } from 'react';
import { ServerMark } from '../parts/ServerMark.tsx';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { serverIndex } from '../state/select.ts';
import type { Candidate, Explanation } from '../worker/api.ts';
import { costText, type Formula, formulaOf } from './because.ts';
import * as styles from './why.module.css';

const MOST = 12;

/** Who was considered, with the integers that were compared, in the kernel's order. */
export function Candidates({ explanation }: { readonly explanation: Explanation }): ReactNode {
  const shown = nearest(explanation);
  const left = explanation.candidates.length - shown.length;
  const formula = formulaOf(explanation.reason);
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label={m.why_candidates()}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{m.ledger_name()}</th>
            <th scope="col">{m.ledger_weight()}</th>
            <th scope="col">{headText(formula)}</th>
            {formula !== undefined && <th scope="col">{m.why_by_weight()}</th>}
            <th scope="col">
              <span className={styles.unseen}>{m.why_outcome()}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((candidate) => (
            <Row key={candidate.id} candidate={candidate} explanation={explanation} />
          ))}
        </tbody>
      </table>
      {left > 0 && <p className={styles.empty}>{m.why_more({ count: left })}</p>}
    </div>
  );
}

/** The chosen one and those around the top, where there are too many for a table. */
function nearest({ candidates, row }: Explanation): readonly Candidate[] {
  if (candidates.length <= MOST) return candidates;
  const first = candidates.slice(0, MOST);
  const chosen = candidates.find((one) => one.id === row.chosen);
  return chosen === undefined || first.includes(chosen) ? first : [...first.slice(0, MOST - 1), chosen];
}

function headText(formula: Formula | undefined): string {
  switch (formula) {
    case 'overhead':
      return m.why_overhead();
    case 'active-plus-one':
      return m.why_active_plus_one();
    case undefined:
      return m.why_counts();
  }
}

interface RowProps {
  readonly candidate: Candidate;
  readonly explanation: Explanation;
}

function Row({ candidate, explanation }: RowProps): ReactNode {
  const index = usePage((state) => serverIndex(state.scenario, candidate.name));
  const chosen = candidate.id === explanation.row.chosen;
  const { cost, weight, verdict } = candidate;
  const formula = formulaOf(explanation.reason);
  const counted = formula !== undefined && cost !== undefined;
  return (
    <tr className={chosen ? styles.chosen : undefined}>
      <th scope="row">
        <span>
          <ServerMark index={index} /> {candidate.name}
        </span>
      </th>
      <td>{weight}</td>
      <td>{counted ? costText(candidate, formula) : `${candidate.activeConns} + ${candidate.inactConns}`}</td>
      {formula !== undefined && <td>{counted && weight > 0 ? ratioText(cost, weight) : ''}</td>}
      <td className={styles.outcome}>{verdictText(verdict)}</td>
    </tr>
  );
}

function ratioText(cost: number, weight: number): string {
  const ratio = cost / weight;
  return Number.isInteger(ratio) ? String(ratio) : ratio.toFixed(1);
}

function verdictText(verdict: Candidate['verdict']): string {
  switch (verdict) {
    case 'chosen':
      return m.why_chosen();
    case 'skipped-weight-0':
      return m.why_weight_zero();
    case 'skipped-overloaded':
      return m.why_overloaded();
    case 'skipped-unavailable':
      return m.why_unavailable();
    case 'skipped-below-current-weight':
      return m.why_below_weight();
    case 'skipped-full':
      return m.why_full();
    case 'not-reached':
      return m.why_not_reached();
    case 'lost':
    case 'not-asked':
      return '';
  }
}
