import type { FailoverReport } from '@lvscope/cluster';
import { describe, expect, it } from 'vitest';
import { after, stepsOf } from './report.ts';

const report = (over: Partial<FailoverReport>): FailoverReport => ({
  address: '192.168.1.6',
  atNs: 120e9,
  before: ['d1'],
  detectedNs: undefined,
  takenNs: undefined,
  takenBy: undefined,
  correctedNs: undefined,
  firstGoodNs: undefined,
  outageSeconds: 0,
  connectionsKept: 0,
  connectionsLost: 0,
  failedRequests: 0,
  ...over,
});

describe('the report of a fail-over', () => {
  it('lists what has happened in the order of time, each with how long after the loss', () => {
    const steps = stepsOf(
      report({ detectedNs: 123e9, takenNs: 123.1e9, correctedNs: 151e9, firstGoodNs: 151.5e9 }),
    );
    expect(steps.map(({ kind, afterNs }) => `${kind} ${after(afterNs)}`)).toEqual([
      'lost +0.000\u202fs',
      'detected +3.000\u202fs',
      'taken +3.100\u202fs',
      'corrected +31.0\u202fs',
      'good +31.5\u202fs',
    ]);
  });

  it('leaves out what has not happened yet', () => {
    expect(stepsOf(report({ takenNs: 121e9 })).map(({ kind }) => kind)).toEqual(['lost', 'taken']);
  });
});
