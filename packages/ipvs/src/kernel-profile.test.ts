import { expect, test } from 'vitest';
import { CAUSE_EXISTING } from './packet.ts';
import { client, counters, directorOf, service, state, wait } from './testing/director.ts';
import { listed } from './testing/trace-world.ts';

const FROM = '10.9.0.1:1000';
const old = () => directorOf('2.6', ...service('-s wlc', '-g'));

test('before 4.8 a SYN alone is inactive', () => {
  const d = old();
  client(d, FROM, 'S');
  expect(counters(d)).toBe('1/0/1/0');
  client(d, FROM, 'A');
  expect(counters(d)).toBe('1/1/0/0');
});

test('before 4.1 a client port that comes back stays with its server', () => {
  const d = old();
  client(d, FROM, 'S A R');
  client(d, FROM, 'S');
  expect(d.ipvs.verdict.cause).toBe(CAUSE_EXISTING);
  expect(state(d, FROM)).toBe('SYN_RECV 60');
});

test('before 4.8 timers fire on time; since then one of 60 s may be 2 s late', () => {
  const exact = old();
  const coarse = directorOf('6.1', ...service('-s wlc', '-g'));
  for (const d of [exact, coarse]) {
    client(d, FROM, 'S');
    wait(d, 60);
  }
  expect(listed(exact)).toHaveLength(0);
  expect(listed(coarse).map((r) => [r.state, r.exp])).toEqual([['SYN_RECV', 0]]);
  wait(coarse, 2.05);
  expect(listed(coarse)).toHaveLength(0);
});

test('before 4.19 templates are never assured', () => {
  const d = directorOf('2.6', ...service('-s wlc -p 60', '-g'));
  client(d, FROM, 'S A');
  expect(state(d, '10.9.0.1:0')).toBe('NONE 60');
});
