import { TCP_ACK, TCP_SYN } from '@lvscope/inet';
import type { IpRecord } from '@lvscope/net';
import { expect, it } from 'vitest';
import { hopChange } from './change.ts';
import { alone } from './frame.ts';
import { CLIENT, frame, ip, packet, question, RS2, VIP } from './testing/records.ts';

const ROUTER = 0x00163e0000fe;
const DIRECTOR = 0x00163e000006;
const SERVER = 0x00163e000012;

/** `kind: field old → new, …` of a packet that came in as one thing and went out as another. */
function told(came: Partial<IpRecord>, went: Partial<IpRecord>, ipvs = true): string {
  const before = alone(frame(packet(came), { sourceMac: ROUTER, destinationMac: DIRECTOR }));
  const after = alone(frame(packet(went), { sourceMac: DIRECTOR, destinationMac: SERVER }));
  const { kind, changes } = hopChange(before, after, ipvs);
  const fields = changes
    .filter(({ name }) => !name.endsWith('checksum') && !name.startsWith('eth'))
    .map((one) => `${one.name} ${one.before ?? '–'} → ${one.after ?? '–'}`);
  return [kind, ...fields].join(', ');
}

it('direct routing writes the MACs, takes one off the TTL and leaves the addresses alone', () => {
  expect(told({ ttl: 63 }, { ttl: 62 })).toBe('direct, ip.ttl 63 → 62');
  const before = alone(frame(packet(), { sourceMac: ROUTER, destinationMac: DIRECTOR }));
  const after = alone(frame(packet({ ttl: 62 }), { sourceMac: DIRECTOR, destinationMac: SERVER }));
  const changed = hopChange(before, after, true).changes.map(({ name }) => name);
  expect(changed).toEqual(['eth.dst', 'eth.src', 'ip.ttl', 'ip.checksum']);
});

it('the same without IPVS is what any router does', () => {
  expect(told({ ttl: 63 }, { ttl: 62 }, false)).toBe('routed, ip.ttl 63 → 62');
});

it('a tunnel puts the packet into an envelope with addresses of its own', () => {
  const outer = { outerSource: ip('192.168.1.2'), outerDestination: ip(RS2) };
  expect(told({ ttl: 63 }, { ttl: 62, ...outer })).toBe(
    'tunnelled, ip.src – → 192.168.1.2, ip.dst – → 192.168.1.12, ip.ttl 63 → 62',
  );
});

it('NAT writes the destination on the way there and the source on the way back', () => {
  expect(told({}, { destination: ip(RS2), destinationPort: 8080, ttl: 62 })).toBe(
    'nat-there, ip.ttl 63 → 62, ip.dst 192.168.1.6 → 192.168.1.12, tcp.dstport 80 → 8080',
  );
  const back = { flags: TCP_SYN | TCP_ACK, destination: ip(CLIENT), sourcePort: 80, destinationPort: 41877 };
  expect(told({ ...back, source: ip(RS2) }, { ...back, source: ip(VIP), ttl: 62 })).toBe(
    'nat-back, ip.ttl 63 → 62, ip.src 192.168.1.12 → 192.168.1.6',
  );
});

it('what a host makes itself has no before', () => {
  expect(hopChange(undefined, alone(frame(packet())), false)).toEqual({ kind: 'sent', changes: [] });
  expect(hopChange(undefined, alone(question()), false).kind).toBe('announced');
});
