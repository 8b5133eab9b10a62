import { ICMP_TYPES, PROTOCOLS, REJECT_WITH } from './iptables-rule.ts';
import type { PortRange } from './iptables-rule.ts';
import { parseNumberWithin } from './numbers.ts';
import { networkOf, parsePrefix } from './prefix.ts';
import type { Prefix } from './prefix.ts';

/** A word of a list, as it stands there. */
export const oneOf =
  <T extends string>(words: readonly T[]) =>
  (text: string): T | undefined =>
    words.find((word) => word === text);

export const readProtocol = (text: string): number | undefined =>
  Object.hasOwn(PROTOCOLS, text.toLowerCase())
    ? PROTOCOLS[text.toLowerCase()]
    : parseNumberWithin(text, 1, 255);

export const readNetwork = (text: string): Prefix | undefined => {
  const prefix = parsePrefix(text);
  return prefix && networkOf(prefix);
};

export const readInterface = (text: string): string | undefined =>
  /^[A-Za-z0-9_.-]{1,15}$/.test(text) ? text : undefined;

export const readIcmpType = (text: string): number | undefined =>
  Object.hasOwn(ICMP_TYPES, text) ? ICMP_TYPES[text] : parseNumberWithin(text, 0, 255);

/** The short forms `port-unreach`, `icmp-port-unreach` … are those of libipt_REJECT. */
export function readRejectWith(text: string): (typeof REJECT_WITH)[number] | undefined {
  const short = text.replace(/^(net|host|proto|port|admin)-/, 'icmp-$1-').replace(/unreach$/, 'unreachable');
  return oneOf(REJECT_WITH)(text === 'tcp-rst' ? 'tcp-reset' : short.replace(/prohib$/, 'prohibited'));
}

/** `80`, `1024:65535`, `1024:`, `:1023` */
function readRange(text: string): PortRange | undefined {
  const [low = '', high = low, ...rest] = text.split(':');
  const open = text.includes(':') && text !== ':';
  const from = open && low === '' ? 0 : parseNumberWithin(low, 0, 65535);
  const to = open && high === '' ? 65535 : parseNumberWithin(high, 0, 65535);
  return from === undefined || to === undefined || from > to || rest.length > 0 ? undefined : [from, to];
}

export const readPortRange = (text: string): PortRange[] | undefined => {
  const range = readRange(text);
  return range && [range];
};

export function readPorts(text: string): PortRange[] | undefined {
  const ranges: PortRange[] = [];
  for (const part of text.split(',')) {
    const range = readRange(part);
    if (range === undefined) return undefined;
    ranges.push(range);
  }
  return ranges.length > 15 ? undefined : ranges;
}

/** `1`, `0x1`, `0x1/0xffffffff` */
export function readMark(text: string): number | undefined {
  const match = /^(0x[0-9a-fA-F]{1,8}|\d{1,10})(\/0x[fF]{8})?$/.exec(text);
  const mark = match?.[1] === undefined ? undefined : Number(match[1]);
  return mark !== undefined && mark >= 1 && mark <= 0xffffffff ? mark : undefined;
}
