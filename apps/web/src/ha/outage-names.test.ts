import type { OutageView } from '@lvscope/cluster';
import { expect, test } from 'vitest';
import { plotOf } from '../timeline/plot.ts';
import { namesWithRoom } from './outage-names.ts';
import type { Trouble } from './troubles.ts';

/** A hundred seconds on a thousand pixels and the margins. */
const plot = plotOf(1088, 200, 100);

const outage = (from: number, to: number, failedRequests = 1): OutageView => ({
  workload: 'ab',
  fromNs: from * 1e9,
  toNs: to * 1e9,
  over: true,
  failedRequests,
});
const failed = (from: number, to: number): Trouble => ({ kind: 'failed', from, to, count: 1 });

/** Where words begin, in seconds of the plot. */
const placed = (outages: readonly OutageView[], troubles: readonly Trouble[] = []): string[] =>
  namesWithRoom(outages, troubles, plot).map(
    ({ outage: one, x }) => `${one.fromNs / 1e9} at ${plot.x.invert(x).toFixed(1)}`,
  );

test('the words stand behind the strip, and behind the failures that go on after it', () => {
  expect(placed([outage(20, 30)])).toEqual(['20 at 30.4']);
  expect(placed([outage(20, 30)], [failed(25, 33)])).toEqual(['20 at 33.4']);
});

test('of outages close to each other the longest has words, and none lie on a strip', () => {
  expect(placed([outage(10, 11), outage(14, 18)])).toEqual(['14 at 18.4']);
  expect(placed([outage(10, 14), outage(30, 31)], [failed(15, 16)])).toEqual(['30 at 31.4']);
});

test('a short pause without a failed request is not spoken of', () => {
  expect(placed([outage(10, 11.1, 0)])).toEqual([]);
  expect(placed([outage(10, 12.5, 0)])).toEqual(['10 at 12.9']);
});

test('at the right edge the words stay on the plot', () => {
  expect(placed([outage(90, 100)])).toEqual(['90 at 93.4']);
});
