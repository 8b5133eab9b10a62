import { expect, it } from 'vitest';
import type { Destination } from '../service.ts';
import { pick, serviceWith, type ServerSpec } from './testing/pool.ts';
import type { SchedulerName } from './types.ts';

/** Letter of the chosen server; A was added first, so the last letter is the head of the list. */
function chosen(scheduler: SchedulerName, specs: readonly ServerSpec[]): string {
  const service = serviceWith(scheduler, specs);
  const one: Destination | undefined = pick(service);
  return one === undefined ? '-' : String.fromCharCode(64 + specs.length - service.destinations.indexOf(one));
}

const idle = (weight: number): ServerSpec => ({ weight });
const busy = (weight: number, activeConns: number, inactConns = 0): ServerSpec => ({
  weight,
  activeConns,
  inactConns,
});

it('in an idle pool wlc takes the head of the list whatever its weight, sed the highest weight', () => {
  expect(chosen('wlc', [idle(100), idle(3), idle(1)])).toBe('C');
  expect(chosen('sed', [idle(100), idle(3), idle(1)])).toBe('A');
});

it('an active connection weighs as much as 256 inactive ones', () => {
  expect(chosen('wlc', [busy(1, 1), busy(1, 0, 255)])).toBe('B');
  expect(chosen('wlc', [busy(1, 1), busy(1, 0, 256)])).toBe('B');
  expect(chosen('wlc', [busy(1, 1), busy(1, 0, 257)])).toBe('A');
});

it('wlc divides by weight, lc does not', () => {
  expect(chosen('wlc', [busy(4, 3), busy(1, 1)])).toBe('A');
  expect(chosen('lc', [busy(4, 3), busy(1, 1)])).toBe('B');
});

it('sed does not see inactive connections', () => {
  expect(chosen('sed', [busy(1, 1, 0), busy(1, 0, 100_000)])).toBe('B');
});

it('nq takes the first idle server even where sed would not, and else does as sed', () => {
  expect(chosen('nq', [busy(100, 1), idle(1)])).toBe('B');
  expect(chosen('sed', [busy(100, 1), idle(1)])).toBe('A');
  expect(chosen('nq', [busy(100, 1), busy(1, 1)])).toBe('A');
  expect(chosen('nq', [idle(9), idle(1)])).toBe('B');
});

it('of equals the server added last wins', () => {
  for (const scheduler of ['lc', 'wlc', 'sed', 'nq'] as const) {
    expect(chosen(scheduler, [busy(2, 2), busy(2, 2), busy(2, 2)])).toBe('C');
  }
});

it('fo sends everything to the highest weight, ties to the server added last', () => {
  expect(chosen('fo', [busy(5, 1000), idle(2)])).toBe('A');
  expect(chosen('fo', [busy(5, 1000), busy(5, 2000), idle(2)])).toBe('B');
});

it('ovf fills the highest weight until it has one connection more than its weight', () => {
  expect(chosen('ovf', [busy(3, 3), idle(1)])).toBe('A');
  expect(chosen('ovf', [busy(3, 4), idle(1)])).toBe('B');
  expect(chosen('ovf', [busy(3, 4), busy(1, 2)])).toBe('-');
});

it('products of a million connections and the largest weight are compared exactly', () => {
  expect(chosen('wlc', [busy(65_535, 1_000_000, 0), busy(65_535, 1_000_000, 1)])).toBe('A');
});
