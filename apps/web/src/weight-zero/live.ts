import type { WeightZero, WeightZeroSettings } from '../worker/api.ts';

export type Cell = WeightZero['answers'][number];

/** A row of the table: how the server was taken out, -p, and which packet comes next. */
export interface CellRow {
  readonly quiescent: boolean;
  readonly persistent: boolean;
  readonly packet: Cell['packet'];
  /** In the order of COLUMNS. */
  readonly cells: readonly Cell[];
}

/** The two sysctls, by column. */
export const COLUMNS = [
  { expireNodestConn: false, expireQuiescentTemplate: false },
  { expireNodestConn: false, expireQuiescentTemplate: true },
  { expireNodestConn: true, expireQuiescentTemplate: false },
  { expireNodestConn: true, expireQuiescentTemplate: true },
] as const;

/** The case that everybody asks about comes first: weight 0, with -p, a new connection. */
export function rowsOf(answers: readonly Cell[]): CellRow[] {
  const rows: CellRow[] = [];
  for (const quiescent of [true, false]) {
    for (const persistent of [true, false]) {
      for (const packet of ['new-connection', 'open-connection'] as const) {
        const here = answers.filter(
          (one) => one.quiescent === quiescent && one.persistent === persistent && one.packet === packet,
        );
        const cells = COLUMNS.flatMap((column) =>
          here.filter(
            (one) =>
              one.expireNodestConn === column.expireNodestConn &&
              one.expireQuiescentTemplate === column.expireQuiescentTemplate,
          ),
        );
        rows.push({ quiescent, persistent, packet, cells });
      }
    }
  }
  return rows;
}

/**
 * Whether a cell tells what happens as the director is set now. Where no server is out, and nobody says how
 * one would be, both ways count.
 */
export function holdsNow(cell: Cell, now: WeightZeroSettings): boolean {
  return (
    (now.quiescent ?? cell.quiescent) === cell.quiescent &&
    cell.persistent === now.persistent &&
    cell.expireNodestConn === now.expireNodestConn &&
    cell.expireQuiescentTemplate === now.expireQuiescentTemplate
  );
}

/** Presets that ask the question. */
const ASKING: ReadonlySet<string> = new Set([
  'weight-0-template',
  'dies-quiescent',
  'dies-removed',
  'dies-removed-nodest',
  'ldirectord-quiescent',
  'ldirectord-quiescent-no-p',
]);

export function asksWeightZero(scenario: string): boolean {
  return ASKING.has(scenario);
}
