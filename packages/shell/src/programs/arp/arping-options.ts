import { hostNamed, interfaceByName, sourceFor } from '@lvscope/cluster';
import type { Host, NetInterface, World } from '@lvscope/cluster';
import { parseIpv4 } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';
import type { PlacedWord } from '@lvscope/syntax';
import { getopt, has, lastValue } from '../getopt.ts';
import type { Options } from '../getopt.ts';

/** What an arping was asked to do. */
export interface ArpingPlan {
  readonly device: string;
  readonly interfaceId: number;
  readonly mac: number;
  readonly source: Ipv4;
  readonly target: Ipv4;
  readonly mode: 'ask' | 'unsolicited' | 'answer' | 'duplicate';
  /** 0 = without end. */
  readonly count: number;
  /** Seconds; 0 = none. */
  readonly timeout: number;
  /** Seconds between two frames. */
  readonly interval: number;
  readonly firstReplyIsEnough: boolean;
  readonly broadcastOnly: boolean;
  readonly quiet: boolean;
}

export interface ArpingRefusal {
  readonly rc: number;
  readonly err: string;
}

/** iputils-20221126, `arping -h`. */
const USAGE = `
Usage:
  arping [options] <destination>

Options:
  -f            quit on first reply
  -q            be quiet
  -b            keep on broadcasting, do not unicast
  -D            duplicate address detection mode
  -U            unsolicited ARP mode, update your neighbours
  -A            ARP answer mode, update your neighbours
  -V            print version and exit
  -c <count>    how many packets to send
  -w <timeout>  how long to wait for a reply
  -i <interval> set interval between packets (default: 1 second)
  -I <device>   which ethernet device to use
  -s <source>   source ip address
  <destination> dns name or ip address

For more details see arping(8).
`;

const refuse = (text: string, rc = 2): ArpingRefusal => ({ rc, err: `${text}\n` });

/** iputils' arping: options, device and source as it finds and checks them, in its order. */
export function planArping(
  world: World,
  hostName: string,
  args: readonly PlacedWord[],
): ArpingPlan | ArpingRefusal {
  const read = getopt(args, 'h?bfDUAqc:w:i:I:s:V');
  if (read.fault !== undefined) return { rc: 2, err: `arping: ${read.fault}\n${USAGE}` };
  if (has(read, 'V')) return { rc: 0, err: '' };
  if (has(read, 'h')) return { rc: 2, err: USAGE };
  for (const letter of ['c', 'w', 'i']) {
    const fault = numberFault(lastValue(read, letter), letter === 'c' ? 1 : 0);
    if (fault !== undefined) return refuse(`arping: ${fault}`, 1);
  }
  const asked = read.rest[0];
  if (asked === undefined || read.rest.length > 1) return { rc: 2, err: USAGE };
  const host = hostNamed(world, hostName);
  if (host === undefined) return refuse('arping: no such host');
  const device = deviceFor(world, host, lastValue(read, 'I'));
  if ('err' in device) return device;
  const target = parseIpv4(asked);
  if (target === undefined) return refuse(`arping: ${asked}: Temporary failure in name resolution`);
  const sourceText = lastValue(read, 's');
  const bound = sourceText === undefined ? undefined : parseIpv4(sourceText);
  if (sourceText !== undefined && bound === undefined) return refuse(`arping: invalid source ${sourceText}`);
  return choose(host, device, target, bound, read);
}

/** util.h, strtol_or_err: what is wrong with a number. */
function numberFault(text: string | undefined, least: number): string | undefined {
  if (text === undefined) return undefined;
  if (!/^[+-]?\d{1,18}$/.test(text)) return `invalid argument: '${text}'`;
  const most = least === 1 ? '9223372036854775807' : '2147483647';
  if (Number(text) < least || Number(text) > Number(most))
    return `invalid argument: '${text}': out of range: ${least} <= value <= ${most}`;
  return undefined;
}

function deviceFor(world: World, host: Host, asked: string | undefined): NetInterface | ArpingRefusal {
  const usable = host.interfaces.filter((nic) => nic.up && nic.segment >= 0 && !silent(world, nic));
  if (asked === undefined) {
    const [only] = usable;
    if (only !== undefined && usable.length === 1) return only;
    return refuse('arping: Suitable device could not be determined. Please, use option -I.');
  }
  const nic = interfaceByName(host, asked);
  if (nic === undefined) return refuse(`arping: Device ${asked} not available.`);
  if (!nic.up) return refuse(`Interface "${asked}" is down`);
  if (nic.segment < 0 || silent(world, nic)) return refuse(`Interface "${asked}" is not ARPable`);
  return nic;
}

const silent = (world: World, nic: NetInterface): boolean => world.net.link?.ports[nic.id]?.noArp ?? false;

function choose(
  host: Host,
  nic: NetInterface,
  target: Ipv4,
  bound: Ipv4 | undefined,
  read: Options,
): ArpingPlan | ArpingRefusal {
  const mode = has(read, 'D')
    ? 'duplicate'
    : has(read, 'A')
      ? 'answer'
      : has(read, 'U')
        ? 'unsolicited'
        : 'ask';
  const announcing = mode === 'answer' || mode === 'unsolicited';
  const own = bound ?? (announcing ? target : undefined);
  if (own !== undefined && mode !== 'duplicate' && !host.local.has(own)) {
    return refuse('arping: bind: Cannot assign requested address');
  }
  const source = mode === 'duplicate' ? (bound ?? (0 as Ipv4)) : (own ?? addressFor(host, nic, target));
  if (source === undefined) return refuse('arping: connect: Network is unreachable');
  return {
    device: nic.name,
    interfaceId: nic.id,
    mac: nic.mac,
    source,
    target,
    mode,
    count: Number(lastValue(read, 'c') ?? 0),
    timeout: Number(lastValue(read, 'w') ?? 0),
    interval: Math.max(1, Number(lastValue(read, 'i') ?? 1)),
    firstReplyIsEnough: has(read, 'f') || mode === 'duplicate',
    broadcastOnly: has(read, 'b'),
    quiet: has(read, 'q'),
  };
}

/** The address that the kernel gives a socket which is bound to the device. */
function addressFor(host: Host, nic: NetInterface, target: Ipv4): Ipv4 | undefined {
  const routed = sourceFor(host, target);
  const onDevice = nic.addresses.some(({ address }) => address === routed);
  return onDevice ? routed : nic.addresses[0]?.address;
}
