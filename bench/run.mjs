// npm run bench: how fast the engine is beside what others simulate with, in one alternating run.
import '../scripts/lib/require-node.mjs';
import { performance } from 'node:perf_hooks';
import { install } from '../scripts/lib/prepare.mjs';
import { duration, main, Missing, say } from '../scripts/lib/say.mjs';
import { bundle, cpp, ns3, simpy } from './lib/build.mjs';
import { measureDrawing } from './lib/drawing.mjs';
import { differences, judge } from './lib/gates.mjs';
import { load, machine } from './lib/machine.mjs';
import { measureMemory } from './lib/memory.mjs';
import { drawingTable, gateTable, layOut, memoryTable, remarks, resultTable } from './lib/report.mjs';
import { writeResults } from './lib/results-file.mjs';
import { alternate } from './lib/rounds.mjs';
import { rowsOf } from './lib/rows.mjs';
import { FULL, QUICK } from './lib/sizes.mjs';

const HELP = `npm run bench             five rounds of everything, some minutes; writes bench/RESULTS.md
npm run bench -- --quick  small sizes, to see that it works; judges and writes nothing`;

await main(async () => {
  const options = process.argv.slice(2);
  const unknown = options.find((option) => !['--quick', '--help'].includes(option));
  if (unknown !== undefined) throw new Missing(`The bench knows no ${unknown}.\n\n${HELP}`);
  if (options.includes('--help')) say(HELP);
  else await bench(options.includes('--quick'));
});

async function bench(quick) {
  const began = performance.now();
  const sizes = quick ? QUICK : FULL;
  await install();
  say('Building …');
  const lvscope = await bundle();
  const peers = { cpp: await cpp(), ...(await ns3()), simpy: await simpy() };
  const missing = Object.values(peers).flatMap((peer) => (peer.missing === undefined ? [] : [peer.missing]));
  for (const sentence of missing) say(sentence);

  const loads = [load()];
  const rows = rowsOf(lvscope, peers, sizes);
  const runs = await alternate(rows, sizes.rounds);
  const memory = await measureMemory(lvscope, sizes, runs.get('connections/lvscope'));
  const { drawing, missing: noBrowser } = await measureDrawing(sizes.frames);
  if (noBrowser !== undefined) {
    missing.push(noBrowser);
    say(noBrowser);
  }
  loads.push(load());
  const notes = [...missing, ...(quick ? [] : differences(runs))];
  const gates = judge(runs, memory, drawing);

  say(`\n${layOut(resultTable(rows, runs))}\n\n${layOut(memoryTable(memory, rows, runs))}\n`);
  if (drawing !== undefined) say(`${layOut(drawingTable(drawing))}\n`);
  for (const sentence of [...remarks(rows, runs), ...notes]) say(sentence);
  if (quick) {
    say('\nThese sizes are too small to judge by; npm run bench judges.');
  } else {
    say(`\n${layOut(gateTable(gates))}\n`);
    const measured = { loads, rows, runs, memory, drawing, gates, notes, sizes };
    writeResults({ machine: machine(peers), ...measured });
    say('Written to bench/RESULTS.md.');
  }
  say(`Took ${duration(performance.now() - began)}.`);
}
