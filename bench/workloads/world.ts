// usage: world.mjs PRESET SECONDS: a preset's cluster under 2000 connections/s
import { advance, createWorld, view } from '../../packages/cluster/src/index.ts';
import { seconds, type SimTime } from '../../packages/des/src/index.ts';
import { type OpenWorkload, preset, type Scenario } from '../../packages/scenario/src/index.ts';
import { programs } from '../../packages/shell/src/index.ts';
import { measure, print } from './measure.ts';

const VISITORS: OpenWorkload = {
  kind: 'open',
  name: 'load',
  on: 'client',
  sources: { first: '10.1.0.10', count: 200 },
  targets: ['192.168.1.6:80'],
  protocol: 'tcp',
  requestBytes: { kind: 'constant', value: 250 },
  requestsPerConnection: { kind: 'constant', value: 1 },
  keepAlive: false,
  timeoutSeconds: 30,
  startSeconds: 0,
  stopSeconds: 0,
  ratePerSecond: 2000,
  objectsPerPage: { kind: 'constant', value: 1 },
  parallel: 6,
};

function scenarioOf(name: string): Scenario {
  const scenario = preset(name);
  if (scenario === undefined) throw new Error(`no preset bears the name ${name}`);
  return { ...scenario, workloads: [VISITORS], timeline: [] };
}

const [name = '', until = ''] = process.argv.slice(2);
const created = createWorld(scenarioOf(name), programs);
if (!created.ok) throw new Error(created.faults.map((fault) => JSON.stringify(fault)).join('\n'));
const { world } = created;
const broken = world.commands.find((command) => command.rc !== 0);
if (broken !== undefined) throw new Error(`${broken.host}: ${broken.command}: ${broken.err}`);

const ends = seconds(Number(until)) as number as SimTime;
const { result, seconds: took, cpuSeconds, bytes } = measure(() => advance(world, programs, ends));
const { started, succeeded } = view(world).workloads[0]!;
if (succeeded < started * 0.99 - 200)
  throw new Error(`of ${started} requests only ${succeeded} were answered`);
print({
  work: started,
  seconds: took,
  cpuSeconds,
  bytes,
  events: result.events,
  peakLive: view(world).connections,
});
