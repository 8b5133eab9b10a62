import type { KernelProfile } from './kernel-profile.ts';

/** GOLDEN_RATIO_32, include/linux/hash.h */
const GOLDEN_RATIO_32 = 0x61c88647;
/** 2654435761, Knuth's multiplier that the older kernels used. */
const KNUTH = 0x9e3779b1;

/** The top `bits` (1 to 32) of the 32-bit product: `hash_32`, include/linux/hash.h. */
export function hash32(value: number, bits: number): number {
  return Math.imul(value, GOLDEN_RATIO_32) >>> (32 - bits);
}

/** The low `bits` (1 to 31) of the product: before 4.18. With 8 bits only an address's last octet counts. */
export function hashLow(value: number, bits: number): number {
  return Math.imul(value, KNUTH) & ((1 << bits) - 1);
}

/** The bucket of an IPv4 address in the tables of sh, dh (8 bits), lblc and lblcr (10 bits). */
export function addressHash(value: number, bits: number, kernel: KernelProfile): number {
  return kernel.hashTakesHighBits ? hash32(value, bits) : hashLow(value, bits);
}
