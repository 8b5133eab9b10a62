import type { TapRecord } from '@lvscope/cluster';

export const ICMP_UNREACHABLE = 3;
export const ICMP_TIME_EXCEEDED = 11;

/** iputils ping.c, pr_icmph: RFC 792's codes in words. */
const UNREACHABLE: readonly string[] = [
  'Destination Net Unreachable',
  'Destination Host Unreachable',
  'Destination Protocol Unreachable',
  'Destination Port Unreachable',
  'Frag needed and DF set',
  'Source Route Failed',
  'Destination Net Unknown',
  'Destination Host Unknown',
  'Source Host Isolated',
  'Destination Net Prohibited',
  'Destination Host Prohibited',
  'Destination Net Unreachable for Type of Service',
  'Destination Host Unreachable for Type of Service',
  'Packet filtered',
  'Precedence Violation',
  'Precedence Cutoff',
];

/** What ping says of an ICMP error. */
export function icmpErrorText({ icmpType, icmpCode, icmpMtu }: TapRecord): string {
  if (icmpType === ICMP_TIME_EXCEEDED) {
    return icmpCode === 0 ? 'Time to live exceeded' : 'Frag reassembly time exceeded';
  }
  if (icmpCode === 4) return `Frag needed and DF set (mtu = ${icmpMtu})`;
  return UNREACHABLE[icmpCode] ?? `Dest Unreachable, Bad Code: ${icmpCode}`;
}
