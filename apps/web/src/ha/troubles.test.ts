import { describe, expect, it } from 'vitest';
import { troubles } from './troubles.ts';

const rows = (failed: number[], p99: number[]) => ({
  stepSeconds: 1,
  time: failed.map((_, i) => i + 1),
  columns: new Map([
    ['ab:failed', failed],
    ['ab:p99', p99],
  ]),
});

describe('the outage strip', () => {
  it('joins the seconds in which requests failed', () => {
    expect(troubles(rows([0, 0, 4, 9, 9, 10], [1, 1, 1, 1, 1, 1]), ['ab'])).toEqual([
      { kind: 'failed', from: 2, to: 4, count: 9 },
      { kind: 'failed', from: 5, to: 6, count: 1 },
    ]);
  });

  it('marks as slow what took a second or longer', () => {
    expect(troubles(rows([0, 0, 0], [20, 1040, 3100]), ['ab'])).toEqual([
      { kind: 'slow', from: 1, to: 3, count: 3100 },
    ]);
  });

  it('is empty where nothing is wrong', () => {
    expect(troubles(rows([0, 0], [20, 30]), ['ab'])).toEqual([]);
  });
});
