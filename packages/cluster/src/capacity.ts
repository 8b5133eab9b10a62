import type { SimTime } from '@lvscope/des';
import { type CapacityAssumptions, capacityScenario, type Method } from '@lvscope/scenario';
import { createWorld } from './build.ts';
import { advance } from './loop.ts';
import type { Programs } from './programs.ts';
import type { World } from './world.ts';

/** What a director got through with so many servers behind it. */
export interface CapacityPoint {
  readonly method: Method;
  readonly servers: number;
  /** Requests a second that the servers could answer, and that clients ask for. */
  readonly offeredPerSecond: number;
  /** Requests a second that were answered. */
  readonly answeredPerSecond: number;
}

/** Long enough for queues to fill and for clients to give up where the director is the bottleneck. */
const WARM_UP_SECONDS = 6;
const MEASURED_SECONDS = 6;

/**
 * Runs one director with `servers` real servers that are all offered what they can serve, and counts what is
 * answered: as long as that is what was offered, the director feeds them all.
 */
export function measureCapacity(
  programs: Programs,
  method: Method,
  servers: number,
  assumptions: CapacityAssumptions,
): CapacityPoint {
  const created = createWorld(capacityScenario(method, servers, assumptions), programs);
  if (!created.ok) throw new Error(`capacity scenario: ${JSON.stringify(created.faults)}`);
  const { world } = created;
  const before = answeredAt(world, programs, WARM_UP_SECONDS);
  const after = answeredAt(world, programs, WARM_UP_SECONDS + MEASURED_SECONDS);
  return {
    method,
    servers,
    offeredPerSecond: world.workloads[0]?.ratePerSecond ?? 0,
    answeredPerSecond: (after - before) / MEASURED_SECONDS,
  };
}

function answeredAt(world: World, programs: Programs, seconds: number): number {
  advance(world, programs, (seconds * 1e9) as SimTime);
  return world.workloads.reduce((sum, workload) => sum + workload.succeeded, 0);
}
