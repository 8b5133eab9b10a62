import { existsSync, mkdirSync } from 'node:fs';
import { inRoot } from '../../scripts/lib/files.mjs';
import { ENGINE_ARGS } from '../../scripts/lib/prepare.mjs';
import { run } from '../../scripts/lib/run.mjs';
import { Missing } from '../../scripts/lib/say.mjs';

const OUT = inRoot('.cache', 'bench');
const PEERS = inRoot('bench', 'peers');
const WORKLOADS = ['hold', 'connections', 'packets', 'endpoints', 'world'];
const CXX_FLAGS = ['-std=c++17', '-O3', '-march=native'];

/**
 * @typedef {object} Program
 * @property {string} file
 * @property {string[]} first arguments before the work's own
 */
/**
 * @typedef {object} Peer
 * @property {string} name
 * @property {(work: string) => Program} [program] undefined where the peer is missing
 * @property {string} [version]
 * @property {string} [missing] a sentence: why it is left out and how to get it
 */

/** Bundles LVScope's own workloads, each a program for Node. */
export async function bundle() {
  mkdirSync(OUT, { recursive: true });
  // installed only when the script has begun
  const { build } = await import('rolldown');
  for (const name of WORKLOADS) {
    await build({
      input: inRoot('bench', 'workloads', `${name}.ts`),
      platform: 'node',
      transform: { target: 'node20' },
      // as the command line is bundled, see apps/cli/rolldown.config.ts
      output: { file: `${OUT}/${name}.cjs`, format: 'cjs' },
      logLevel: 'warn',
    });
  }
  return (work) => ({ file: process.execPath, first: [...ENGINE_ARGS, `${OUT}/${work}.cjs`] });
}

/** @returns {Promise<Peer>} */
export async function cpp() {
  const name = 'C++ std::priority_queue';
  const compiler = await run('g++', ['--version']);
  if (compiler.code !== 0) {
    return { name, missing: 'There is no g++ here, so C++ is left out: apt-get install g++ brings it.' };
  }
  await compile('event_queue', []);
  return {
    name,
    version: compiler.stdout.split('\n')[0],
    program: (work) => ({ file: `${OUT}/event_queue`, first: [work] }),
  };
}

/** @returns {Promise<{ ns3: Peer, ns3tcp: Peer }>} its plain events, and its TCP/IP stack */
export async function ns3() {
  const names = { ns3: 'ns-3, priority queue', ns3tcp: 'ns-3, its TCP and IP' };
  const has = (folder) => existsSync(`${folder}/ns3/core-module.h`);
  const headers = ['/usr/include', '/usr/local/include', '/usr/include/ns3.37'].find(has);
  if (headers === undefined || (await run('g++', ['--version'])).code !== 0) {
    const cure = 'apt-get install g++ libns3-dev brings both.';
    const missing = `There is no g++ or no ns-3 with its headers here, so ns-3 is left out: ${cure}`;
    return { ns3: { name: names.ns3, missing }, ns3tcp: { name: names.ns3tcp } };
  }
  await compile('ns3_workloads', [`-I${headers}`, '-lns3-core']);
  const stack = ['core', 'internet', 'network', 'point-to-point'].map((part) => `-lns3-${part}`);
  await compile('ns3_tcp', [`-I${headers}`, ...stack]);
  const version = await run('pkg-config', ['--modversion', 'ns3-core']);
  return {
    ns3: {
      name: names.ns3,
      version: version.code === 0 ? `ns-3 ${version.stdout.trim()}` : 'ns-3 of unknown version',
      program: (work) => ({ file: `${OUT}/ns3_workloads`, first: [work] }),
    },
    ns3tcp: { name: names.ns3tcp, program: () => ({ file: `${OUT}/ns3_tcp`, first: [] }) },
  };
}

/** @returns {Promise<Peer>} */
export async function simpy() {
  const name = 'SimPy';
  const show =
    'import platform, simpy; print("SimPy", simpy.__version__, "on Python", platform.python_version())';
  for (const python of ['python3', '/usr/bin/python3']) {
    const found = await run(python, ['-c', show]);
    if (found.code !== 0) continue;
    const program = (work) => ({ file: python, first: [`${PEERS}/simpy_workloads.py`, work] });
    return { name, version: found.stdout.trim(), program };
  }
  const cure = 'apt-get install python3-simpy3 brings it.';
  return { name, missing: `No python3 here knows SimPy, so SimPy is left out: ${cure}` };
}

async function compile(program, options) {
  const [includes, libraries] = [/^-I/, /^-l/].map((kind) => options.filter((option) => kind.test(option)));
  const source = `${PEERS}/${program}.cc`;
  const args = [...CXX_FLAGS, ...includes, '-o', `${OUT}/${program}`, source, ...libraries];
  const result = await run('g++', args);
  if (result.code !== 0)
    throw new Missing(`${result.output.trim()}\n\nbench/peers/${program}.cc does not compile.`);
}
