import { seconds, simTime } from '@lvscope/des';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainDecision } from './explain.ts';
import { wouldHaveChosen } from './explain-others.ts';
import type { DecisionInput } from './explain-types.ts';
import type { KernelVersion } from './kernel-profile.ts';
import { CAUSE_TEMPLATE } from './packet.ts';
import { SCHEDULERS } from './schedulers/index.ts';
import { servers, workload } from './schedulers/testing/arbitraries.ts';
import { decide, takenAgain } from './schedulers/testing/decisions.ts';
import {
  addServer,
  contextAt,
  deleteServer,
  editServer,
  from,
  ip,
  serviceWith,
} from './schedulers/testing/pool.ts';
import type { SchedulerName } from './schedulers/types.ts';

const NAMES = Object.keys(SCHEDULERS) as SchedulerName[];
const [VIP1, VIP2] = [ip('10.200.0.1'), ip('10.200.0.2')];

/** Everything that must hold of an explanation. */
function checkExplanation(input: DecisionInput): void {
  const { chosen, agrees, candidates, nobody, reason } = explainDecision(input);
  expect(agrees).toBe(true);
  expect(chosen).toBe(input.chosen);
  expect(nobody === undefined).toBe(chosen !== undefined);
  expect(candidates.map((one) => one.id)).toEqual(input.destinations.map((one) => one.id));
  expect(candidates.filter((one) => one.verdict === 'chosen').map((one) => one.id)).toEqual(
    chosen === undefined ? [] : [chosen],
  );
  const leaders = candidates.filter((one) => one.comparison?.tookLead);
  if (reason.kind === 'least' && leaders.length > 0) expect(leaders.at(-1)!.id).toBe(chosen);
  for (const { comparison } of candidates) {
    if (comparison) expect(comparison.tookLead).toBe(comparison.left > comparison.right);
  }
}

const kernels = fc.constantFrom<KernelVersion>('2.4', '2.6', '6.1');

describe.each(NAMES)('every decision of %s', (name) => {
  it('is explained by the rule that took it, and can be taken again from its inputs', () => {
    fc.assert(
      fc.property(
        servers,
        workload,
        fc.integer({ min: 0, max: 3 }),
        kernels,
        (specs, steps, flags, kernel) => {
          const context = contextAt(simTime(seconds(5)), kernel);
          const service = serviceWith(name, specs, flags, context);
          for (const step of steps) {
            const one = service.destinations[step.place % Math.max(1, service.destinations.length)];
            if (step.change === 'add') addServer(service, { weight: step.weight }, context);
            else if (step.change === 'edit' && one) editServer(service, one, step.weight, context);
            else if (step.change === 'delete' && one) deleteServer(service, one, context);
            else if (step.change === 'mark' && one) one.overloaded = !one.overloaded;
            const destination = step.weight % 2 === 0 ? VIP1 : VIP2;
            const input = decide(service, from(step.source, 7, destination), context);
            checkExplanation(input);
            if (name !== 'twos') expect(takenAgain(input)).toBe(input.chosen);
            const bound = service.destinations.find((server) => server.id === input.chosen);
            if (bound) bound.activeConns++;
          }
        },
      ),
    );
  });
});

it('wlc shows the products that it compared, and that the earlier of equals stays', () => {
  const service = serviceWith('wlc', [
    { weight: 1, activeConns: 1 },
    { weight: 2, activeConns: 2 },
    { weight: 2, activeConns: 3 },
  ]);
  const [c, b, a] = service.destinations.map((one) => one.id);
  const { candidates, reason } = explainDecision(decide(service));
  expect(reason).toEqual({ kind: 'least', measure: 'overhead-per-weight', tied: [a] });
  expect(candidates.map(({ id, verdict, cost, comparison }) => ({ id, verdict, cost, comparison }))).toEqual([
    { id: c, verdict: 'lost', cost: 768, comparison: undefined },
    {
      id: b,
      verdict: 'chosen',
      cost: 512,
      comparison: { leader: c, left: 1536, right: 1024, tookLead: true },
    },
    { id: a, verdict: 'lost', cost: 256, comparison: { leader: b, left: 512, right: 512, tookLead: false } },
  ]);
});

it('wrr shows the current weight at which each server was looked at', () => {
  const service = serviceWith('wrr', [{ weight: 3 }, { weight: 1 }]);
  decide(service);
  decide(service);
  const { candidates, reason } = explainDecision(decide(service));
  expect(reason).toMatchObject({ kind: 'weighted-turn', cwBefore: 1, cw: 3, mw: 3, di: 1, passes: 1 });
  expect(candidates.map(({ verdict, currentWeight }) => [verdict, currentWeight])).toEqual([
    ['skipped-below-current-weight', 3],
    ['chosen', 3],
  ]);
});

