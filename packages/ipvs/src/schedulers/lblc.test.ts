import { seconds, simTime } from '@lvscope/des';
import { ipv4 } from '@lvscope/inet';
import { expect, it } from 'vitest';
import type { Destination, Service } from '../service.ts';
import { SCHEDULERS } from './index.ts';
import type { LblcrState, LblcState } from './state.ts';
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

const CLIENT = ip('10.0.0.1');
const at = (second: number): ReturnType<typeof contextAt> => contextAt(simTime(seconds(second)));
const ask = (service: Service, cache = '10.5.0.1', second = 0): Destination | undefined =>
  pick(service, from(CLIENT, 40_000, ip(cache)), at(second));
const minutes = (service: Service, first: number, last: number): void => {
  for (let minute = first; minute <= last; minute++) {
    SCHEDULERS[service.scheduler].everyMinute?.(service, at(minute * 60));
  }
};

it('lblc keeps an address on its server, however many connections that has inactive', () => {
  const service = serviceWith('lblc', [{ weight: 2 }, { weight: 2 }]);
  const first = ask(service)!;
  first.inactConns = 5000;
  expect(ask(service)).toBe(first);
  expect(ask(service, '10.5.0.2')).not.toBe(first);
});

it('lblc leaves a server with more active connections than weight only where another is half idle', () => {
  const service = serviceWith('lblc', [{ weight: 2, activeConns: 1 }, { weight: 2 }]);
  const [first, other] = service.destinations;
  expect(ask(service)).toBe(first);
  first!.activeConns = 3;
  expect(ask(service)).toBe(first);
  other!.activeConns = 0;
  expect(ask(service)).toBe(other);
  expect(ask(service)).toBe(other);
});

it('lblc goes on with a cached server that has the overload mark, but not at weight 0', () => {
  const service = serviceWith('lblc', [{}, {}]);
  const first = ask(service)!;
  first.overloaded = true;
  expect(ask(service)).toBe(first);
  editServer(service, first, 0);
  expect(ask(service)).not.toBe(first);
});

it('lblc takes up a deleted server again if it returned before its address was asked for', () => {
  const service = serviceWith('lblc', [{}, {}]);
  const first = ask(service)!;
  deleteServer(service, first);
  expect(SCHEDULERS.lblc.refersTo?.(service, first.id)).toBe(true);
  first.available = true;
  service.destinations.unshift(first);
  expect(ask(service)).toBe(first);
  deleteServer(service, first);
  expect(ask(service)).toBe(service.destinations[0]);
  expect(SCHEDULERS.lblc.refersTo?.(service, first.id)).toBe(false);
});

it('lblc forgets an address that was not asked for in 24 hours, at the half-hourly check', () => {
  const service = serviceWith('lblc', [{}, {}]);
  ask(service);
  const { cache } = service.schedulerState as LblcState;
  minutes(service, 1, 24 * 60 - 1);
  expect(cache.size).toBe(1);
  minutes(service, 24 * 60, 24 * 60);
  expect(cache.size).toBe(0);
});

it('lblc counts the 24 hours from the last connection to the address', () => {
  const service = serviceWith('lblc', [{}, {}]);
  ask(service);
  minutes(service, 1, 12 * 60);
  ask(service, '10.5.0.1', 12 * 3600);
  minutes(service, 12 * 60 + 1, 36 * 60 - 1);
  const { cache } = service.schedulerState as LblcState;
  expect(cache.size).toBe(1);
  minutes(service, 36 * 60, 36 * 60);
  expect(cache.size).toBe(0);
});

it('lblc with more than 16384 addresses drops the surplus and a third more, unused for 6 minutes', () => {
  const service = serviceWith('lblc', [{}]);
  const { cache } = service.schedulerState as LblcState;
  for (let i = 0; i < 16_384 + 300; i++) pick(service, from(CLIENT, 1, ipv4(0x0b000000 + i)), at(0));
  minutes(service, 1, 5);
  expect(cache.size).toBe(16_684);
  minutes(service, 6, 6);
  expect(cache.size).toBeLessThanOrEqual(16_684 - 400);
  expect(cache.size).toBeGreaterThan(16_684 - 450);
});

const setOf = (service: Service, cache = '10.5.0.1'): readonly number[] =>
  (service.schedulerState as LblcrState).cache.get(ip(cache))!.set;

it('lblcr widens the set of an address when its least loaded server is over capacity', () => {
  const service = serviceWith('lblcr', [{}, {}, {}]);
  const [first, second] = service.destinations;
  expect(ask(service)).toBe(first);
  first!.activeConns = 2;
  expect(ask(service)).toBe(second);
  expect(setOf(service)).toEqual([second!.id, first!.id]);
  second!.activeConns = 1;
  expect(ask(service)).toBe(second);
});

it('lblcr takes no marked server from the set', () => {
  const service = serviceWith('lblcr', [{}, {}]);
  const [first, second] = service.destinations;
  expect(ask(service)).toBe(first);
  first!.overloaded = true;
  expect(ask(service)).toBe(second);
});

it('lblcr lets the most loaded member leave after a day without change, even a deleted one', () => {
  const service = serviceWith('lblcr', [{}, {}]);
  const [first, second] = service.destinations;
  ask(service);
  first!.activeConns = 2;
  ask(service);
  second!.activeConns = 1;
  for (let day = 0; day < 4; day++) ask(service, '10.5.0.1', 21_600 * day);
  ask(service, '10.5.0.1', 86_400);
  expect(setOf(service)).toHaveLength(2);
  deleteServer(service, first!);
  expect(SCHEDULERS.lblcr.refersTo?.(service, first!.id)).toBe(true);
  expect(ask(service, '10.5.0.1', 86_401)).toBe(second);
  expect(setOf(service)).toEqual([second!.id]);
  minutes(service, 1500, 1500);
  expect((service.schedulerState as LblcrState).gone).toEqual([]);
});

it('lblcr lets one member a day leave', () => {
  const service = serviceWith('lblcr', [{}, {}, {}]);
  const all = service.destinations.map((one) => {
    const chosen = ask(service)!;
    chosen.activeConns = 2;
    return one.id;
  });
  for (const one of service.destinations) one.activeConns = 1;
  expect(setOf(service)).toEqual(all.toReversed());
  ask(service, '10.5.0.1', 86_401);
  expect(setOf(service)).toEqual([all[1], all[0]]);
  ask(service, '10.5.0.1', 2 * 86_401 - 1);
  expect(setOf(service)).toHaveLength(2);
  ask(service, '10.5.0.1', 2 * 86_401);
  expect(setOf(service)).toEqual([all[0]]);
});

it('lblcr counts a deleted server that is added again as a member as before', () => {
  const service = serviceWith('lblcr', [{}, {}]);
  const first = ask(service)!;
  deleteServer(service, first);
  expect((service.schedulerState as LblcrState).gone).toEqual([first]);
  first.available = true;
  service.destinations.unshift(first);
  SCHEDULERS.lblcr.changed(service, 'add', first, 0, contextAt());
  expect((service.schedulerState as LblcrState).gone).toEqual([]);
  expect(ask(service)).toBe(first);
});

it('lblcr has nobody where nobody is usable, and keeps the set', () => {
  const service = serviceWith('lblcr', [{}]);
  const only = ask(service)!;
  editServer(service, only, 0);
  expect(ask(service)).toBeUndefined();
  expect(setOf(service)).toEqual([only.id]);
  addServer(service, {});
  expect(ask(service)).toBe(service.destinations[0]);
});
