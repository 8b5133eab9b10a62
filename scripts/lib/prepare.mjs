import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { inRoot, newestChange, sourceFiles } from './files.mjs';
import { run, tool } from './run.mjs';
import { dim, duration, Missing, say } from './say.mjs';

const STAMP = inRoot('node_modules', '.installed-lockfile');

/** Installs what the lockfile names, unless that has been done. */
export async function install() {
  const lockfile = createHash('sha256')
    .update(readFileSync(inRoot('pnpm-lock.yaml')))
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lockfile) return;
  const { packageManager } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'));
  say(`Installing the dependencies with ${packageManager} (the first time takes half a minute) …`);
  const result = await run('npx', ['--yes', packageManager, 'install', '--frozen-lockfile'], {
    // an empty XDG_DATA_HOME would put the package store into the repository
    env: process.env.XDG_DATA_HOME === '' ? { XDG_DATA_HOME: undefined } : {},
  });
  if (result.code !== 0) throw new Missing(`${result.output.trim()}\n\n${whyInstallFailed(result)}`);
  writeFileSync(STAMP, lockfile);
  say(dim(`Installed in ${duration(result.ms)}.`));
}

function whyInstallFailed({ code, output }) {
  if (code === 127) return 'npx is missing: it comes with npm; install npm 7 or newer (npm comes with Node).';
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|network|fetch failed/i.test(output)) {
    return (
      'The npm registry cannot be reached: connect to the network ' +
      '(or set npm’s proxy or registry), then try again.'
    );
  }
  return 'The dependencies could not be installed; the lines above say why.';
}

/** Makes what the sources need and git does not keep: the words as functions, the style sheets' types. */
export async function generate() {
  await must('generating words and style types', 'npm', [
    '--prefix',
    'apps/web',
    'run',
    '--silent',
    'generate',
  ]);
}

/** The build of this run: later callers get the first one's outcome. */
let webBuild;

/** Builds the page into apps/web/dist, once a run: whoever tests it never gets an older one. */
export function buildWeb() {
  const args = ['build', '--logLevel', 'warn'];
  webBuild ??= must('building the page', tool('vite', 'apps/web'), args, inRoot('apps/web'));
  return webBuild;
}

export const CLI = inRoot('apps/cli/dist/lvscope.cjs');

/**
 * Node's arguments for what runs the engine: as many threads for V8's compiler as the machine has to spare,
 * which is how many a browser has. Node's own number is four; on two cores they keep the engine from its
 * processor in the first third of a second.
 */
export const ENGINE_ARGS = ['--v8-pool-size=0'];

/** Bundles the command line into apps/cli/dist/lvscope.cjs, unless it is newer than all sources. */
export async function buildCli() {
  if (!existsSync(inRoot('apps/cli/src/main.ts'))) {
    throw new Missing('The command line has no source: apps/cli/src/main.ts is missing from this checkout.');
  }
  const sources = sourceFiles(['apps/cli', 'packages'], /\.(ts|json)$/);
  if (existsSync(CLI) && statSync(CLI).mtimeMs > newestChange([...sources, 'pnpm-lock.yaml'])) return;
  const args = ['--config', 'rolldown.config.ts', '--log-level', 'warn'];
  await must('bundling the command line', tool('rolldown'), args, inRoot('apps/cli'));
}

async function must(what, program, args, cwd) {
  const result = await run(program, args, { cwd });
  if (result.code !== 0)
    throw new Missing(`${result.output.trim()}\n\n${what} failed; the lines above say why.`);
}
