import type { CommandRecord, WorkloadView, WorldView } from '@lvscope/cluster';
import { describe, expect, it } from 'vitest';
import type { Fork, Future } from '../state/fork.ts';
import { serverOf, serviceOf } from '../testing/views.ts';
import { answeredShares, divergence, outcomeOf } from './compare.ts';

const workload: WorkloadView = { name: 'ab', latencyMs: { p99: 40 } } as unknown as WorkloadView;

const record = (at: number, command: string): CommandRecord =>
  ({ at, host: 'd1', command, rc: 0, out: '', err: '', origin: 'user' }) as unknown as CommandRecord;

const future = (succeeded: number[], failed: number[]): Future => ({
  view: {
    workloads: [workload],
    services: [
      serviceOf([serverOf('rs1')], { skew: { jain: 0.5, maxOverMean: 2, coefficientOfVariation: 1 } }),
    ],
  } as unknown as WorldView,
  series: {
    stepSeconds: 1,
    time: [1, 2, 3, 4],
    columns: new Map([
      ['ab:succeeded', succeeded],
      ['ab:failed', failed],
    ]),
  },
  commands: [],
});

const fork: Fork = { atNs: 2e9, commandsBefore: 1, shown: 'B', other: undefined };

describe('two futures', () => {
  it('are counted from the fork on, until where both have come', () => {
    expect(outcomeOf(future([50, 100, 190, 900], [0, 5, 15, 90]), fork, 3.4, undefined)).toEqual({
      answered: 90,
      failed: 10,
      share: 0.9,
      jain: 0.5,
      p99: 40,
    });
    expect(outcomeOf(future([50, 100, 190, 900], [0, 5, 15, 90]), fork, 2, undefined).share).toBeUndefined();
  });

  it('part with the first command that only one of them has', () => {
    const shared = record(1, 'ipvsadm -A -t 1.2.3.4:80');
    const later = record(9, 'ip link set eth0 down');
    expect(divergence([shared], [shared], 1)).toBeUndefined();
    expect(divergence([shared], [shared, later], 1)).toEqual({ in: 'B', record: later });
    expect(divergence([shared, later], [shared], 1)).toEqual({ in: 'A', record: later });
  });

  it('show what share of the requests that ended was answered, second by second', () => {
    const columns = new Map([
      ['ab:succeeded', [10, 20, 20, 30]],
      ['ab:failed', [0, 0, 10, 10]],
    ]);
    const rows = { stepSeconds: 1, time: [1, 2, 3, 4], columns };
    expect(answeredShares(rows, [workload], 2).map(({ share }) => share)).toEqual([1, 0, 1]);
  });
});
