import fc from 'fast-check';
import { copyState, fingerprint, fingerprintText } from '@lvscope/des';
import { expect, test } from 'vitest';
import { explainDecision } from './explain.ts';
import { countDecisions, decision } from './decision-ring.ts';
import { connectionRows } from './listing.ts';
import { client, director, server, type Director, service, wait } from './testing/director.ts';
import { brokenInvariants } from './testing/invariants.ts';
import { command, listed } from './testing/trace-world.ts';
import { runW2 } from './testing/w2.ts';

type Step =
  | { readonly kind: 'client'; readonly from: string; readonly letters: string }
  | { readonly kind: 'server'; readonly from: string; readonly letters: string }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'command'; readonly line: string };

const letters = fc.constantFrom('S', 'A', 'FA', 'R', 'PA', 'SA', 'P');
const from = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 3 }))
  .map(([a, p]) => `10.9.0.${a}:${p}`);
const rip = fc.integer({ min: 1, max: 3 }).map((i) => `10.0.1.${i}:80`);
const T = '-t 10.0.0.100:80';
const line = fc.oneof(
  fc.tuple(rip, fc.nat(3), fc.nat(3)).map(([r, w, x]) => `ipvsadm -e ${T} -r ${r} -m -w ${w} -x ${x}`),
  rip.map((r) => `ipvsadm -d ${T} -r ${r}`),
  rip.map((r) => `ipvsadm -a ${T} -r ${r} -m`),
  fc.constantFrom('wlc', 'rr', 'wrr', 'sh', 'mh', 'lblcr', 'twos').map((s) => `ipvsadm -E ${T} -s ${s}`),
  fc.constantFrom('wlc', 'lblc', 'nq').map((s) => `ipvsadm -E ${T} -s ${s} -p 30`),
  fc
    .tuple(
      fc.constantFrom('expire_nodest_conn', 'expire_quiescent_template', 'conntrack', 'sloppy_tcp'),
      fc.nat(1),
    )
    .map(([name, value]) => `sysctl net.ipv4.vs.${name}=${value}`),
  fc.nat(3).map((mode) => `sysctl net.ipv4.vs.conn_reuse_mode=${mode}`),
  fc.constantFrom(0, 3).map((mode) => `sysctl net.ipv4.vs.drop_entry=${mode}`),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('client' as const), from, letters }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('server' as const), from, letters }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.constantFrom(0.001, 1, 15, 70) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('command' as const), line }) },
);

function take(d: Director, s: Step): void {
  if (s.kind === 'client') client(d, s.from, s.letters);
  else if (s.kind === 'wait') wait(d, s.seconds);
  else if (s.kind === 'command') command(d, s.line);
  else {
    const row = listed(d).find((r) => r.c === s.from);
    if (row !== undefined) server(d, row.d, s.from, s.letters);
  }
}

const fresh = () => director(...service('-s wlc', '-m', '-g', '-m -w 2'));

test('whatever happens, rows, counters, references and timers agree', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const d = fresh();
      for (const s of steps) {
        take(d, s);
        expect(brokenInvariants(d.ipvs, d.sim)).toEqual([]);
      }
    }),
    { numRuns: 150 },
  );
});

test('in the end every row goes', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const d = fresh();
      for (const s of steps) take(d, s);
      wait(d, 3000);
      expect(connectionRows(d.ipvs, d.sim)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test('every recorded decision can be taken again from its inputs', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const d = fresh();
      for (const s of steps) take(d, s);
      for (let i = 0; i < countDecisions(d.ipvs); i++) {
        const input = decision(d.ipvs, i)!;
        const explained = explainDecision(input);
        expect([explained.chosen, explained.agrees]).toEqual([input.chosen, true]);
      }
    }),
    { numRuns: 100 },
  );
});

test('a copy runs on exactly like the original', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.array(step, { maxLength: 30 }), (before, after) => {
      const d = fresh();
      for (const s of before) take(d, s);
      const copy = copyState(d);
      for (const s of after) {
        take(d, s);
        take(copy, s);
      }
      expect(listed(copy)).toEqual(listed(d));
      for (const name of ['decisions', 'timers']) {
        expect(fingerprintText(fingerprint(copy.sim, name))).toBe(fingerprintText(fingerprint(d.sim, name)));
      }
    }),
    { numRuns: 50 },
  );
});

test('the load of the performance page runs the same each time, and weights share it', () => {
  const run = runW2(20_000);
  expect(runW2(20_000)).toEqual(run);
  expect(run.rowsLeft).toBe(0);
  expect(run.conns.reduce((a, b) => a + b)).toBe(20_000);
  const byWeight = [0, 1, 2, 3].map((w) => run.conns.filter((_, i) => i % 4 === w).reduce((a, b) => a + b));
  for (const [i, sum] of byWeight.entries()) expect(Math.abs(sum / 20_000 - (i + 1) / 10)).toBeLessThan(0.02);
});
