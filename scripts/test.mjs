// npm test: everything that this repository claims, checked. The last line is `N passed, N failed`.
import './lib/require-node.mjs';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { generate, install } from './lib/prepare.mjs';
import { one } from './lib/results.mjs';
import { duration, green, Missing, red, say } from './lib/say.mjs';
import { STEPS } from './lib/steps.mjs';

const start = performance.now();
const rows = [];
const prepared = await step({ name: 'prepare', body: prepare }, { quiet: true });
if (prepared.failed === 0) for (const chosen of choose()) rows.push(await step(chosen));
else rows.push(prepared);
summarize();

async function prepare() {
  choose();
  await install();
  await generate();
  return { result: one(true), output: '' };
}

/** The steps that --only names; all of them without it. */
function choose() {
  let only;
  try {
    ({ only } = parseArgs({ options: { only: { type: 'string' } } }).values);
  } catch (error) {
    throw new Missing(
      `${error.message}\nUse: npm test -- [--only ${STEPS.map(({ name }) => name).join(',')}]`,
    );
  }
  if (only === undefined) return STEPS;
  const names = only.split(',');
  const unknown = names.filter((name) => !STEPS.some((known) => known.name === name));
  if (unknown.length === 0) return STEPS.filter(({ name }) => names.includes(name));
  throw new Missing(
    `There is no step ${unknown.join(', ')}: there are ${STEPS.map(({ name }) => name).join(', ')}.`,
  );
}

/** Runs one step to its end, whatever happens in it, and prints a line about it. */
async function step({ name, body }, { quiet = false } = {}) {
  const began = performance.now();
  if (process.stdout.isTTY) process.stdout.write(`… ${name}\r`);
  const { result, output } = await body().catch((error) => ({
    result: one(false),
    output: error instanceof Missing ? error.message : error.stack,
  }));
  const row = { name, ms: performance.now() - began, ...result };
  if (row.failed > 0) say(`${output.trimEnd()}\n`);
  if (!quiet || row.failed > 0) say(line(row));
  return row;
}

function line({ name, ms, passed, failed, skipped = 0, note }) {
  const mark = failed > 0 ? red('✗') : passed > 0 ? green('✓') : '·';
  const counts = [`${passed} passed`, `${failed} failed`, ...(skipped > 0 ? [`${skipped} skipped`] : [])];
  const facts = `${counts.join(', ')}${note ? `  (${note})` : ''}`;
  return `${mark} ${name.padEnd(10)} ${duration(ms).padStart(12)}  ${facts}`;
}

function summarize() {
  const sum = (what) => rows.reduce((total, row) => total + row[what], 0);
  const failed = sum('failed');
  say(`\n${rows.map(line).join('\n')}\n\nin ${duration(performance.now() - start)}`);
  process.exitCode = failed > 0 ? 1 : 0;
  say(`${sum('passed')} passed, ${failed} failed`);
}
