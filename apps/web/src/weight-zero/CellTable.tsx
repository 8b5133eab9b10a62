import { ArrowRight, CircleSlash, CornerUpLeft, Skull } from 'lucide-react';
import type { ReactNode } from 'react';
import * as m from '../paraglide/messages.js';
import type { WeightZeroSettings } from '../worker/api.ts';
import { inLanguage } from '../words/locale.ts';
import { type Cell, type CellRow, COLUMNS, holdsNow, rowsOf } from './live.ts';
import * as styles from './weight-zero.module.css';

interface CellTableProps {
  readonly answers: readonly Cell[];
  readonly now: WeightZeroSettings;
}

/** All 32 cases: by row how the server was taken out, -p and the packet, by column the two sysctls. */
export function CellTable({ answers, now }: CellTableProps): ReactNode {
  return (
    <table className={styles.table}>
      <caption>{m.zero_caption()}</caption>
      <Head />
      {[true, false].map((quiescent) => (
        <tbody key={String(quiescent)}>
          <tr className={styles.group}>
            <th scope="rowgroup" colSpan={5}>
              <b>{quiescent ? m.zero_weight() : m.zero_deleted()}</b>{' '}
              {quiescent ? m.zero_quiescent_yes() : m.zero_quiescent_no()}
            </th>
          </tr>
          {rowsOf(answers)
            .filter((row) => row.quiescent === quiescent)
            .map((row) => (
              <Row key={`${row.persistent}/${row.packet}`} row={row} now={now} />
            ))}
        </tbody>
      ))}
    </table>
  );
}

function Head(): ReactNode {
  return (
    <thead>
      <tr>
        <th scope="col">
          <span className={styles.unseen}>{m.zero_case()}</span>
        </th>
        {COLUMNS.map((column) => (
          <th key={sysctlText(column).join()} scope="col">
            {sysctlText(column).map((line) => (
              <span key={line}>{line}</span>
            ))}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function sysctlText(one: Pick<Cell, 'expireNodestConn' | 'expireQuiescentTemplate'>): readonly string[] {
  return [
    `expire_nodest_conn=${one.expireNodestConn ? 1 : 0}`,
    `expire_quiescent_template=${one.expireQuiescentTemplate ? 1 : 0}`,
  ];
}

function Row({ row, now }: { readonly row: CellRow; readonly now: WeightZeroSettings }): ReactNode {
  return (
    <tr>
      <th scope="row">
        <b>{row.persistent ? m.zero_with_p() : m.zero_without_p()}</b>{' '}
        {row.packet === 'new-connection' ? m.zero_new() : m.zero_open()}
      </th>
      {row.cells.map((cell) => (
        <CellOf key={sysctlText(cell).join()} cell={cell} live={holdsNow(cell, now)} />
      ))}
    </tr>
  );
}

function CellOf({ cell, live }: { readonly cell: Cell; readonly live: boolean }): ReactNode {
  return (
    <td data-live={live} data-outcome={cell.outcome}>
      <span className={styles.sysctls} aria-hidden="true">
        {sysctlText(cell).join(' · ')}
      </span>
      <p className={styles.outcome}>
        {iconOf(cell.outcome)} <b>{outcomeText(cell.outcome)}</b>
        {live && <em className={styles.now}>{m.zero_now()}</em>}
      </p>
      <p>{inLanguage(cell.answer)}</p>
    </td>
  );
}

function iconOf(outcome: Cell['outcome']): ReactNode {
  switch (outcome) {
    case 'dead-server':
      return <Skull size={13} aria-hidden="true" />;
    case 'another-server':
      return <ArrowRight size={13} aria-hidden="true" />;
    case 'silence':
      return <CircleSlash size={13} aria-hidden="true" />;
    case 'reset':
      return <CornerUpLeft size={13} aria-hidden="true" />;
  }
}

function outcomeText(outcome: Cell['outcome']): string {
  switch (outcome) {
    case 'dead-server':
      return m.zero_to_dead();
    case 'another-server':
      return m.zero_to_another();
    case 'silence':
      return m.zero_silence();
    case 'reset':
      return m.zero_reset();
  }
}
