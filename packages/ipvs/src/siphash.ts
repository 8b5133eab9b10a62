/**
 * `hsiphash_1u32` of a 64-bit kernel (lib/siphash.c): SipHash-1-3 of one 32-bit word, both key words `key`,
 * cut to the low 32 bits. A 64-bit value is two 32-bit lanes here (h, l), so that no BigInt is needed.
 * @param word @param key 32-bit integers, taken modulo 2^32
 * @returns 0..2^32 - 1
 */
export function sipHash13(word: number, key: number): number {
  let v0h = 0x736f6d65;
  let v0l = 0x70736575 ^ key;
  let v1h = 0x646f7261;
  let v1l = 0x6e646f6d ^ key;
  let v2h = 0x6c796765;
  let v2l = 0x6e657261 ^ key;
  // The word is mixed in as the block 04 00 00 00 | word: its length in bytes on top.
  let v3h = 0x74656462 ^ 0x04000000;
  let v3l = 0x79746573 ^ key ^ word;
  let swap = 0;
  for (let round = 0; round < 4; round++) {
    if (round === 1) {
      v0h ^= 0x04000000;
      v0l ^= word;
      v2l ^= 0xff;
    }
    // v0 += v1; v1 = rotl(v1, 13) ^ v0; v0 = rotl(v0, 32)
    v0l = (v0l + v1l) | 0;
    v0h = (v0h + v1h + (v0l >>> 0 < v1l >>> 0 ? 1 : 0)) | 0;
    swap = ((v1h << 13) | (v1l >>> 19)) ^ v0h;
    v1l = ((v1l << 13) | (v1h >>> 19)) ^ v0l;
    v1h = swap;
    swap = v0h;
    v0h = v0l;
    v0l = swap;
    // v2 += v3; v3 = rotl(v3, 16) ^ v2
    v2l = (v2l + v3l) | 0;
    v2h = (v2h + v3h + (v2l >>> 0 < v3l >>> 0 ? 1 : 0)) | 0;
    swap = ((v3h << 16) | (v3l >>> 16)) ^ v2h;
    v3l = ((v3l << 16) | (v3h >>> 16)) ^ v2l;
    v3h = swap;
    // v0 += v3; v3 = rotl(v3, 21) ^ v0
    v0l = (v0l + v3l) | 0;
    v0h = (v0h + v3h + (v0l >>> 0 < v3l >>> 0 ? 1 : 0)) | 0;
    swap = ((v3h << 21) | (v3l >>> 11)) ^ v0h;
    v3l = ((v3l << 21) | (v3h >>> 11)) ^ v0l;
    v3h = swap;
    // v2 += v1; v1 = rotl(v1, 17) ^ v2; v2 = rotl(v2, 32)
    v2l = (v2l + v1l) | 0;
    v2h = (v2h + v1h + (v2l >>> 0 < v1l >>> 0 ? 1 : 0)) | 0;
    swap = ((v1h << 17) | (v1l >>> 15)) ^ v2h;
    v1l = ((v1l << 17) | (v1h >>> 15)) ^ v2l;
    v1h = swap;
    swap = v2h;
    v2h = v2l;
    v2l = swap;
  }
  return (v0l ^ v1l ^ v2l ^ v3l) >>> 0;
}
