import { type ScaleLinear, scaleLinear } from 'd3-scale';
import type { ReactNode } from 'react';
import { useSize } from '../parts/useSize.ts';
import * as m from '../paraglide/messages.js';
import { usePage } from '../state/react.ts';
import { clock } from '../words/format.ts';
import * as styles from './beliefs.module.css';
import { ownerColour } from './owner-colour.ts';
import type { Strip, StripRow } from './strips.ts';

interface BeliefTableProps {
  readonly rows: readonly StripRow[];
  readonly fromNs: number;
  readonly toNs: number;
}

/** A row a host: its entry through time as strips coloured by whose MAC it is, and its state now. */
export function BeliefTable({ rows, fromNs, toNs }: BeliefTableProps): ReactNode {
  const [ref, { width }] = useSize<HTMLDivElement>();
  const x = scaleLinear([fromNs, toNs], [0, width]);
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{m.beliefs_host()}</th>
          <th scope="col" className={styles.wide}>
            <div ref={ref} className={styles.axis}>
              {width > 0 &&
                ticksOf(x, width).map((at) => (
                  <span key={at} style={{ left: x(at) }}>
                    {clock(at, 0)}
                  </span>
                ))}
            </div>
          </th>
          <th scope="col">{m.beliefs_state()}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.host}/${row.device}`}>
            <th scope="row">{row.host}</th>
            <td>
              <div className={styles.strips}>
                {row.strips.map((strip, i) => (
                  <StripBox
                    key={`${i}/${strip.fromNs}`}
                    strip={strip}
                    left={x(strip.fromNs)}
                    right={x(strip.toNs)}
                  />
                ))}
                {row.own !== undefined && row.strips.length === 0 && (
                  <em>{m.beliefs_own({ device: row.own })}</em>
                )}
                {row.own === undefined && row.strips.length === 0 && row.state === undefined && (
                  <em>{m.beliefs_never()}</em>
                )}
              </div>
            </td>
            <td className={row.wrongNow || row.state === 'FAILED' ? styles.stateBad : styles.state}>
              {row.wrongNow ? `${m.beliefs_wrong()} · ` : ''}
              {row.state ?? '–'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Ticks whose words have room: not over the columns beside. */
function ticksOf(x: ScaleLinear<number, number>, width: number): number[] {
  const room = 18;
  return x.ticks(Math.max(2, Math.floor(width / 70))).filter((at) => x(at) >= room && x(at) <= width - room);
}

interface StripBoxProps {
  readonly strip: Strip;
  readonly left: number;
  readonly right: number;
}

function StripBox({ strip, left, right }: StripBoxProps): ReactNode {
  const colour = usePage((state) => ownerColour(state.scenario, strip.owner));
  const width = Math.max(2, right - left - 1);
  const name = strip.owner ?? strip.mac;
  const span = `${clock(strip.fromNs)} – ${clock(strip.toNs)}`;
  const words = `${name}${strip.wrong ? ` · ${m.beliefs_wrong()}` : ''} · ${strip.mac} · ${span}`;
  return (
    <span
      className={strip.wrong ? styles.wrong : styles.right}
      style={{ left, width, background: colour }}
      title={words}
    >
      <i className={styles.hidden}>{words}</i>
      {width > 8 * name.length + 8 && <span aria-hidden="true">{strip.wrong ? `✕ ${name}` : name}</span>}
    </span>
  );
}
