import type { SimTime } from '@lvscope/des';
import type { World } from '../world.ts';
import { remember } from './state.ts';

/** Less than this nobody calls an outage, ns. */
const SHORTEST_NS = 1e9;

/** A request that began at `began` has had its whole answer. */
export function noteAnswer(
  world: World,
  workload: number,
  began: number,
  connection: number,
  openedAt: number,
): void {
  const trouble = world.ha.trouble[workload]!;
  const { now } = world.sim;
  const from = trouble.since >= 0 ? trouble.since : Math.max(began, trouble.lastGood);
  if (now - from >= SHORTEST_NS && (trouble.since >= 0 || now - began >= SHORTEST_NS)) {
    remember(world.ha.outages, { workload, from: from as SimTime, to: now, failed: trouble.failed });
  }
  trouble.since = -1;
  trouble.failed = 0;
  trouble.lastGood = now;
  const last = world.ha.takeOvers.at(-1);
  if (last !== undefined && openedAt < last.at) last.kept.add(connection);
}

/** A request has failed. @param openedAt when its connection was open; -1: it never was */
export function noteFailure(
  world: World,
  workload: number,
  began: number,
  connection: number,
  openedAt: number,
): void {
  const trouble = world.ha.trouble[workload]!;
  if (trouble.since < 0) trouble.since = Math.max(began, trouble.lastGood);
  trouble.failed++;
  noteLost(world, connection, openedAt);
}

/** A connection is gone before its time. */
export function noteLost(world: World, connection: number, openedAt: number): void {
  const last = world.ha.takeOvers.at(-1);
  if (last === undefined || openedAt < 0 || openedAt >= last.at) return;
  last.kept.delete(connection);
  last.lost++;
}
