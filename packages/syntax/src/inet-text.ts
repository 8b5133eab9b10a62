import { formatIpv4, ipv4, parseIpv4 } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';

/**
 * An IPv4 address as inet_aton(3) reads it: one to four parts, the last one filling the rest, each decimal,
 * octal (leading 0) or hexadecimal (leading 0x).
 */
export function parseAton(text: string): Ipv4 | undefined {
  const parts = text.split('.');
  if (parts.length > 4) return undefined;
  let value = 0;
  for (const [index, part] of parts.entries()) {
    const n = parseCInteger(part);
    const last = index === parts.length - 1;
    const limit = last ? 256 ** (5 - parts.length) : 256;
    if (n === undefined || n >= limit) return undefined;
    value = last ? value * limit + n : value * 256 + n;
  }
  return ipv4(value);
}

function parseCInteger(text: string): number | undefined {
  if (/^0[xX][0-9a-fA-F]{1,8}$/.test(text)) return Number.parseInt(text.slice(2), 16);
  if (/^0[0-7]{0,11}$/.test(text)) return Number.parseInt(text, 8);
  if (/^[1-9]\d{0,9}$/.test(text)) return Number.parseInt(text, 10);
  return undefined;
}

/**
 * An IPv6 address as inet_pton(3) reads it, in the one form of RFC 5952 (lower case, the longest run of
 * zeros shortened), so that equal addresses are equal texts.
 */
export function parseIpv6(text: string): string | undefined {
  const groups = parseIpv6Groups(text);
  return groups && formatIpv6Groups(groups);
}

/** The eight 16-bit groups of an address, or undefined. */
export function parseIpv6Groups(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2 || text.length > 45) return undefined;
  const head = parseGroups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

function parseGroups(text: string, mayEndInQuad: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (mayEndInQuad && index === parts.length - 1 && part.includes('.')) {
      const quad = parseIpv4(part);
      if (quad === undefined) return undefined;
      groups.push(quad >>> 16, quad & 0xffff);
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
      groups.push(Number.parseInt(part, 16));
    }
  }
  return groups;
}

function formatIpv6Groups(groups: readonly number[]): string {
  let bestStart = -1;
  let bestLength = 1;
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > bestLength) [bestStart, bestLength] = [start, length];
  }
  const hex = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  // glibc prints ::a.b.c.d and ::ffff:a.b.c.d with a dotted quad
  const quad = ipv4(((groups[6] ?? 0) << 16) | (groups[7] ?? 0));
  if (bestStart === 0 && bestLength === 6) return `::${formatIpv4(quad)}`;
  if (bestStart === 0 && bestLength === 5 && groups[5] === 0xffff) return `::ffff:${formatIpv4(quad)}`;
  if (bestStart < 0) return hex(0, 8);
  return `${hex(0, bestStart)}::${hex(bestStart + bestLength, 8)}`;
}

/** Orders addresses as memcmp(3) of their bytes does. */
export function compareIpv6(left: string, right: string): number {
  const a = parseIpv6Groups(left) ?? [];
  const b = parseIpv6Groups(right) ?? [];
  for (let index = 0; index < 8; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
