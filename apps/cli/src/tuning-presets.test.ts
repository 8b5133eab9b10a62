import { advance, checkpoint, createWorld, execute, view, type World } from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import { preset, presets, type Remedy, type Scenario } from '@lvscope/scenario';
import { programs } from '@lvscope/shell';
import { describe, expect, it, vi } from 'vitest';

vi.setConfig({ testTimeout: 120_000 });

function presetNamed(id: string): Scenario {
  const scenario = preset(id);
  if (scenario === undefined) throw new Error(`no preset ${id}`);
  return scenario;
}

function started(id: string): World {
  const created = createWorld(presetNamed(id), programs);
  if (!created.ok) throw new Error(JSON.stringify(created.faults));
  return created.world;
}

const seenWorlds = new Map<string, World>();

/** A copy of the world of a preset when its trouble is plain. */
function troubledWorld(id: string, seconds: number): World {
  let world = seenWorlds.get(id);
  if (world === undefined) {
    world = started(id);
    runTo(world, seconds);
    seenWorlds.set(id, world);
  }
  return checkpoint(world);
}

function runTo(world: World, seconds: number): void {
  advance(world, programs, (seconds * 1e9) as SimTime);
}

/** Milliseconds that one of `share` of the requests of the last seconds took at most. */
const p90 = (world: World, seconds: number): number => view(world, seconds).workloads[0]!.latencyMs.p90;
const failures = (world: World): number =>
  Object.values(view(world).workloads[0]!.failures).reduce((sum, n) => sum + n, 0);

interface Claim {
  /** Seconds: when the trouble is plain, from when and until when a remedy is judged. */
  readonly seen: number;
  readonly from: number;
  readonly until: number;
  /** What the user feels in the seconds before now, given what had failed at their beginning. */
  readonly troubled: (world: World, seconds: number, failedBefore: number) => boolean;
}

const slow =
  (ms: number) =>
  (world: World, seconds: number): boolean =>
    p90(world, seconds) > ms;
const failing = (world: World, _seconds: number, before: number): boolean => failures(world) > before;

const CLAIMS: Readonly<Record<string, Claim>> = {
  'tuning-wmem': { seen: 60, from: 75, until: 115, troubled: slow(8000) },
  'tuning-syn-backlog': { seen: 20, from: 25, until: 45, troubled: slow(1000) },
  'tuning-tw-reuse': { seen: 60, from: 65, until: 150, troubled: failing },
  'tuning-keepalive': { seen: 1300, from: 2600, until: 6500, troubled: failing },
  'tuning-tw-recycle': { seen: 20, from: 30, until: 60, troubled: failing },
  'tuning-netdev-backlog': { seen: 20, from: 25, until: 45, troubled: slow(1000) },
};

it('every tuning preset states what is felt', () => {
  const ids = presets().flatMap(({ id, group }) => (group === 'tuning' ? [id] : []));
  expect(Object.keys(CLAIMS).toSorted()).toEqual(ids.toSorted());
});

describe.each(Object.entries(CLAIMS))('%s', (id, { seen, from, until, troubled }) => {
  it('is felt by its users', () => {
    const world = troubledWorld(id, seen);
    expect(troubled(world, seen, 0)).toBe(true);
  });

  const remedies = presetNamed(id).remedies.map((remedy): [string, Remedy] => [remedy.title.en, remedy]);
  it.each(remedies)('%s', (_title, { commands, cures }) => {
    const world = troubledWorld(id, seen);
    const codes = commands.map(({ on, run }) => execute(world, programs, on, run).rc);
    const refused = id === 'tuning-tw-reuse' && commands.some(({ run }) => run.includes('tcp_tw_recycle'));
    expect(codes.every((rc) => rc === 0)).toBe(!refused);
    runTo(world, from);
    const before = failures(world);
    runTo(world, until);
    expect(troubled(world, until - from, before)).toBe(!cures);
  });
});
