import { simTime } from '@lvscope/des';
import { expect, it } from 'vitest';
import type { WrrState } from './state.ts';
import { addServer, contextAt, deleteServer, editServer, pick, serviceWith, turns } from './testing/pool.ts';
import type { Service } from '../service.ts';
import { SCHEDULERS } from './index.ts';

const weights = (...list: number[]): { weight: number }[] => list.map((weight) => ({ weight }));
const stateOf = (service: Service): WrrState => service.schedulerState as WrrState;

it.each([
  [[4, 3, 2], 'CBAABACBACBAABACBA'],
  [[30, 20, 10], 'CBAABACBAABA'],
  [[1, 1, 1], 'CBACBA'],
])('weights %j added one after the other give %s', (list, expected) => {
  expect(turns(serviceWith('wrr', weights(...list)), expected.length)).toBe(expected);
});

it('an edit takes the pointer to the head and keeps the current weight where it is still valid', () => {
  const service = serviceWith('wrr', weights(3, 1));
  expect(turns(service, 3)).toBe('BAA');
  editServer(service, service.destinations[0]!, 2);
  expect(stateOf(service)).toMatchObject({ cl: -1, cw: 3, mw: 3, di: 1 });
  expect(turns(service, 8)).toBe('ABABAABA');
});

it('begins with the heaviest when bound to servers that are there already', () => {
  const service = serviceWith('rr', weights(4, 3, 2));
  service.scheduler = 'wrr';
  service.schedulerState = SCHEDULERS.wrr.init(service, contextAt());
  expect(turns(service, 9)).toBe('ABACBACBA');
});

it('lowers the current weight onto the grid of a new interval', () => {
  const service = serviceWith('wrr', weights(5));
  stateOf(service).cw = 4;
  stateOf(service).mw = 9;
  addServer(service, { weight: 10 });
  expect(stateOf(service)).toMatchObject({ di: 5, mw: 6, cw: 1 });
});

it('the largest weight and the interval count overloaded servers', () => {
  const service = serviceWith('wrr', [{ weight: 4, overloaded: true }, { weight: 2 }]);
  expect(stateOf(service)).toMatchObject({ di: 2, mw: 3 });
  expect(turns(service, 3)).toBe('BBB');
});

it('finds nobody at once when all weights are 0, and starts at the maximum afterwards', () => {
  const service = serviceWith('wrr', weights(0, 0));
  expect(turns(service, 2)).toBe('--');
  editServer(service, service.destinations[1]!, 5);
  expect(turns(service, 2)).toBe('AA');
});

it('gives up at the head with the maximum restored when all are overloaded from the head on', () => {
  const service = serviceWith('wrr', weights(3, 2));
  for (const one of service.destinations) one.overloaded = true;
  expect(pick(service)).toBeUndefined();
  expect(stateOf(service)).toMatchObject({ cl: -1, cw: 3 });
});

it('gives up at the server it started from when all are overloaded, once the last pass came round', () => {
  const service = serviceWith('wrr', weights(3, 2, 1));
  const [head] = service.destinations;
  expect(pick(service)).toBe(head);
  expect(stateOf(service).cw).toBe(1);
  for (const one of service.destinations) one.overloaded = true;
  expect(pick(service)).toBeUndefined();
  expect(stateOf(service)).toMatchObject({ cl: head!.id, cw: 1 });
});

it('gives up at the head after a whole last pass when it started above it', () => {
  const service = serviceWith('wrr', weights(3, 2, 1));
  pick(service);
  stateOf(service).cw = 2;
  for (const one of service.destinations) one.overloaded = true;
  expect(pick(service)).toBeUndefined();
  expect(stateOf(service)).toMatchObject({ cl: -1, cw: 3 });
});

it('a deletion takes the pointer to the head', () => {
  const service = serviceWith('wrr', weights(1, 1, 1));
  expect(turns(service, 2)).toBe('CB');
  deleteServer(service, service.destinations[2]!);
  expect(stateOf(service).cl).toBe(-1);
  expect(turns(service, 2)).toBe('BA');
});

it('before 3.10 the first pass is that of the highest weight, however the servers were added', () => {
  const old = contextAt(simTime(0), '2.6');
  const service = serviceWith('wrr', weights(4, 3, 2), 0, old);
  expect(turns(service, 18, old)).toBe('ABACBACBAABACBACBA');
});

it('before 3.10 a change keeps the current weight, unless the maximum fell below it', () => {
  const old = contextAt(simTime(0), '2.4');
  const service = serviceWith('wrr', weights(4, 1), 0, old);
  expect(turns(service, 2, old)).toBe('AA');
  expect(stateOf(service).cw).toBe(3);
  editServer(service, service.destinations[1]!, 2, old);
  expect(stateOf(service)).toMatchObject({ cw: 0, mw: 2, cl: -1 });
  expect(turns(service, 3, old)).toBe('ABA');
});

it('before 3.10 it gives up when all are overloaded or have weight 0', () => {
  const old = contextAt(simTime(0), '2.6');
  const service = serviceWith('wrr', [{ weight: 3, overloaded: true }, { weight: 0 }], 0, old);
  expect(turns(service, 2, old)).toBe('--');
  expect(turns(serviceWith('wrr', weights(0), 0, old), 1, old)).toBe('-');
  expect(turns(serviceWith('wrr', [], 0, old), 1, old)).toBe('-');
});
