import { ratioTo } from './gates.mjs';
import { bytesPerConnection } from './memory.mjs';
import { count } from './rows.mjs';
import { rate, rates } from './statistics.mjs';

/**
 * The measured rows as a table.
 * @param {import('./rows.mjs').Row[]} rows
 * @param {Map<string, object[]>} runs
 * @returns {string[][]} the heading first
 */
export function resultTable(rows, runs) {
  const heading = ['work', 'who', 'median', 'min–max', 'LVScope is', 'by CPU time', 'size'];
  let last = '';
  const body = rows.map((row) => {
    const { median, least, most } = rates(runs.get(row.id), row.counts);
    const work = row.work === last ? '' : row.work;
    last = row.work;
    const range = `${rate(least)} – ${rate(most)}`;
    return [work, row.who, `${rate(median)} ${row.unit}`, range, ...comparison(row, runs), row.size];
  });
  return [heading, ...body];
}

function comparison({ id, counts }, runs) {
  const [work, who] = id.split('/');
  if (who === 'lvscope' || work === 'world') return ['', ''];
  const { wall, cpu } = ratioTo(runs, work, who, counts);
  return [wall, cpu].map((ratio) => `${ratio.toPrecision(3)} ×`);
}

export function gateTable(gates) {
  const words = (met) => (met === undefined ? 'not judged' : met ? 'met' : '**missed**');
  return [
    ['gate', 'bound', 'measured', 'by CPU time', ''],
    ...gates.map(({ what, bound, measured, byCpu, met }) => [what, bound, measured, byCpu, words(met)]),
  ];
}

/** @param {import('./memory.mjs').Memory} memory */
export function memoryTable(memory, rows, runs) {
  const peers = rows.filter(({ id }) => id.startsWith('connections/') && id !== 'connections/lvscope');
  return [
    [`W2: bytes per live connection (${memory.peakLive} at the peak)`, 'bytes'],
    ['LVScope: the arrays of connections and timers', memory.arrays.toFixed(0)],
    ['LVScope: what the process holds, garbage collected at once', memory.held.toFixed(0)],
    ['LVScope: its peak, old and new arrays while they grow', memory.growing.toFixed(0)],
    ['LVScope: peak of the whole process, garbage collected when V8 likes', memory.peak.toFixed(0)],
    ...peers.map(({ id, who, size }) => [
      `${who}: peak of the whole process, ${size}`,
      bytesPerConnection(runs.get(id)).toFixed(0),
    ]),
  ];
}

/** @param {import('./drawing.mjs').Drawing} drawing */
export function drawingTable({ frames, leastMs, medianMs, p95Ms, browser }) {
  return [
    [`${count(frames)} frames drawn, ${browser}`, 'ms of the main thread a picture'],
    ...[
      ['median', medianMs],
      ['least', leastMs],
      ['95th percentile', p95Ms],
    ].map(([what, ms]) => [what, ms.toFixed(1)]),
  ];
}

/** What the whole worlds did, a sentence each. */
export function remarks(rows, runs) {
  return rows
    .filter(({ id }) => /^world\/|^(packets0|endpoints)\/lvscope$/.test(id))
    .map(({ id, work, who, size }) => {
      const [run] = runs.get(id);
      const each = (run.events / run.work).toFixed(1);
      const hops = run.hops === undefined ? '' : `, ${(run.hops / run.work).toFixed(1)} packet-hops`;
      const did = `${run.work} connections, ${run.events} events (${each}${hops} a connection)`;
      return `${work}: ${who}, ${size}: ${did}.`;
    });
}

/** Columns as wide as their widest cell; a Markdown table that is readable as text too. */
export function layOut(table) {
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  const [heading, ...body] = table.map(line);
  return [heading, rule, ...body].join('\n');
}
