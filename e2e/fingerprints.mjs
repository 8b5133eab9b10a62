// The same run everywhere: every preset gives the same fingerprints in Node, in Chromium's worker and in
// Firefox's, and those of fingerprints/table.json. With --write the table is made anew from what Node
// computes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';
import { ENGINES } from './fingerprints/engines.mjs';

const TABLE = new URL('fingerprints/table.json', import.meta.url);
const BUILT = new URL('../.cache/fingerprints/', import.meta.url);

const { write } = parseArgs({ options: { write: { type: 'boolean', default: false } } }).values;
mkdirSync(BUILT, { recursive: true });
await bundle('worker');
await bundle('page');
if (write) await writeTable();
else await compare();
// a browser that does not end must not keep this program
process.exit();

async function bundle(name) {
  const input = new URL(`fingerprints/${name}.ts`, import.meta.url).pathname;
  const built = await rolldown({ input, platform: 'neutral', logLevel: 'warn' });
  await built.write({ file: new URL(`${name}.js`, BUILT).pathname, format: 'esm' });
  await built.close();
}

async function writeTable() {
  const told = await ENGINES.node(BUILT);
  const before = readTable();
  const table = {};
  for (const [id, { trajectory, error }] of told) {
    if (error !== undefined) throw new Error(`${id}: ${error}`);
    table[id] = { seconds: trajectory.seconds, ...trajectory.prints };
    const changed = differences(before[id], table[id]);
    if (changed.length > 0) console.log(`${id}: ${changed.join(', ')}`);
  }
  writeFileSync(TABLE, `${JSON.stringify(table, undefined, 2)}\n`);
  console.log(`${told.size} presets written; say in the commit which ingredients changed, and why.`);
}

async function compare() {
  const table = readTable();
  const runs = await Promise.all(
    Object.entries(ENGINES).map(async ([engine, run]) => {
      const told = await run(BUILT).catch((error) => error);
      return { engine, told };
    }),
  );
  const lines = runs.flatMap(({ engine, told }) => judge(engine, told, table));
  const failed = lines.filter((line) => line !== undefined);
  for (const line of failed) console.log(line);
  if (failed.length > 0) {
    console.log(
      'If the engine was meant to change: node e2e/fingerprints.mjs --write, and commit it with the reason.',
    );
  }
  console.log(`${lines.length - failed.length} passed, ${failed.length} failed`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

/** A test for each preset: undefined where it passes, else what to say. */
function judge(engine, told, table) {
  if (told instanceof Error) {
    const why = told.message.split('\n')[0];
    return Object.keys(table).map((id, i) => `${engine}: ${id} was not run${i === 0 ? `: ${why}` : ''}`);
  }
  const ids = new Set([...Object.keys(table), ...told.keys()]);
  return [...ids].map((id) => {
    const { trajectory, error } = told.get(id) ?? { error: 'is in the table, but there is no such preset' };
    if (error !== undefined) return `${engine}: ${id}: ${error}`;
    if (table[id] === undefined) return `${engine}: ${id}: is not in the table`;
    const mine = { seconds: trajectory.seconds, ...trajectory.prints };
    const wrong = differences(table[id], mine);
    return wrong.length === 0 ? undefined : `${engine}: ${id}: ${wrong.join(', ')}`;
  });
}

/** `decisions are 0123, the table has 4567` of each ingredient that differs. */
function differences(had = {}, now = {}) {
  return [...new Set([...Object.keys(had), ...Object.keys(now)])]
    .filter((name) => had[name] !== now[name])
    .map((name) => `${name} are ${now[name] ?? 'missing'}, the table has ${had[name] ?? 'none'}`);
}

function readTable() {
  try {
    return JSON.parse(readFileSync(TABLE, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}
