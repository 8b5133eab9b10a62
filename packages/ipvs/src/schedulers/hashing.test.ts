import { simTime } from '@lvscope/des';
import { ipv4, PROTO_ICMP } from '@lvscope/inet';
import { expect, it } from 'vitest';
import { SCHED_FLAG_1, SCHED_FLAG_2, type Service } from '../service.ts';
import { mhSlot, mhTable, mhWalk } from './mh.ts';
import type { HashState } from './state.ts';
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
import { sourceKey } from './sh.ts';

const tableOf = (service: Service): Int32Array => (service.schedulerState as HashState).table;

/** Buckets by server, in the order in which the servers were added. */
function shares(service: Service): number[] {
  const ids = service.destinations.map((one) => one.id).sort((a, b) => a - b);
  return ids.map((id) => tableOf(service).filter((owner) => owner === id).length);
}

/** Letter of the server that a client gets. */
function serverOf(service: Service, client: string): string {
  const one = pick(service, from(ip(client)));
  return one === undefined
    ? '-'
    : 'ABC'[service.destinations.length - 1 - service.destinations.indexOf(one)]!;
}

/** Which server id each of 200 clients gets. */
function clients(service: Service): (number | undefined)[] {
  return Array.from({ length: 200 }, (_, i) => pick(service, from(ipv4(0x0a010000 + i * 257)))?.id);
}

it('sh gives three servers of weight 1 the buckets in turn, newest first', () => {
  const service = serviceWith('sh', [{}, {}, {}]);
  expect(shares(service)).toEqual([85, 85, 86]);
  expect(['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((one) => serverOf(service, one)).join('')).toBe('CAB');
});

it('sh gives a server of weight 0 one bucket a turn, whose clients are refused', () => {
  const service = serviceWith('sh', [{ weight: 3 }, { weight: 0 }, { weight: 1 }]);
  expect(shares(service)).toEqual([153, 51, 52]);
  const [c, b, a] = service.destinations.map((one) => one.id);
  expect([...tableOf(service).subarray(0, 6)]).toEqual([c, b, a, a, a, c]);
  expect(clients(service)).toContain(undefined);
});

it('sh-fallback leaves no client without a server while one is usable', () => {
  const service = serviceWith('sh', [{ weight: 3 }, { weight: 0 }, { overloaded: true }], SCHED_FLAG_1);
  const usable = service.destinations[2]!.id;
  expect(new Set(clients(service))).toEqual(new Set([usable]));
  editServer(service, service.destinations[2]!, 0);
  expect(new Set(clients(service))).toEqual(new Set([undefined]));
});

it('old kernels hash the last octet only and give every server one bucket a turn', () => {
  const old = contextAt(simTime(0), '2.6');
  const service = serviceWith('sh', [{ weight: 3 }, { weight: 1 }], 0, old);
  expect(shares(service)).toEqual([128, 128]);
  const choice = (client: string): number | undefined => pick(service, from(ip(client)), old)?.id;
  expect(choice('10.0.0.7')).toBe(choice('10.44.1.7'));
});

it('sh-port and mh-port add the source port of TCP, UDP and SCTP, and of nothing else', () => {
  const request = from(ip('255.255.255.255'), 3);
  expect(sourceKey(0, request)).toBe(0xffff_ffff);
  expect(sourceKey(SCHED_FLAG_2, request)).toBe(2);
  expect(sourceKey(SCHED_FLAG_2, { ...request, protocol: PROTO_ICMP })).toBe(0xffff_ffff);
});

it('dh sends every client of one VIP to one server, and nobody anywhere when that has weight 0', () => {
  const service = serviceWith('dh', [{ weight: 5 }, { weight: 5 }, { weight: 5 }]);
  expect(shares(service)).toEqual([85, 85, 86]);
  const [owner] = new Set(clients(service));
  expect(new Set(clients(service)).size).toBe(1);
  editServer(service, service.destinations.find((one) => one.id === owner)!, 0);
  expect(new Set(clients(service))).toEqual(new Set([undefined]));
});

it('dh without servers has nobody', () => {
  const service = serviceWith('dh', [{}]);
  deleteServer(service, service.destinations[0]!);
  expect(clients(service).every((one) => one === undefined)).toBe(true);
});

const web = (last: number, weight = 1): { address: ReturnType<typeof ip>; port: number; weight: number } => ({
  address: ip(`192.168.1.${last}`),
  port: 80,
  weight,
});

it('mh hashes clients and servers as a 64-bit kernel does', () => {
  expect(mhSlot(ip('10.0.0.1'), 0)).toBe(3711);
  expect(mhWalk({ address: ip('10.0.0.1'), port: 0 }).skip).toBe(966);
  expect([10, 11, 12].map((last) => mhWalk(web(last)))).toEqual([
    { offset: 2186, skip: 43 },
    { offset: 2340, skip: 414 },
    { offset: 3773, skip: 149 },
  ]);
});

it('mh shares its 4093 slots by weight', () => {
  expect(shares(serviceWith('mh', [web(10), web(11), web(12)]))).toEqual([1364, 1364, 1365]);
  expect(shares(serviceWith('mh', [web(10, 1), web(11, 2), web(12, 3)]))).toEqual([682, 1364, 2047]);
});

it('mh with weights far apart gives the lightest one slot a turn and the heaviest at most 63', () => {
  const [light, heavy] = shares(serviceWith('mh', [web(10, 1), web(11, 65_535)]));
  expect(light).toBe(Math.floor(4093 / 64));
  expect(heavy).toBe(4093 - light!);
});

it('mh refuses the clients of a server at weight 0 and moves nobody else', () => {
  const service = serviceWith('mh', [web(10), web(11), web(12)]);
  const before = clients(service);
  const off = service.destinations[1]!;
  editServer(service, off, 0);
  expect(clients(service)).toEqual(before.map((id) => (id === off.id ? undefined : id)));
  service.schedulerFlags = SCHED_FLAG_1;
  const spread = clients(service);
  expect(spread).not.toContain(undefined);
  expect(spread.filter((id, i) => id !== before[i]).length).toBe(before.filter((id) => id === off.id).length);
});

it('mh moves few clients when a server is deleted, and all come back when it is added again', () => {
  const service = serviceWith('mh', [web(10), web(11), web(12), web(13)]);
  const before = clients(service);
  const gone = service.destinations[3]!;
  deleteServer(service, gone);
  const moved = clients(service).filter((id, i) => before[i] !== gone.id && id !== before[i]).length;
  expect(moved).toBeLessThan(20);
  const back = addServer(service, web(10));
  const same = clients(service).filter((id, i) =>
    before[i] === gone.id ? id === back.id : id === before[i],
  );
  expect(same.length).toBeGreaterThan(190);
});

it('mh without a server that ever had weight has an empty table', () => {
  const service = serviceWith('mh', [{ weight: 0, lastWeight: 0 }], SCHED_FLAG_1);
  expect(tableOf(service).every((id) => id === -1)).toBe(true);
  expect(pick(service)).toBeUndefined();
  expect(mhTable([]).length).toBe(4093);
});
