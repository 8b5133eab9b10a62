import { expect, it } from 'vitest';
import { addressHash, hash32, hashLow } from './hash.ts';
import { KERNEL_PROFILES } from './kernel-profile.ts';
import { ip } from './schedulers/testing/pool.ts';

// address, hash32 8 bits, hash32 10 bits, before 4.18, sh-port with source port 40000
const TABLE: readonly [string, number, number, number, number][] = [
  ['10.0.0.1', 39, 159, 177, 203],
  ['10.0.0.2', 137, 550, 98, 45],
  ['10.0.0.3', 235, 941, 19, 143],
  ['10.0.1.1', 240, 961, 177, 148],
  ['192.168.1.10', 248, 995, 234, 156],
  ['192.168.1.11', 90, 362, 155, 254],
  ['203.0.113.77', 57, 230, 61, 221],
];

it.each(TABLE)('%s falls into the buckets that hash_32 gives', (address, eight, ten, low, withPort) => {
  expect(hash32(ip(address), 8)).toBe(eight);
  expect(hash32(ip(address), 10)).toBe(ten);
  expect(hashLow(ip(address), 8)).toBe(low);
  expect(hash32(ip(address) + 40_000, 8)).toBe(withPort);
});

it('before 4.18 only the last octet of an address chose its bucket', () => {
  const { '2.6': old, '6.1': now } = KERNEL_PROFILES;
  expect(addressHash(ip('10.0.0.1'), 8, old)).toBe(addressHash(ip('10.9.7.1'), 8, old));
  expect(addressHash(ip('10.0.0.1'), 8, now)).not.toBe(addressHash(ip('10.9.7.1'), 8, now));
});

it('the hash of a sum above 2^32 is that of its remainder', () => {
  expect(hash32(0xffff_ffff + 3, 8)).toBe(hash32(2, 8));
});
