import { expect, test } from 'vitest';
import { countDecisions, createRing, decision, lastDecision } from './decision-ring.ts';
import { CAUSE_NO_SERVER, CAUSE_SCHEDULED, CAUSE_TEMPLATE } from './packet.ts';
import { client, director, service } from './testing/director.ts';
import { command } from './testing/trace-world.ts';

test('a decision keeps the counters as they were before its connection', () => {
  const d = director(...service('-s wlc', '-g', '-g -w 2'));
  client(d, '10.9.0.1:1', 'S');
  client(d, '10.9.0.2:1', 'S');
  const input = decision(d.ipvs, lastDecision(d.ipvs))!;
  expect(input).toMatchObject({ scheduler: 'wlc', cause: CAUSE_SCHEDULED, state: { scheduler: 'wlc' } });
  expect(input.request).toMatchObject({ source: 0x0a090002, sourcePort: 1, destinationPort: 80 });
  expect(input.destinations.map((s) => [s.weight, s.activeConns, s.inactConns])).toEqual([
    [2, 1, 0],
    [1, 0, 0],
  ]);
});

test('a template’s hit and the want of a server are decisions too', () => {
  const d = director(...service('-s rr -p 60', '-g'));
  client(d, '10.9.0.1:1', 'S');
  client(d, '10.9.0.1:2', 'S');
  expect(decision(d.ipvs, d.ipvs.verdict.decision)!.cause).toBe(CAUSE_TEMPLATE);
  command(d, 'ipvsadm -e -t 10.0.0.100:80 -r 10.0.1.1:80 -g -w 0');
  client(d, '10.9.0.2:1', 'S');
  const refused = decision(d.ipvs, d.ipvs.verdict.decision)!;
  expect([refused.cause, refused.chosen]).toEqual([CAUSE_NO_SERVER, undefined]);
  client(d, '10.9.0.1:2', 'A');
  expect(d.ipvs.verdict.decision).toBe(-1);
});

test('a service whose list was forgotten with its decisions is known again at its next one', () => {
  const d = director(...service('-s wlc', '-g', '-g -w 2'), 'ipvsadm -A -t 10.0.0.101:80 -s rr');
  Object.assign(d.ipvs.ring, createRing(300));
  command(d, 'ipvsadm -a -t 10.0.0.101:80 -r 10.0.2.1:80 -g -w 5');
  client(d, '10.9.0.7:1', 'S', '10.0.0.101:80');
  for (let i = 1; i <= 40; i++) {
    command(d, `ipvsadm -e -t 10.0.0.100:80 -r 10.0.1.1:80 -g -w ${i}`);
    client(d, `10.9.0.1:${i}`, 'S');
  }
  expect(d.ipvs.ring.lists.size).toBeLessThanOrEqual(17);
  client(d, '10.9.0.7:2', 'S', '10.0.0.101:80');
  expect(decision(d.ipvs, lastDecision(d.ipvs))!.destinations).toMatchObject([{ weight: 5 }]);
});

test('the oldest are forgotten, those that are kept are whole', () => {
  const d = director(...service('-s wrr', '-g', '-g -w 2', '-g -w 3'));
  Object.assign(d.ipvs.ring, createRing(300));
  for (let i = 0; i < 1000; i++) {
    client(d, `10.9.0.1:${i + 1000}`, 'S');
    if (i % 100 === 50) command(d, 'ipvsadm -a -t 10.0.0.100:80 -r 10.0.2.' + `${i / 50}:80 -g`);
    const { oldest, count } = d.ipvs.ring;
    for (let s = oldest; s < count; s++) expect(decision(d.ipvs, s)!.request.sourcePort).toBe(s + 1000);
    expect(count).toBe(i + 1);
  }
  expect(countDecisions(d.ipvs)).toBe(1000);
  expect(decision(d.ipvs, 0)).toBeUndefined();
});
