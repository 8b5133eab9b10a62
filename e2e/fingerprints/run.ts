import { advance, createWorld, fingerprints } from '@lvscope/cluster';
import { preset, presets } from '@lvscope/scenario';
import { programs } from '@lvscope/shell';

type SimTime = Parameters<typeof advance>[2];

/**
 * Simulated time that every preset runs for: so long that connections in FIN_WAIT (120 s) expire; those with
 * very much traffic for less. Seconds.
 */
const SECONDS = 150;
const SHORTER: Readonly<Record<string, number>> = { 'capacity-nat': 4, 'capacity-tun': 4, 'capacity-dr': 4 };
/** No preset needs so many events in that time: the run does not get on. */
const MOST_EVENTS = 5_000_000;

/** What a preset's trajectory was: a fingerprint by ingredient. */
export interface Trajectory {
  readonly seconds: number;
  readonly prints: Readonly<Record<string, string>>;
}

export function presetIds(): string[] {
  return presets().map(({ id }) => id);
}

/** Runs a preset from its start. Throws where there is none of that name, or it makes no world. */
export function trajectoryOf(id: string): Trajectory {
  const scenario = preset(id);
  if (scenario === undefined) throw new Error(`there is no preset ${id}`);
  const created = createWorld(scenario, programs);
  if (!created.ok) throw new Error(`${id}: ${JSON.stringify(created.faults)}`);
  const seconds = Math.min(SHORTER[id] ?? SECONDS, scenario.durationSeconds);
  const { reached } = advance(created.world, programs, (seconds * 1e9) as SimTime, MOST_EVENTS);
  if (!reached) throw new Error(`${id}: ${MOST_EVENTS} events and not at ${seconds} s`);
  return { seconds, prints: fingerprints(created.world) };
}
