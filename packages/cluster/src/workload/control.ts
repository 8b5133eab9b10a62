import type { Quantity } from '@lvscope/scenario';
import { ACCEPTED, type Outcome, type Workload, type World } from '../world.ts';
import { startUsers } from './closed.ts';
import { scheduleArrival } from './open.ts';

/** What may be changed of a workload while it runs; what is left out stays. */
export interface WorkloadChange {
  /** Source addresses, from the first on; 1 to 65536. */
  readonly sources?: number;
  /** Users of a closed loop, 1 to 100000. */
  readonly concurrency?: number;
  /** Pages a second of an open loop. */
  readonly ratePerSecond?: number;
  readonly keepAlive?: boolean;
  readonly requestsPerConnection?: number | Quantity;
  readonly running?: boolean;
}

function whole(value: number | undefined, most: number): boolean {
  return value === undefined || (Number.isInteger(value) && value >= 1 && value <= most);
}

/** Changes a workload from this instant on; connections that are open finish as they began. */
export function setWorkload(world: World, name: string, change: WorkloadChange): Outcome {
  const w = world.workloads.find((one) => one.name === name);
  if (w === undefined) return { ok: false, reason: `no workload is called ${name}` };
  if (!whole(change.sources, 65536)) return { ok: false, reason: 'sources: a whole number from 1 to 65536' };
  if (!whole(change.concurrency, 100_000)) {
    return { ok: false, reason: 'concurrency: a whole number from 1 to 100000' };
  }
  const rate = change.ratePerSecond;
  if (rate !== undefined && !(rate >= 0 && rate <= 1e6)) {
    return { ok: false, reason: 'ratePerSecond: a number from 0 to 1000000' };
  }
  const per = change.requestsPerConnection;
  if (typeof per === 'number' && !(per >= 1 && per <= 1e6)) {
    return { ok: false, reason: 'requestsPerConnection: a number from 1 to 1000000' };
  }
  if (change.sources !== undefined) w.sources = change.sources;
  if (change.concurrency !== undefined) w.concurrency = change.concurrency;
  if (change.keepAlive !== undefined) w.keepAlive = change.keepAlive;
  if (per !== undefined) {
    w.requestsPerConnection = typeof per === 'number' ? { kind: 'constant', value: per } : per;
  }
  const running = change.running ?? w.running;
  const rateChanged = rate !== undefined && rate !== w.ratePerSecond;
  if (rate !== undefined) w.ratePerSecond = rate;
  setRunning(world, w, running, rateChanged);
  return ACCEPTED;
}

function setRunning(world: World, w: Workload, running: boolean, rateChanged: boolean): void {
  const changed = running !== w.running;
  w.running = running;
  if (w.spec.kind === 'closed') {
    startUsers(world, w);
  } else if (changed || rateChanged) {
    w.arrivalEpoch++;
    if (running) scheduleArrival(world, w);
  }
}

/** The times at which the scenario lets a workload begin and end. */
export function startWorkload(world: World, index: number): void {
  const w = world.workloads[index]!;
  if (!w.running) setRunning(world, w, true, false);
}

export function stopWorkload(world: World, index: number): void {
  const w = world.workloads[index]!;
  if (w.running) setRunning(world, w, false, false);
}
