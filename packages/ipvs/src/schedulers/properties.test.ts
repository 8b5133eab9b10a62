import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SCHED_FLAG_1, SCHED_FLAG_2 } from '../service.ts';
import { SCHEDULERS } from './index.ts';
import { mhTable } from './mh.ts';
import { overhead } from './overhead.ts';
import { shTable } from './sh.ts';
import { servers, sourceAddresses, workload } from './testing/arbitraries.ts';
import {
  addServer,
  contextAt,
  deleteServer,
  editServer,
  from,
  ip,
  pick,
  serviceWith,
} from './testing/pool.ts';
import type { SchedulerName } from './types.ts';

const NAMES = Object.keys(SCHEDULERS) as SchedulerName[];
const [VIP1, VIP2] = [ip('10.200.0.1'), ip('10.200.0.2')];

describe.each(NAMES)('%s', (name) => {
  it('never picks a server at weight 0, nor one with the mark (but lblc one that it has cached)', () => {
    fc.assert(
      fc.property(
        servers,
        workload,
        fc.constantFrom(0, SCHED_FLAG_1, SCHED_FLAG_2, 3),
        (specs, steps, flags) => {
          const context = contextAt();
          const service = serviceWith(name, specs, flags, context);
          const picked = new Set<string>();
          for (const step of steps) {
            const one = service.destinations[step.place % Math.max(1, service.destinations.length)];
            if (step.change === 'add') addServer(service, { weight: step.weight });
            else if (step.change === 'edit' && one) editServer(service, one, step.weight);
            else if (step.change === 'delete' && one) deleteServer(service, one);
            else if (step.change === 'mark' && one) one.overloaded = !one.overloaded;
            const destination = step.weight % 2 === 0 ? VIP1 : VIP2;
            const chosen = pick(service, from(step.source, 1, destination), context);
            if (chosen === undefined) continue;
            expect(service.destinations).toContain(chosen);
            expect(chosen.weight).toBeGreaterThan(0);
            const key = `${destination} ${chosen.id}`;
            expect(chosen.overloaded && !(name === 'lblc' && picked.has(key))).toBe(false);
            picked.add(key);
            chosen.activeConns++;
          }
        },
      ),
    );
  });

  it('finds a server where one is usable, unless the bucket or the capacity says otherwise', () => {
    if (name === 'sh' || name === 'dh' || name === 'mh' || name === 'ovf') return;
    fc.assert(
      fc.property(servers, (specs) => {
        const service = serviceWith(name, specs);
        const usable = service.destinations.some((one) => one.weight > 0 && !one.overloaded);
        expect(pick(service) !== undefined).toBe(usable);
      }),
    );
  });
});

it('wlc and lblc take the first server of least overhead per weight', () => {
  fc.assert(
    fc.property(servers, fc.constantFrom<SchedulerName>('wlc', 'lblc', 'lblcr'), (specs, name) => {
      const service = serviceWith(name, specs);
      const usable = service.destinations.filter((one) => one.weight > 0 && !one.overloaded);
      const least = Math.min(...usable.map((one) => overhead(one) / one.weight));
      expect(pick(service)).toBe(usable.find((one) => overhead(one) / one.weight === least));
    }),
  );
});

it('sed takes the first server of least expected delay', () => {
  fc.assert(
    fc.property(servers, (specs) => {
      const service = serviceWith('sed', specs);
      const usable = service.destinations.filter((one) => one.weight > 0 && !one.overloaded);
      const least = Math.min(...usable.map((one) => (one.activeConns + 1) / one.weight));
      expect(pick(service)).toBe(usable.find((one) => (one.activeConns + 1) / one.weight === least));
    }),
  );
});

const weights = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 8 });

it('wrr gives every server as many turns in a cycle as its weight, divided by the gcd', () => {
  fc.assert(
    fc.property(weights, fc.constantFrom<'6.1' | '2.6'>('6.1', '2.6'), (list, kernel) => {
      const context = contextAt(undefined, kernel);
      const service = serviceWith(
        'wrr',
        list.map((weight) => ({ weight })),
        0,
        context,
      );
      const { di } = service.schedulerState as { di: number };
      const cycle = list.reduce((sum, weight) => sum + weight, 0) / di;
      const turns = new Map<number, number>();
      for (let i = 0; i < 3 * cycle; i++) {
        const { id } = pick(service, undefined, context)!;
        turns.set(id, (turns.get(id) ?? 0) + 1);
      }
      for (const one of service.destinations) expect(turns.get(one.id) ?? 0).toBe((3 * one.weight) / di);
    }),
  );
});

it('rr comes to every usable server once a round', () => {
  fc.assert(
    fc.property(servers, (specs) => {
      const service = serviceWith('rr', specs);
      const usable = service.destinations.filter((one) => one.weight > 0 && !one.overloaded);
      const round = usable.map(() => pick(service));
      expect(round).toEqual(usable);
    }),
  );
});

it('the remembered place of rr never changes what a search by id would choose', () => {
  fc.assert(
    fc.property(servers, workload, (specs, steps) => {
      const service = serviceWith('rr', specs);
      for (const { change, place, weight } of steps) {
        const one = service.destinations[place % Math.max(1, service.destinations.length)];
        if (change === 'add') addServer(service, { weight });
        else if (change === 'delete' && one) deleteServer(service, one);
        const state = service.schedulerState as { last: number; index: number };
        const before = { ...state };
        const remembered = pick(service);
        Object.assign(state, before, { index: -1 });
        expect(pick(service)).toBe(remembered);
      }
    }),
  );
});

it('sh and mh give each server buckets in proportion to weight, to within one turn', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }), (list) => {
      const { destinations } = serviceWith(
        'lc',
        list.map((weight) => ({ weight })),
      );
      const total = list.reduce((sum, weight) => sum + weight, 0);
      for (const table of [shTable(destinations, true), mhTable(destinations)]) {
        for (const one of destinations) {
          const owned = table.filter((id) => id === one.id).length;
          const share = (table.length * one.weight) / total;
          expect(Math.abs(owned - share)).toBeLessThanOrEqual(one.weight);
        }
      }
    }),
  );
});

it('with a fallback flag sh and mh serve every client while one server has ever been usable', () => {
  fc.assert(
    fc.property(
      servers,
      sourceAddresses,
      fc.constantFrom<SchedulerName>('sh', 'mh'),
      (specs, source, name) => {
        const service = serviceWith(name, [...specs, { weight: 1 }], SCHED_FLAG_1);
        const empty = name === 'mh' && service.destinations.length === 0;
        expect(pick(service, from(source)) !== undefined).toBe(!empty);
      },
    ),
    { numRuns: 40 },
  );
});
