import { say } from '../../scripts/lib/say.mjs';
import { once } from './rounds.mjs';
import { median } from './statistics.mjs';

/**
 * Bytes per live connection.
 * @typedef {object} Memory
 * @property {number} arrays the engine's arrays of connections and timers
 * @property {number} held what the process holds at the end, when the arrays are as large as they became
 * @property {number} growing its peak, while arrays are copied into larger ones
 * @property {number} peak the whole process's peak in the runs for speed
 * @property {number} peakLive how many connections were live at the peak
 */

/**
 * Runs W2 with many connections, and with so few that only the process's own share is left (compiled code,
 * V8's heap), and divides the difference by that in live connections. V8 collects at every occasion here
 * (--gc-global), so that what is held is told from garbage; in the runs for speed it does as it likes.
 * @returns {Promise<Memory>}
 */
export async function measureMemory(lvscope, sizes, speedRuns) {
  const { file, first } = lvscope('connections');
  const program = { file, first: ['--gc-global', ...first] };
  const runs = { many: [], few: [] };
  say('Memory …');
  for (let round = 0; round < sizes.rounds; round++) {
    for (const [size, total] of [
      ['many', sizes.connections.lvscope],
      ['few', sizes.memoryBaseline],
    ]) {
      const row = { program, args: [String(total)], work: 'Memory', who: 'LVScope' };
      runs[size].push(await once(row));
    }
  }
  const middle = (size, what) => median(runs[size].map((run) => run[what]));
  const live = middle('many', 'peakLive') - middle('few', 'peakLive');
  const each = (what) => (middle('many', what) - middle('few', what)) / live;
  return {
    arrays: each('arrayBytes'),
    held: each('heldBytes'),
    growing: each('bytes'),
    peak: bytesPerConnection(speedRuns),
    peakLive: middle('many', 'peakLive'),
  };
}

/** Growth of a process's peak memory by its live connections at the peak. */
export const bytesPerConnection = (runs) => median(runs.map(({ bytes, peakLive }) => bytes / peakLive));
