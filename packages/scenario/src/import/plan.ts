import { formatIpv4, type Ipv4, inPrefix, ipv4, netmask } from '@lvscope/inet';

/** A segment that an import lays: everything with an address in the prefix is cabled to it. */
export interface Segment {
  readonly name: string;
  readonly network: Ipv4;
  readonly prefixLength: number;
}

/** More segments than this, and a shorter prefix is tried. */
const MAX_SEGMENTS = 16;

/**
 * Lays segments so that every address lies in one: by /24 where that takes few, else by /16, /8 or one
 * for all. Rules do not tell netmasks, so this is an assumption, and shown as one.
 */
export function segmentsFor(addresses: readonly Ipv4[]): Segment[] {
  for (const prefixLength of [24, 16, 8, 0]) {
    const networks = new Set(addresses.map((address) => (address & netmask(prefixLength)) >>> 0));
    if (networks.size > MAX_SEGMENTS && prefixLength > 0) continue;
    const ordered = [...networks].toSorted((a, b) => a - b);
    return ordered.map((network, i) => ({ name: `lan${i + 1}`, network: ipv4(network), prefixLength }));
  }
  return [];
}

/** The segment that an address lies in. */
export function segmentOf(segments: readonly Segment[], address: Ipv4): Segment | undefined {
  return segments.find((segment) => inPrefix(address, segment.network, segment.prefixLength));
}

/** The highest address of a segment that nobody has yet; takes it. */
export function takeFree(segment: Segment, taken: Set<Ipv4>): Ipv4 {
  const size = 2 ** (32 - segment.prefixLength);
  for (let offset = size - 2; offset > 0; offset--) {
    const address = ipv4(segment.network + offset);
    if (taken.has(address)) continue;
    taken.add(address);
    return address;
  }
  return segment.network;
}

/** The first of some private prefixes that holds none of the addresses of the rules. */
export function freePrefix(
  candidates: readonly { readonly network: Ipv4; readonly prefixLength: number }[],
  used: readonly Ipv4[],
): { readonly network: Ipv4; readonly prefixLength: number } | undefined {
  return candidates.find(
    ({ network, prefixLength }) => !used.some((address) => inPrefix(address, network, prefixLength)),
  );
}

export const withLength = (address: Ipv4, prefixLength: number): string =>
  `${formatIpv4(address)}/${prefixLength}`;
