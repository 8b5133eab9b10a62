import { hostNamed, interfaceByName, lookupRoute, sourceFor } from '@lvscope/cluster';
import type { Host, World } from '@lvscope/cluster';
import { formatIpv4, parseIpv4 } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';
import type { PlacedWord } from '@lvscope/syntax';
import { unreachableText } from '../../text/ip-routes.ts';
import { getopt, has, lastValue } from '../getopt.ts';
import type { Options } from '../getopt.ts';
import { PING_USAGE } from './ping-usage.ts';

/** What iputils makes of EACCES. */
const NO_PERMISSION = 'Do you want to ping broadcast? Then -b. If not, check your local firewall rules';

/** What a ping was asked to do. */
export interface PingPlan {
  readonly target: Ipv4;
  /** As it was typed. */
  readonly name: string;
  readonly source: Ipv4;
  /** `from 10.0.0.1 eth0`, or nothing. */
  readonly from: string;
  /** The address given with -I. */
  readonly boundTo: Ipv4 | undefined;
  /** 0 = without end. */
  readonly count: number;
  readonly intervalNs: number;
  /** `-W`: after the last request; undefined = by the longest round trip. */
  readonly lingerNs: number | undefined;
  /** `-w`; 0 = none. */
  readonly deadlineNs: number;
  /** Bytes of data. */
  readonly size: number;
  readonly ttl: number | undefined;
  readonly discovery: 'do' | 'want' | 'dont';
  /** Bytes of an IP packet that the way out takes. */
  readonly mtu: number;
  readonly quiet: boolean;
}

/** What a ping begins with. */
export type PingBeginning = Pick<PingPlan, 'target' | 'name' | 'boundTo' | 'size'>;

/** What iputils' ping says instead of doing anything. */
export interface Refusal {
  readonly rc: number;
  readonly err: string;
  /** The kernel refused, and not ping itself: what was asked, and the error of bind or of sendto. */
  readonly kernel?: PingBeginning & { readonly call: 'bind' | 'sendto'; readonly why: string };
}

const refuse = (text: string, rc: number, kernel?: Refusal['kernel']): Refusal => ({
  rc,
  err: `ping: ${text}\n`,
  ...(kernel !== undefined && { kernel }),
});

/** Options with a whole number, and its bounds (iputils ping.c, main). */
const NUMBERS: readonly (readonly [letter: string, least: number, most: number, mostText: string])[] = [
  ['c', 1, Number.MAX_SAFE_INTEGER, '9223372036854775807'],
  ['s', 0, 65_507, '127992'],
  ['t', 0, 255, '255'],
  ['w', 0, 2_147_483_647, '2147483647'],
];

/** iputils' ping: what it is to do, or what it says instead. */
export function planPing(world: World, hostName: string, args: readonly PlacedWord[]): PingPlan | Refusal {
  const read = getopt(args, 'h?aAbBc:CdDe:fF:hHi:I:l:Lm:M:nN:Op:qQ:rRs:S:t:T:UvVw:W:46');
  if (read.fault !== undefined) return { rc: 2, err: `ping: ${read.fault}\n${PING_USAGE}` };
  if (has(read, 'h')) return { rc: 2, err: PING_USAGE };
  for (const [letter, least, most, mostText] of NUMBERS) {
    const text = lastValue(read, letter);
    if (text === undefined) continue;
    if (!/^[+-]?\d{1,20}$/.test(text)) return refuse(`invalid argument: '${text}'`, 1);
    if (Number(text) < least || Number(text) > most) {
      return refuse(`invalid argument: '${text}': out of range: ${least} <= value <= ${mostText}`, 1);
    }
  }
  for (const letter of ['i', 'W']) {
    const text = lastValue(read, letter);
    if (text !== undefined && !/^\d{1,6}(\.\d{1,6})?$/.test(text)) {
      return refuse(letter === 'i' ? `bad timing interval: ${text}` : `bad linger time: ${text}`, 1);
    }
  }
  const discovery = lastValue(read, 'M') ?? 'want';
  if (discovery !== 'do' && discovery !== 'want' && discovery !== 'dont') {
    return refuse(`invalid -M argument: ${discovery}`, 1);
  }
  const name = read.rest.at(-1);
  if (name === undefined) return refuse('usage error: Destination address required', 1);
  const target = parseIpv4(name);
  if (target === undefined) return refuse(`${name}: Temporary failure in name resolution`, 2);
  const host = hostNamed(world, hostName);
  if (host === undefined) return refuse('connect: Network is unreachable', 2);
  return from(host, target, { name, discovery, read });
}

interface Asked {
  readonly name: string;
  readonly discovery: PingPlan['discovery'];
  readonly read: Options;
}

function from(host: Host, target: Ipv4, { name, discovery, read }: Asked): PingPlan | Refusal {
  const local = host.local.has(target) || target >>> 24 === 127;
  const bound = lastValue(read, 'I');
  const address = bound === undefined ? undefined : parseIpv4(bound);
  const nic = bound === undefined || address !== undefined ? undefined : interfaceByName(host, bound);
  if (bound !== undefined && address === undefined && nic === undefined) {
    return refuse(`SO_BINDTODEVICE ${bound}: No such device`, 2);
  }
  const beginning = { target, name, boundTo: address, size: Number(lastValue(read, 's') ?? 56) };
  if (address !== undefined && !host.local.has(address)) {
    const why = 'Cannot assign requested address';
    return refuse(`bind: ${why}`, 2, { ...beginning, call: 'bind', why });
  }
  const route = lookupRoute(host, target);
  const source = address ?? (local ? target : (sourceFor(host, target) ?? nic?.addresses[0]?.address));
  if (source === undefined || (!local && route === undefined)) {
    const why = unreachableText(host, target);
    const text = why === 'Permission denied' ? NO_PERMISSION : `connect: ${why}`;
    return refuse(text, 2, { ...beginning, call: 'sendto', why });
  }
  const out = host.interfaces.find((one) => one.name === route?.dev);
  const seconds = (letter: string): number | undefined => {
    const text = lastValue(read, letter);
    return text === undefined ? undefined : Math.round(Number(text) * 1e9);
  };
  const ttl = lastValue(read, 't');
  return {
    ...beginning,
    source,
    from: bound === undefined ? '' : `from ${formatIpv4(source)} ${nic?.name ?? ''}`,
    count: Number(lastValue(read, 'c') ?? 0),
    intervalNs: Math.max(1e6, seconds('i') ?? 1e9),
    lingerNs: seconds('W'),
    deadlineNs: seconds('w') ?? 0,
    ttl: ttl === undefined ? undefined : Number(ttl),
    discovery,
    mtu: local ? 65_536 : (out?.mtu ?? 1500),
    quiet: has(read, 'q'),
  };
}
