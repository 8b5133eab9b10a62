import { actionsOf, checkpoint, type UserAction, type World, worldBytes } from '@lvscope/cluster';

/** What the user did, and the exact place in the run at which it was done. */
export interface Issued {
  readonly atNs: number;
  /** Events that had happened before. */
  readonly eventsFired: number;
  readonly action: UserAction;
  readonly host: string;
  /** The line that was given, where it was one. */
  readonly command: string | undefined;
}

interface Kept {
  readonly world: World;
  readonly atNs: number;
  readonly bytes: number;
}

/** Copies of the world to go back to, from old to new; thinned when they grow too large. */
export interface Checkpoints {
  readonly budgetBytes: number;
  kept: Kept[];
  /** One more, shortly before where the last step back led. */
  near: Kept | undefined;
  /** Simulated time between copies; doubles when they are thinned. */
  apartNs: number;
  /** What the last copy cost, milliseconds of the machine's time. */
  costMs: number;
  lastWallMs: number;
}

/** Copies of worlds may take this much memory. Bytes. */
const BUDGET_BYTES = 256e6;
const FIRST_APART_NS = 5e9;
/** A copy may take this share of the machine's time. */
const SHARE = 0.05;

export function createCheckpoints(): Checkpoints {
  return {
    budgetBytes: BUDGET_BYTES,
    kept: [],
    near: undefined,
    apartNs: FIRST_APART_NS,
    costMs: 0,
    lastWallMs: -Infinity,
  };
}

/** Keeps a copy of the world where one is due. @param wallMs the machine's clock */
export function keep(checkpoints: Checkpoints, world: World, wallMs: () => number): void {
  const last = checkpoints.kept.at(-1);
  const atNs = world.sim.now;
  if (last !== undefined && atNs < last.atNs + checkpoints.apartNs) return;
  const startMs = wallMs();
  if (startMs - checkpoints.lastWallMs < checkpoints.costMs / SHARE) return;
  checkpoints.kept.push({ world: checkpoint(world), atNs, bytes: worldBytes(world) });
  checkpoints.lastWallMs = wallMs();
  checkpoints.costMs = checkpoints.lastWallMs - startMs;
  thin(checkpoints);
}

/** Leaves out every other one, oldest first but never the start, until all fit. */
function thin(checkpoints: Checkpoints): void {
  const total = (): number => checkpoints.kept.reduce((sum, one) => sum + one.bytes, 0);
  while (total() > checkpoints.budgetBytes && checkpoints.kept.length > 2) {
    checkpoints.kept = checkpoints.kept.filter((_, i) => i % 2 === 0);
    checkpoints.apartNs *= 2;
  }
}

/** A copy of the newest world that is not later than a time; undefined only before the first was kept. */
export function nearest(checkpoints: Checkpoints, atNs: number): World | undefined {
  const kept = checkpoints.kept.findLast((one) => one.atNs <= atNs);
  return kept === undefined ? undefined : checkpoint(kept.world);
}

/** Keeps a copy apart from the others, instead of the one that was kept so before. */
export function keepNear(checkpoints: Checkpoints, world: World): void {
  checkpoints.near = { world: checkpoint(world), atNs: world.sim.now, bytes: 0 };
}

/**
 * A copy of the newest world in which no more than so many events had happened and the user had done no more
 * than so much.
 */
export function nearestEvent(checkpoints: Checkpoints, events: number, given: number): World | undefined {
  const fired = (one: Kept): number => one.world.sim.eventsFired;
  const all = checkpoints.near === undefined ? checkpoints.kept : [...checkpoints.kept, checkpoints.near];
  const fit = all.filter((one) => fired(one) <= events && actionsOf(one.world) <= given);
  const best = fit.reduce<Kept | undefined>(
    (found, one) => (found === undefined || fired(one) >= fired(found) ? one : found),
    undefined,
  );
  return best === undefined ? undefined : checkpoint(best.world);
}

/** Forgets what lies after a world: another past begins there. */
export function forgetAfter(checkpoints: Checkpoints, now: World): void {
  const fired = now.sim.eventsFired;
  const before = ({ world }: Kept): boolean =>
    world.sim.eventsFired < fired || (world.sim.eventsFired === fired && actionsOf(world) <= actionsOf(now));
  checkpoints.kept = checkpoints.kept.filter(before);
  if (checkpoints.near !== undefined && !before(checkpoints.near)) checkpoints.near = undefined;
}
