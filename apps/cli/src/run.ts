import {
  advance,
  createWorld,
  execute,
  fingerprints,
  view,
  wiredInterfaces,
  type World,
} from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import type { Scenario } from '@lvscope/scenario';
import { programs } from '@lvscope/shell';
import { loadScenario, withSettings } from './load.ts';
import { fail, print } from './print.ts';
import { chosenInterfaces, record, type Recording, saveRecording, startRecording } from './pcapng.ts';
import { progressBar } from './progress.ts';
import { endState } from './report.ts';

export interface RunOptions {
  readonly seed?: string;
  readonly until?: string;
  readonly set?: readonly string[];
  readonly json?: boolean;
  readonly pcapng?: string;
  readonly interface?: string;
}

/** Events between two looks at the progress bar. */
const SLICE_EVENTS = 50_000;
/** With frames kept, few enough that the ring never runs over: an event floods at most one frame. */
const SLICE_EVENTS_RECORDING = 500;

/** Runs a scenario to its end and prints what the director believes beside what the servers have. */
export function run(name: string, options: RunOptions): number {
  const loaded = loadScenario(name);
  const changed = loaded.ok ? withSettings(loaded.scenario, options.set ?? []) : loaded;
  if (!changed.ok) return changed.sentences.map(fail).at(-1) ?? 2;
  const seed = options.seed === undefined ? changed.scenario.seed : Number(options.seed);
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    return fail(`--seed ${options.seed}: wanted a whole number from 0 to 4294967295`);
  }
  const until = options.until === undefined ? changed.scenario.durationSeconds : Number(options.until);
  if (!(until > 0 && until <= 1e6))
    return fail(`--until ${options.until}: wanted seconds, above 0 up to 1000000`);
  if (options.interface !== undefined && options.pcapng === undefined) {
    return fail('--interface: wanted with --pcapng');
  }
  // only at packet level are there frames to write
  const detail = options.pcapng === undefined ? changed.scenario.detail : 'packet';
  const scenario: Scenario = { ...changed.scenario, seed, detail };
  const created = createWorld(scenario, programs);
  if (!created.ok) {
    const sentences = created.faults.map(
      ({ path, found, wanted }) => `${path}: found ${found}, wanted ${wanted}`,
    );
    return sentences.map(fail).at(-1) ?? 2;
  }
  const { world } = created;
  const recording = recordingFor(world, options);
  if (recording === 'no-interface') {
    const labels = wiredInterfaces(world).map(({ label }) => label);
    return fail(`--interface ${options.interface}: wanted a network, a host, or one of ${labels.join(', ')}`);
  }
  runTo(world, until, recording);
  if (recording !== undefined && options.pcapng !== undefined) {
    const packets = saveRecording(recording, options.pcapng);
    process.stderr.write(`${options.pcapng}: ${packets} packets\n`);
  }
  if (options.json) print(JSON.stringify(jsonOf(world), null, 2));
  else for (const line of endState(world)) print(line);
  return 0;
}

/** The recording that was asked for; 'no-interface' where what it should listen at is not there. */
function recordingFor(world: World, options: RunOptions): Recording | 'no-interface' | undefined {
  if (options.pcapng === undefined) return undefined;
  const chosen = chosenInterfaces(wiredInterfaces(world), options.interface);
  return chosen.length === 0 ? 'no-interface' : startRecording(world, chosen);
}

function runTo(world: World, seconds: number, recording: Recording | undefined): void {
  const until = Math.round(seconds * 1e9) as SimTime;
  const bar = progressBar(Math.ceil(seconds), 'simulated seconds');
  const events = recording === undefined ? SLICE_EVENTS : SLICE_EVENTS_RECORDING;
  for (let reached = false; !reached; ) {
    reached = advance(world, programs, until, events).reached;
    if (recording !== undefined) record(recording, world);
    bar.step(world.sim.now / 1e9);
  }
  bar.stop();
}

function jsonOf(world: World): object {
  return {
    scenario: world.scenario.name,
    seed: world.scenario.seed,
    view: view(world),
    listings: Object.fromEntries(
      world.directors.map(({ name }) => [name, execute(world, programs, name, 'ipvsadm -Ln').out]),
    ),
    fingerprints: fingerprints(world),
  };
}
