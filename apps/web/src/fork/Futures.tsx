import { area } from 'd3-shape';
import { scaleLinear } from 'd3-scale';
import type { ReactNode } from 'react';
import { useSize } from '../parts/useSize.ts';
import * as m from '../paraglide/messages.js';
import { endFork, type Fork, type Future, swapFork, useFork } from '../state/fork.ts';
import { usePage } from '../state/react.ts';
import { focusService } from '../state/select.ts';
import { brief, clock, integer, percent } from '../words/format.ts';
import { answeredShares, divergence, type Outcome, outcomeOf } from './compare.ts';
import * as styles from './fork.module.css';

/** Two futures from one instant, side by side: what was answered, what failed, and where they part. */
export function Futures(): ReactNode {
  const fork = useFork((one) => one);
  const view = usePage((state) => state.view);
  const series = usePage((state) => state.series);
  const commands = usePage((state) => state.commands);
  if (fork === undefined || view === undefined) return null;
  const shown: Future = { view, series, commands };
  const a = fork.shown === 'A' ? shown : fork.other;
  const b = fork.shown === 'B' ? shown : fork.other;
  return (
    <div className={styles.futures} tabIndex={0} role="region" aria-label={m.fork_title()}>
      <div className={styles.head}>
        <p title={m.fork_where()}>{m.fork_from({ time: clock(fork.atNs, 3) })}</p>
        <button type="button" onClick={swapFork}>
          {m.fork_show({ name: fork.shown === 'A' ? 'B' : 'A' })}
        </button>
        <button type="button" onClick={endFork}>
          {m.fork_keep({ name: fork.shown })}
        </button>
      </div>
      <Share name="A" fork={fork} future={a} toNs={view.now} />
      <Share name="B" fork={fork} future={b} toNs={view.now} />
      {a !== undefined && b !== undefined && <Comparison fork={fork} a={a} b={b} />}
    </div>
  );
}

interface ShareProps {
  readonly name: 'A' | 'B';
  readonly fork: Fork;
  readonly future: Future | undefined;
  readonly toNs: number;
}

const HEIGHT = 46;
/** Seconds before the fork that are drawn too. */
const LEAD = 10;

/** The share of requests answered, from shortly before the fork. */
function Share({ name, fork, future, toNs }: ShareProps): ReactNode {
  const [ref, { width }] = useSize<HTMLDivElement>();
  const from = Math.max(0, fork.atNs / 1e9 - LEAD);
  const x = scaleLinear([from, Math.max(from + LEAD, toNs / 1e9)], [0, width]);
  const y = scaleLinear([0, 1], [HEIGHT, 2]);
  const points = future === undefined ? [] : answeredShares(future.series, future.view.workloads, from);
  const path = area<(typeof points)[number]>(
    (point) => x(point.at),
    () => y(0),
    (point) => y(point.share),
  )(points);
  return (
    <figure className={styles.share} data-shown={fork.shown === name}>
      <figcaption>
        <b>{name}</b> {fork.shown === name ? m.fork_shown() : m.fork_along()}
      </figcaption>
      <div ref={ref} className={styles.plot}>
        <svg width={width} height={HEIGHT} role="img" aria-label={m.fork_answered()}>
          <line className={styles.base} x1={0} x2={width} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} />
          {path !== null && <path className={name === 'A' ? styles.areaA : styles.areaB} d={path} />}
          <line className={styles.mark} x1={x(fork.atNs / 1e9)} x2={x(fork.atNs / 1e9)} y1={0} y2={HEIGHT} />
        </svg>
      </div>
    </figure>
  );
}

interface ComparisonProps {
  readonly fork: Fork;
  readonly a: Future;
  readonly b: Future;
}

function Comparison({ fork, a, b }: ComparisonProps): ReactNode {
  const service = usePage(focusService);
  const until = Math.min(a.view.now, b.view.now) / 1e9;
  const [outA, outB] = [outcomeOf(a, fork, until, service), outcomeOf(b, fork, until, service)];
  const parted = divergence(a.commands, b.commands, fork.commandsBefore);
  const rows: readonly (readonly [
    string,
    (one: Outcome) => number | undefined,
    (value: number) => string,
  ])[] = [
    [m.fork_answered_count(), (one) => one.answered, integer],
    [m.fork_failed(), (one) => one.failed, integer],
    [m.fork_answered(), (one) => one.share, percent],
    [m.skew_jain(), (one) => one.jain, (value) => value.toFixed(2)],
    ['p99, ms', (one) => one.p99, brief],
  ];
  return (
    <>
      <table className={styles.table}>
        <thead>
          <tr>
            <td />
            <th scope="col">A</th>
            <th scope="col">B</th>
            <th scope="col">B − A</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, of, text]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{shownAs(of(outA), text)}</td>
              <td>{shownAs(of(outB), text)}</td>
              <td>{differenceOf(of(outA), of(outB), text)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.parted}>
        {parted === undefined ? (
          m.fork_same()
        ) : (
          <>
            {m.fork_parted({ time: clock(parted.record.at), name: parted.in })}{' '}
            <code>
              {parted.record.host}# {parted.record.command}
            </code>
          </>
        )}
      </p>
    </>
  );
}

function shownAs(value: number | undefined, text: (value: number) => string): string {
  return value === undefined ? '–' : text(value);
}

function differenceOf(a: number | undefined, b: number | undefined, text: (value: number) => string): string {
  if (a === undefined || b === undefined) return '–';
  const difference = b - a;
  if (difference === 0) return '0';
  return `${difference > 0 ? '+' : '−'}${text(Math.abs(difference))}`;
}