it('wrr before 3.10 may give up although a server further on is usable', () => {
  const old = contextAt(simTime(0), '2.6');
  const service = serviceWith('wrr', [{ weight: 1 }, { weight: 2 }], 0, old);
  const heavy = service.destinations[0]!;
  expect(decide(service, undefined, old).chosen).toBe(heavy.id);
  heavy.overloaded = true;
  const { chosen, nobody, agrees } = explainDecision(decide(service, undefined, old));
  expect({ chosen, nobody, agrees }).toEqual({ chosen: undefined, nobody: 'gave-up', agrees: true });
  expect(decide(service, undefined, old).chosen).toBe(service.destinations[1]!.id);
});

it('nq says that it did not reach the servers after the idle one', () => {
  const service = serviceWith('nq', [{}, {}, { activeConns: 1 }]);
  const { candidates, reason } = explainDecision(decide(service));
  expect(reason.kind).toBe('idle');
  expect(candidates.map((one) => one.verdict)).toEqual(['lost', 'chosen', 'not-reached']);
});

it('a refused sh client is told whose bucket it has', () => {
  const service = serviceWith('sh', [{}, {}, {}]);
  const input = decide(service);
  editServer(service, service.destinations.find((one) => one.id === input.chosen)!, 0);
  const { nobody, reason, candidates } = explainDecision(decide(service));
  expect(nobody).toBe('bucket-unusable');
  expect(reason).toMatchObject({ kind: 'bucket', bucket: 39, buckets: 256, fallback: false, looks: 1 });
  expect(candidates.map((one) => one.buckets).reduce((sum, n) => sum! + n!)).toBe(256);
  expect(candidates.filter((one) => one.verdict === 'skipped-weight-0')).toHaveLength(1);
});

it('lblc says that a server left its address because another was half idle', () => {
  const service = serviceWith('lblc', [{ weight: 2 }, { weight: 2 }]);
  const [first, second] = service.destinations;
  decide(service);
  first!.activeConns = 3;
  expect(explainDecision(decide(service)).reason).toEqual({
    kind: 'cache',
    cached: [first!.id],
    member: first!.id,
    outcome: 'over-capacity',
    halfIdle: second!.id,
    tied: [],
  });
});

it('a template leaves the scheduler unasked', () => {
  const service = serviceWith('wlc', [{}, {}]);
  const second = service.destinations[1]!.id;
  const input = { ...decide(service), cause: CAUSE_TEMPLATE, chosen: second };
  const { reason, candidates, agrees } = explainDecision(input);
  expect(reason).toEqual({ kind: 'not-asked', cause: CAUSE_TEMPLATE });
  expect(candidates.map((one) => one.verdict)).toEqual(['not-asked', 'chosen']);
  expect(agrees).toBe(true);
});

it('every other scheduler of the kernel says whom it would have chosen, and nothing changes by it', () => {
  const service = serviceWith('wlc', [
    { weight: 9, activeConns: 4 },
    { weight: 1, activeConns: 0, inactConns: 3 },
  ]);
  const [light, heavy] = service.destinations.map((one) => one.id);
  const input = decide(service);
  const copy = structuredClone(input);
  const others = wouldHaveChosen(input);
  expect(input).toEqual(copy);
  expect(others.map((one) => one.scheduler)).toEqual(NAMES.filter((one) => one !== 'wlc'));
  const byName = Object.fromEntries(others.map((one) => [one.scheduler, one.id]));
  expect(byName).toMatchObject({ rr: light, wrr: heavy, lc: light, sed: heavy, nq: light, fo: heavy });
  expect(wouldHaveChosen({ ...input, kernel: '2.6' }).map((one) => one.scheduler)).not.toContain('mh');
});

it('the chances of twos add up to 1 and agree with what it draws', () => {
  fc.assert(
    fc.property(servers, (specs) => {
      const service = serviceWith('twos', specs);
      const usable = service.destinations.some((one) => one.weight > 0 && !one.overloaded);
      const input = { ...decide(service), scheduler: 'wlc' as const, state: { scheduler: 'wlc' as const } };
      const chances = wouldHaveChosen(input).find((one) => one.scheduler === 'twos')!.chances!;
      const sum = chances.reduce((total, one) => total + one.probability, 0);
      expect(Math.abs(sum - (usable ? 1 : 0))).toBeLessThan(1e-9);
      if (usable) expect(chances.find((one) => one.id === input.chosen)!.probability).toBeGreaterThan(0);
    }),
  );
});
