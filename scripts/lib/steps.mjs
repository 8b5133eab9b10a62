import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { ensureChromium, ensureFirefox, ensureTshark } from './browser.mjs';
import { inRoot } from './files.mjs';
import { freePort } from './ports.mjs';
import { buildCli, buildWeb, CLI } from './prepare.mjs';
import { agree, one, readLastLine, readPlaywright, readTap, readVerify, readVitest } from './results.mjs';
import { run, tool } from './run.mjs';

/**
 * A step of npm test.
 * @typedef {object} Step
 * @property {string} name for people, and for --only
 * @property {() => Promise<{ result: import('./results.mjs').Result, output: string }>} body
 */

/** A check that is one program: it passes when that ends well. */
const check = (name, program, args) => ({
  name,
  body: async () => {
    const { code, output } = await run(program, args);
    return { result: one(code === 0), output };
  },
});

const script = (name, file) => check(name, process.execPath, [inRoot('scripts', file)]);

/** @type {Step[]} in the order in which they run: what is quick to tell comes first */
export const STEPS = [
  check('format', tool('biome'), ['format', '.']),
  check('lint', tool('oxlint'), ['--type-aware', '--deny-warnings']),
  check('types', tool('tsc'), ['-b']),
  script('borders', 'check-borders.mjs'),
  script('size', 'check-size.mjs'),
  check('unused', tool('knip'), ['--no-progress']),
  check('manifests', tool('sherif'), []),
  { name: 'tooling', body: tooling },
  { name: 'unit', body: unit },
  { name: 'build', body: build },
  { name: 'verify', body: verify },
  { name: 'e2e', body: e2e },
  { name: 'firefox', body: firefox },
];

async function tooling() {
  const files = readdirSync(inRoot('scripts')).filter((name) => name.endsWith('.test.mjs'));
  const paths = files.map((name) => inRoot('scripts', name));
  const { code, stdout, output } = await run(process.execPath, [
    '--test',
    '--test-reporter',
    'tap',
    ...paths,
  ]);
  return { result: agree(code, readTap(stdout)), output };
}

async function unit() {
  await ensureTshark();
  const report = freshReport('unit.json');
  const args = [
    'run',
    '--passWithNoTests',
    // a busy machine is no failure: tests assert facts, not times
    '--testTimeout=120000',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const { code, output } = await run(tool('vitest'), args);
  return { result: agree(code, readVitest(report)), output };
}

async function build() {
  await buildWeb();
  await buildCli();
  return { result: one(true), output: '' };
}

/** Holds the engine against the kernel's recordings: one test a recording. */
async function verify() {
  const folder = 'packages/oracle/traces';
  const traces = existsSync(inRoot(folder))
    ? readdirSync(inRoot(folder)).filter((name) => /\.json(\.gz)?$/.test(name))
    : [];
  if (traces.length === 0)
    return { result: { passed: 0, failed: 0, note: 'no recordings here' }, output: '' };
  await buildCli();
  const report = freshReport('verified.json');
  const { code, stdout, output } = await run(process.execPath, [CLI, 'verify', folder, '--json', report]);
  const result = withCurrentPage(agree(code, readVerify(stdout)), report);
  const missed = traces.length - result.passed - result.failed;
  if (missed === 0) return { result, output };
  const note = `${traces.length} recordings, but ${result.passed + result.failed} were judged`;
  return { result: { ...result, failed: result.failed + 1, note }, output };
}

const VERIFIED = 'apps/web/src/verified/recordings.json';

/** The page says what a run showed: it must be what this run shows. */
function withCurrentPage(result, report) {
  const same = existsSync(report) && readFileSync(report, 'utf8') === readFileSync(inRoot(VERIFIED), 'utf8');
  if (same) return result;
  const note = `${VERIFIED} is of another run: npm run verified`;
  return { ...result, failed: result.failed + 1, note };
}

async function e2e() {
  await ensureChromium();
  await buildWeb();
  const report = freshReport('e2e.json');
  const { code, output } = await run(tool('playwright', 'e2e'), ['test', '--pass-with-no-tests'], {
    cwd: inRoot('e2e'),
    env: { LVSCOPE_E2E_PORT: String(await freePort(4300)), LVSCOPE_E2E_REPORT: report },
  });
  return { result: agree(code, readPlaywright(report)), output };
}

/** Firefox, Chromium and Node must compute the same run, bit for bit. */
async function firefox() {
  const program = inRoot('e2e/fingerprints.mjs');
  if (!existsSync(program))
    return { result: { passed: 0, failed: 0, note: 'no fingerprints here' }, output: '' };
  await ensureChromium();
  await buildWeb();
  await buildCli();
  const env = { LVSCOPE_FIREFOX: await ensureFirefox() };
  const { code, stdout, output } = await run(process.execPath, [program], { env });
  return { result: agree(code, readLastLine(stdout)), output };
}

/** Where a runner leaves its report. An earlier run's is removed, lest it be taken for this one's. */
function freshReport(name) {
  mkdirSync(inRoot('.cache/test'), { recursive: true });
  const file = inRoot('.cache/test', name);
  rmSync(file, { force: true });
  return file;
}
