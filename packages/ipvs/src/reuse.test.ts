import { expect, test } from 'vitest';
import { CAUSE_EXISTING, CAUSE_RESCHEDULED, VERDICT_DROP } from './packet.ts';
import { chosen, client, director, service, wait } from './testing/director.ts';
import { command } from './testing/trace-world.ts';

const FROM = '10.9.0.1:1000';

/** Cause of a SYN after these segments, one second later. */
function causeOfSyn(segments: string, mode: number, ...options: string[]): number {
  const d = director(
    ...service('-s rr', '-g', '-g'),
    `sysctl net.ipv4.vs.conn_reuse_mode=${mode}`,
    ...options,
  );
  client(d, FROM, segments);
  wait(d, 1);
  client(d, FROM, 'S');
  return d.ipvs.verdict.cause;
}

test.each([
  ['S A FA', 0, CAUSE_EXISTING],
  ['S A FA', 1, CAUSE_EXISTING],
  ['S A FA', 2, CAUSE_RESCHEDULED],
  ['S A FA', 3, CAUSE_RESCHEDULED],
  ['S A R', 0, CAUSE_EXISTING],
  ['S A R', 1, CAUSE_RESCHEDULED],
  ['S FA', 1, CAUSE_RESCHEDULED],
  ['S A', 2, CAUSE_EXISTING],
])('direct routing: after %s in conn_reuse_mode %i', (segments, mode, cause) => {
  expect(causeOfSyn(segments, mode)).toBe(cause);
});

test('expire_nodest_conn moves the client of a server of weight 0 at its next SYN', () => {
  const d = director(...service('-s rr', '-g', '-g'), 'sysctl net.ipv4.vs.expire_nodest_conn=1');
  client(d, FROM, 'S A');
  expect(chosen(d)).toBe('10.0.1.2');
  command(d, 'ipvsadm -e -t 10.0.0.100:80 -r 10.0.1.2:80 -g -w 0');
  client(d, FROM, 'S');
  expect(d.ipvs.verdict.cause).toBe(CAUSE_RESCHEDULED);
  expect(chosen(d)).toBe('10.0.1.1');
});

test('a persistent connection is never expected to be new', () => {
  const d = director(...service('-s rr -p 60', '-g', '-g'), 'sysctl net.ipv4.vs.conn_reuse_mode=3');
  client(d, FROM, 'S A R');
  client(d, FROM, 'S');
  expect(d.ipvs.verdict.cause).toBe(CAUSE_EXISTING);
});

test('the old row gives way at the next tick; until then it still counts', () => {
  const d = director(...service('-s rr', '-g'));
  client(d, FROM, 'S A R');
  client(d, FROM, 'S');
  expect(d.ipvs.table.live).toBe(2);
  wait(d, 0.005);
  expect(d.ipvs.table.live).toBe(1);
});

test('with conntrack the SYN is lost once, the next one is scheduled', () => {
  const d = director(...service('-s rr', '-g'), 'sysctl net.ipv4.vs.conntrack=1');
  client(d, FROM, 'S A R');
  expect(client(d, FROM, 'S')).toBe(VERDICT_DROP);
  wait(d, 1);
  client(d, FROM, 'S');
  expect(d.ipvs.table.live).toBe(1);
});
