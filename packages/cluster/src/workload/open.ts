import { sample, schedule, type SimTime } from '@lvscope/des';
import { addClient } from '../client-table.ts';
import { EVENT_ARRIVAL } from '../events.ts';
import type { Workload, World } from '../world.ts';
import { beginConnection } from './agent.ts';
import { newPage } from './plan.ts';

/** Poisson arrivals: the next page comes an exponential time after the last. */
export function scheduleArrival(world: World, w: Workload): void {
  if (!(w.ratePerSecond > 0)) return;
  const gap = sample(w.streams.arrivals, { kind: 'exponential', mean: 1e9 / w.ratePerSecond });
  const at = world.sim.now + Math.floor(gap);
  if (at > Number.MAX_SAFE_INTEGER) return;
  schedule(world.sim, at as SimTime, EVENT_ARRIVAL, w.index, w.arrivalEpoch);
}

/** A page arrives: its first objects are asked for in parallel, each on a connection of its own. */
export function pageArrives(world: World, index: number, epoch: number): void {
  const w = world.workloads[index]!;
  if (w.spec.kind !== 'open' || !w.running || epoch !== w.arrivalEpoch) return;
  scheduleArrival(world, w);
  const objects = Math.max(1, Math.floor(sample(w.streams.arrivals, w.spec.objectsPerPage) + 0.5));
  const agents = Math.max(1, Math.min(objects, w.spec.parallel));
  const page = newPage(world, w, agents, objects - agents);
  for (let i = 0; i < agents; i++) beginConnection(world, addClient(world.clients, w.index, page));
}
