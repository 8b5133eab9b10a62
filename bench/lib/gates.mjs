import { count } from './rows.mjs';
import { median } from './statistics.mjs';

/**
 * What LVScope must reach.
 * @typedef {object} Gate
 * @property {string} what
 * @property {string} bound
 * @property {string} measured
 * @property {string} byCpu the same by processor time, which a busy machine disturbs less
 * @property {boolean | undefined} met undefined where there is nobody to compare with
 */

const RATIOS = [
  { what: 'W1, 10 000 pending: × C++ std::priority_queue', row: 'hold0', peer: 'cpp', least: 1 },
  { what: 'W1, 1 000 000 pending: × C++ std::priority_queue', row: 'hold1', peer: 'cpp', least: 0.8 },
  { what: 'W2: × SimPy', row: 'connections', peer: 'simpy', least: 40 },
  { what: 'W2: × ns-3', row: 'connections', peer: 'ns3', least: 1.5 },
  { what: 'W3: × SimPy', row: 'packets0', peer: 'simpy', least: 10 },
  { what: 'W3, 100 000 connections: × ns-3, plain events', row: 'packets0', peer: 'ns3', least: 1 },
  { what: 'W3, 300 000 connections: × ns-3, plain events', row: 'packets1', peer: 'ns3', least: 1 },
];

/** Packets over a wire a second, of W3's scripted endpoints beside ns-3's own TCP. */
const HOPS = { what: 'W3, packet-hops: × ns-3 with its TCP', least: 30 };

const MOST_BYTES = 250;
const MOST_DRAWING_MS = 8;

/**
 * @param {Map<string, object[]>} runs
 * @param {import('./memory.mjs').Memory} memory
 * @param {import('./drawing.mjs').Drawing | undefined} drawing undefined where there is no browser
 * @returns {Gate[]}
 */
export function judge(runs, memory, drawing) {
  const ratios = [
    ...RATIOS.map((gate) => ({ ...gate, ratio: ratioTo(runs, gate.row, gate.peer) })),
    { ...HOPS, ratio: ratioOf(runs, 'packets0/lvscope', 'endpoints/ns3tcp', 'hops') },
  ];
  const gates = ratios.map(({ what, least, ratio }) => {
    const bound = `at least ${least}`;
    if (ratio === undefined) return { what, bound, measured: 'not measured', byCpu: '', met: undefined };
    return {
      what,
      bound,
      measured: ratio.wall.toFixed(2),
      byCpu: ratio.cpu.toFixed(2),
      met: ratio.wall >= least,
    };
  });
  const { held } = memory;
  return [
    ...gates,
    {
      what: 'W2: bytes that a live connection holds',
      bound: `at most ${MOST_BYTES}`,
      measured: held > 0 ? held.toFixed(0) : 'not measured',
      byCpu: '',
      met: held > 0 ? held <= MOST_BYTES : undefined,
    },
    ...(drawing === undefined ? [] : [judgeDrawing(drawing)]),
  ];
}

/** @returns {Gate} */
const judgeDrawing = ({ frames, medianMs }) => ({
  what: `${count(frames)} frames drawn: ms of the main thread a picture`,
  bound: `at most ${MOST_DRAWING_MS}`,
  measured: medianMs.toFixed(1),
  byCpu: '',
  met: medianMs <= MOST_DRAWING_MS,
});

/**
 * How many times the peer's rate LVScope's is, the median of the rounds; undefined where the peer is missing.
 * @returns {{ wall: number, cpu: number } | undefined}
 */
export const ratioTo = (runs, row, peer, counts = 'work') =>
  ratioOf(runs, `${row}/lvscope`, `${row}/${peer}`, counts);

function ratioOf(runs, us, them, counts) {
  if (!runs.has(them)) return undefined;
  const [ours, theirs] = [runs.get(us), runs.get(them)];
  const by = (clock) =>
    median(
      theirs.slice(0, ours.length).map((peer, i) => {
        const run = ours[i];
        return run[counts] / run[clock] / (peer[counts] / peer[clock]);
      }),
    );
  return { wall: by('seconds'), cpu: by('cpuSeconds') };
}

/**
 * Whether everyone did the same work: servers of weight 1 2 3 4 must have got 10, 20, 30 and 40 % of W2's and
 * W3's connections.
 * @returns {string[]} what is not so, a sentence each
 */
export function differences(runs) {
  const complaints = [];
  for (const [id, results] of runs) {
    for (const { byServer, work } of results) {
      if (byServer === undefined) continue;
      for (const [index, share] of sharesByWeight(byServer, work).entries()) {
        if (Math.abs(share - (index + 1) / 10) < 0.02) continue;
        complaints.push(`${id}: weight ${index + 1} got ${(100 * share).toFixed(1)} % of the connections.`);
      }
    }
  }
  return [...new Set(complaints)];
}

/** @returns {number[]} of the four weights, 1 first */
export function sharesByWeight(byServer, total) {
  const shares = [0, 0, 0, 0];
  for (const [index, connections] of byServer.entries()) shares[index % 4] += connections / total;
  return shares;
}
