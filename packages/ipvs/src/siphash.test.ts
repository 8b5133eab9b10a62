import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ip } from './schedulers/testing/pool.ts';
import { sipHash13 } from './siphash.ts';

const MASK = (1n << 64n) - 1n;
const rotate = (x: bigint, bits: bigint): bigint => ((x << bits) | (x >> (64n - bits))) & MASK;

/** SipHash-1-3 as its paper writes it (Aumasson and Bernstein 2012), in 64-bit arithmetic. */
function sipHash64(word: number, key: number): number {
  const k = BigInt(key);
  let v0 = 0x736f6d6570736575n ^ k;
  let v1 = 0x646f72616e646f6dn ^ k;
  let v2 = 0x6c7967656e657261n ^ k;
  let v3 = 0x7465646279746573n ^ k;
  const round = (): void => {
    v0 = (v0 + v1) & MASK;
    v1 = rotate(v1, 13n) ^ v0;
    v0 = rotate(v0, 32n);
    v2 = (v2 + v3) & MASK;
    v3 = rotate(v3, 16n) ^ v2;
    v0 = (v0 + v3) & MASK;
    v3 = rotate(v3, 21n) ^ v0;
    v2 = (v2 + v1) & MASK;
    v1 = rotate(v1, 17n) ^ v2;
    v2 = rotate(v2, 32n);
  };
  const block = (4n << 56n) | BigInt(word);
  v3 ^= block;
  round();
  v0 ^= block;
  v2 ^= 0xffn;
  round();
  round();
  round();
  return Number((v0 ^ v1 ^ v2 ^ v3) & 0xffff_ffffn);
}

const K1 = 2654435761;
const K2 = 2654446892;

it('the words of the mh scheduler have their known hashes', () => {
  expect(sipHash13(ip('10.0.0.1'), K1)).toBe(0x03080ce4);
  expect(sipHash13(ip('192.168.1.10') + 80, K1)).toBe(0xd7521195);
  expect(sipHash13(ip('192.168.1.10') + 80, K2)).toBe(0x4653c6d2);
});

it('two 32-bit lanes compute what 64-bit arithmetic computes', () => {
  const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
  fc.assert(
    fc.property(u32, u32, (word, key) => {
      expect(sipHash13(word, key)).toBe(sipHash64(word, key));
    }),
    { numRuns: 2000 },
  );
});
