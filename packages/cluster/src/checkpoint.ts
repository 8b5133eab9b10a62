import { copyState, fingerprintText, stateBytes } from '@lvscope/des';
import type { World } from './world.ts';

/** A world that stands where this one stands and runs on like it; neither knows of the other. */
export function checkpoint(world: World): World {
  // the scenario is never written to, so both may hold the same one
  const { scenario, ...state } = world;
  return { scenario, ...copyState(state) };
}

/** About how many bytes the world takes in memory. */
export function worldBytes(world: World): number {
  return stateBytes(world);
}

/** What the trajectory has been so far, by ingredient: decisions, segments, timers, counters. */
export function fingerprints(world: World): Record<string, string> {
  const names = [...world.sim.fingerprints.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const texts: Record<string, string> = {};
  for (const name of names) texts[name] = fingerprintText(world.sim.fingerprints.get(name)!);
  return texts;
}
