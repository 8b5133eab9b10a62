import type { ClosedWorkload, OpenWorkload, Quantity } from './document.ts';
import { VIP } from './topology.ts';

export const constant = (value: number): Quantity => ({ kind: 'constant', value });
export const exponential = (mean: number): Quantity => ({ kind: 'exponential', mean });

const common = {
  on: 'client',
  targets: [`${VIP}:80`],
  protocol: 'tcp',
  requestBytes: constant(250),
  requestsPerConnection: constant(1),
  keepAlive: false,
  timeoutSeconds: 30,
  startSeconds: 0,
  stopSeconds: 0,
} as const;

/** Clients 10.1.0.10 and the `count` − 1 addresses after it. */
const sourcesFrom = (count: number): { first: string; count: number } => ({ first: '10.1.0.10', count });

/** One machine with `ab`: `concurrency` users who never pause. */
export function stressTest(sources: number, changes: Partial<ClosedWorkload> = {}): ClosedWorkload {
  return {
    ...common,
    kind: 'closed',
    name: 'ab',
    sources: sourcesFrom(sources),
    concurrency: 10,
    total: 0,
    thinkSeconds: exponential(0.1),
    ...changes,
  };
}

/** Visitors who come when they come, from `sources` addresses. */
export function visitors(
  sources: number,
  ratePerSecond: number,
  changes: Partial<OpenWorkload> = {},
): OpenWorkload {
  return {
    ...common,
    kind: 'open',
    name: 'visitors',
    sources: sourcesFrom(sources),
    ratePerSecond,
    objectsPerPage: constant(1),
    parallel: 6,
    ...changes,
  };
}
