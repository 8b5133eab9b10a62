import type { CableState } from '../worker/api.ts';

interface TwoLooks {
  readonly before: CableState | undefined;
  readonly now: CableState;
}

/** Bits a second out of and into an interface between two looks; 0 after the first. */
export function ratesOf({ before, now }: TwoLooks): { readonly out: number; readonly in: number } {
  if (before === undefined || now.atNs <= before.atNs) return { out: 0, in: 0 };
  const seconds = (now.atNs - before.atNs) / 1e9;
  return {
    out: (8 * (now.sentBytes - before.sentBytes)) / seconds,
    in: (8 * (now.receivedBytes - before.receivedBytes)) / seconds,
  };
}

/** `1 Gbit`, `12.3 Mbit`, `800 bit` */
export function bits(count: number): string {
  const [unit, size] = UNITS.find(([, least]) => count >= least) ?? ['', 1];
  const value = count / size;
  const digits = value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1);
  return `${digits}\u202f${unit}bit`;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['G', 1e9],
  ['M', 1e6],
  ['k', 1e3],
];

export function microseconds(ns: number): string {
  if (ns >= 1e6) return `${Number((ns / 1e6).toFixed(2))}\u202fms`;
  return `${Number((ns / 1e3).toFixed(1))}\u202fµs`;
}

export function lossText(share: number): string {
  return `${Number((share * 100).toFixed(3))}\u202f%`;
}
