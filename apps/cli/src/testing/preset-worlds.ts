import {
  advance,
  beliefs,
  checkpoint,
  createWorld,
  drops,
  execute,
  type ServiceView,
  view,
  type World,
} from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import { preset, type Remedy, type Scenario } from '@lvscope/scenario';
import { programs } from '@lvscope/shell';

export function presetNamed(id: string): Scenario {
  const scenario = preset(id);
  if (!scenario) throw new Error(`no preset ${id}`);
  return scenario;
}

/** The world of a preset, at time 0. */
export function started(id: string): World {
  const created = createWorld(presetNamed(id), programs);
  if (!created.ok) throw new Error(JSON.stringify(created.faults));
  return created.world;
}

export function runTo(world: World, seconds: number): World {
  advance(world, programs, (seconds * 1e9) as SimTime);
  return world;
}

/** Its first service. */
export function serviceAt(world: World, windowSeconds?: number): ServiceView {
  const service = view(world, windowSeconds).services[0];
  if (!service) throw new Error('no service');
  return service;
}

/** What became of the requests of a stretch of time, over all workloads. */
export interface Stretch {
  readonly succeeded: number;
  /** By kind: refused, reset, timeout, unreachable. */
  readonly failures: Readonly<Record<string, number>>;
  readonly failed: number;
  /** Connections that reached a server past the director. */
  readonly bypassed: number;
  /** Requests answered, by workload. */
  readonly answered: Readonly<Record<string, number>>;
  /** Requests served, by host. */
  readonly served: Readonly<Record<string, number>>;
  /** The service at the end, with the stretch as its window. */
  readonly service: ServiceView;
}

interface Counts {
  readonly failures: Record<string, number>;
  readonly answered: Record<string, number>;
  readonly served: Record<string, number>;
  readonly bypassed: number;
}

function countsOf(world: World): Counts {
  const failures: Record<string, number> = {};
  const answered: Record<string, number> = {};
  const served: Record<string, number> = {};
  const seen = view(world);
  for (const workload of seen.workloads) {
    answered[workload.name] = workload.succeeded;
    for (const [kind, count] of Object.entries(workload.failures)) {
      failures[kind] = (failures[kind] ?? 0) + count;
    }
  }
  for (const server of world.servers) {
    served[server.hostName] = (served[server.hostName] ?? 0) + server.requestsServed;
  }
  return { failures, answered, served, bypassed: serviceAt(world).bypassed };
}

const less = (after: Record<string, number>, before: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(after).map(([key, n]) => [key, n - (before[key] ?? 0)]));
const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((all, n) => all + n, 0);

/** Runs on for so many seconds, and says what happened in them. */
export function watch(world: World, seconds: number): Stretch {
  const before = countsOf(world);
  runTo(world, world.sim.now / 1e9 + seconds);
  const after = countsOf(world);
  const failures = less(after.failures, before.failures);
  const answered = less(after.answered, before.answered);
  return {
    succeeded: sum(answered),
    failures,
    failed: sum(failures),
    bypassed: after.bypassed - before.bypassed,
    answered,
    served: less(after.served, before.served),
    service: serviceAt(world, seconds),
  };
}

/** A copy of the world in which a remedy's commands were carried out; what went wrong with them. */
export function remedied(world: World, remedy: Remedy): { world: World; errors: string[] } {
  const copy = checkpoint(world);
  const errors: string[] = [];
  for (const { on, run } of remedy.commands) {
    const { rc, err } = execute(copy, programs, on, run);
    if (rc !== undefined && rc !== 0) errors.push(`${on}# ${run}: ${err}`);
  }
  return { world: copy, errors };
}

/** Whom a host takes for an address: the owner of the MAC in its neighbour entry. */
export function believedOwner(world: World, host: string, address: string): string | undefined {
  const rows = beliefs(world).find((one) => one.address === address)?.rows ?? [];
  return rows.find((row) => row.host === host && row.changes.length > 0)?.changes.at(-1)?.owner;
}

/** Packets of a host that went no further for this reason. */
export function dropped(world: World, host: string, reason: string): number {
  return drops(world).find((row) => row.host === host && row.reason === reason)?.packets ?? 0;
}
