// usage: world.cjs PRESET SECONDS: a preset's cluster under 2000 connections/s
import { advance, createWorld, view } from '../../packages/cluster/src/index.ts';
import { seconds, type SimTime } from '../../packages/des/src/index.ts';
import { preset, type Scenario } from '../../packages/scenario/src/index.ts';
import { programs } from '../../packages/shell/src/index.ts';
import { measure, print } from './measure.ts';
import { openLoad } from './open-load.ts';

function scenarioOf(name: string): Scenario {
  const scenario = preset(name);
  if (scenario === undefined) throw new Error(`no preset bears the name ${name}`);
  return { ...scenario, workloads: [openLoad(2000, 200, 30)], timeline: [] };
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
