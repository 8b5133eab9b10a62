import { writeFileSync } from 'node:fs';
import { inRoot } from '../../scripts/lib/files.mjs';
import { drawingTable, gateTable, layOut, memoryTable, remarks, resultTable } from './report.mjs';

/**
 * @typedef {object} Bench
 * @property {string[]} machine
 * @property {string[]} loads load average at the beginning and at the end
 * @property {import('./rows.mjs').Row[]} rows
 * @property {Map<string, object[]>} runs
 * @property {import('./memory.mjs').Memory} memory
 * @property {import('./drawing.mjs').Drawing | undefined} drawing undefined where there is no browser
 * @property {import('./gates.mjs').Gate[]} gates
 * @property {string[]} notes who is missing, and who did other work
 * @property {typeof import('./sizes.mjs').FULL} sizes
 */

/**
 * Writes bench/RESULTS.md.
 * @param {Bench} bench
 */
export function writeResults({ machine, loads, rows, runs, memory, drawing, gates, notes, sizes }) {
  const short = gates.filter(({ met }) => met !== true);
  const text = `# What was measured

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}. The work and the peers:
[README.md](README.md).

${list(machine)}
- ${sizes.rounds} rounds, ${sizes.packets[0].rounds} of the first W3, every contestant once a round,
  those of one work one after the other, each in a process of its own
- load average ${loads.join(' at the beginning, ')} at the end

Rates are by the clock. Ratios, the median of the rounds', hold better, for a busy machine slows everyone;
those by CPU time (all threads, V8's compiler and collector too) show how far that went.

${layOut(resultTable(rows, runs))}

${remarks(rows, runs).map(wrap).join('\n\n')}

${layOut(memoryTable(memory, rows, runs))}

${wrap(MEMORY)}
${drawing === undefined ? '' : `\n${layOut(drawingTable(drawing))}\n`}
## Gates

${layOut(gateTable(gates))}

${shortfall(short)}
${notes.map((sentence) => `\n${wrap(sentence)}\n`).join('')}`;
  writeFileSync(inRoot('bench', 'RESULTS.md'), text);
}

const MEMORY =
  'The gate is on what the process holds: resident memory at the end of the run less before it, less the ' +
  'same of a run with 1000 connections (compiled code and heap), by the live connections between them. ' +
  'Arrays never shrink, so the end shows the peak.';

const list = (lines) => lines.map((line) => `- ${line}`).join('\n');

function shortfall(short) {
  if (short.length === 0) return 'Nothing falls short.';
  return list(
    short.map(({ what, bound, measured, met }) =>
      met === undefined
        ? `Not judged: ${what} (${bound}), for there is nobody to compare with.`
        : `**Falls short**: ${what}: ${measured}, and it should be ${bound}.`,
    ),
  );
}

/** Lines of at most 110 characters. */
function wrap(text) {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== '' && line.length + 1 + word.length > 110) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n');
}
