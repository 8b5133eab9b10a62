import type { ServerView, WorkloadView } from '@lvscope/cluster';
import { preset, restoreData, type Scenario } from '@lvscope/scenario';
import { expect, test } from 'vitest';
import { serviceOf } from '../testing/views.ts';
import { asItIsNow } from './as-now.ts';
import { rewire } from './rewire.ts';

function stress(): Scenario {
  const scenario = preset('stress-one-source');
  if (scenario === undefined) throw new Error('the first preset is missing');
  return scenario;
}

const service = serviceOf([{ address: '192.168.1.12', port: 80, weight: 3 } as ServerView]);
const load = { name: 'ab', sources: 50, keepAlive: true } as WorkloadView;

test('scheduler, persistence, weights, sources and KeepAlive go on in a new run', () => {
  const now = asItIsNow(stress(), { services: [service], workloads: [load] });
  const rules = now.hosts.find(({ name }) => name === 'd1')?.rules.split('\n');
  expect(rules?.[0]).toBe('-A -t 192.168.1.6:80 -s wlc');
  expect(rules).toContain('-a -t 192.168.1.6:80 -r 192.168.1.12:80 -g -w 3');
  expect(rules).toContain('-a -t 192.168.1.6:80 -r 192.168.1.11:80 -g -w 1');
  expect(now.workloads[0]).toMatchObject({
    sources: { count: 50 },
    keepAlive: true,
    requestsPerConnection: { kind: 'constant', value: 20 },
  });
  expect(restoreData(rewire(now, { method: 'nat', count: 8 })?.scenario)).toMatchObject({ ok: true });
});

test('a service that was deleted comes back as the scenario has it', () => {
  const other = { ...service, option: '-t 192.168.1.6:8080' };
  expect(asItIsNow(stress(), { services: [other], workloads: [] })).toEqual(stress());
});
