import {
  announceAddress,
  type CommandResult,
  askWho,
  ETHERTYPE_ARP,
  flushNeighbours,
  framesSeen,
  hostNamed,
  lookupRoute,
  type NudState,
  ping,
  readTap,
  replaceNeighbour,
  sourceFor,
  startTap,
  stopTap,
} from '@lvscope/cluster';
import { formatIpv4, type Ipv4, ipv4, parseIpv4, formatMac, parseMac } from '@lvscope/inet';
import { neighbourLines } from './neighbours.ts';
import type { Session } from './session.ts';

const SECOND_NS = 1e9;
const LOOK_NS = 1e6;

/** Tools that take time, or that look at frames: what the recording machine ran beside its operator's own. */
export function runTool(
  session: Session,
  host: string,
  command: string,
  runUntil: (ns: number) => void,
): CommandResult | undefined {
  const words = command.trim().split(/\s+/);
  if (words[0] === 'arping') return arping(session, host, words.slice(1), runUntil);
  if (words[0] === 'ping') return pinged(session, host, words.slice(1), runUntil);
  if (words[0] === 'ip' && words[1] === 'neigh') return neigh(session, host, words.slice(2));
  return undefined;
}

const said = (out: string, rc = 0): CommandResult => ({ rc, out, err: '' });

/** The value after an option; undefined where it is not there. */
function valueOf(words: readonly string[], option: string): string | undefined {
  const at = words.indexOf(option);
  return at < 0 ? undefined : words[at + 1];
}

function neigh(session: Session, host: string, words: readonly string[]): CommandResult {
  const device = valueOf(words, 'dev');
  const address = parseIpv4(words[1] ?? '');
  switch (words[0]) {
    case 'flush':
      flushNeighbours(session.world, host, device, address);
      return said('');
    case 'replace': {
      const mac = parseMac(valueOf(words, 'lladdr') ?? '') ?? 0;
      const state = (valueOf(words, 'nud') ?? 'permanent').toUpperCase() as NudState;
      replaceNeighbour(session.world, host, device ?? '', address ?? ipv4(0), mac, state);
      return said('');
    }
    default:
      return said(shown(session, host, device ?? ''));
  }
}

/** `ip neigh show` has no times, `ip -s neigh show` has. */
function shown(session: Session, host: string, device: string): string {
  const lines = neighbourLines(session, host, device);
  return lines.map((line) => `${line.replace(/ used .* (\S+)$/, '$1')} \n`).join('');
}

/** iputils' arping: a question a second until enough answers are there. */
function arping(
  session: Session,
  hostName: string,
  words: readonly string[],
  runUntil: (ns: number) => void,
): CommandResult {
  const { world } = session;
  const host = hostNamed(world, hostName);
  const device = valueOf(words, '-I') ?? 'eth0';
  const nic = host?.interfaces.find(({ name }) => name === device);
  const target = parseIpv4(words.at(-1) ?? '') ?? ipv4(0);
  if (!host || !nic) return { rc: 2, out: '', err: `arping: Interface ${device} not found\n` };
  const most = Number(valueOf(words, '-c') ?? Number.POSITIVE_INFINITY);
  const announcing = words.includes('-U') || words.includes('-A');
  const source =
    parseIpv4(valueOf(words, '-s') ?? '') ?? (announcing ? target : (sourceFor(host, target) ?? ipv4(0)));
  const begin = world.sim.now;
  const deadline = begin + Number(valueOf(words, '-w') ?? (Number.isFinite(most) ? most : 1)) * SECOND_NS;
  const lines = [`ARPING ${formatIpv4(target)} from ${formatIpv4(source)} ${device}\n`];
  let { next } = framesSeen(world.net);
  let sent = 0;
  let received = 0;
  let nextAt: number = begin;
  while (world.sim.now < deadline && received < most) {
    if (sent < most && world.sim.now >= nextAt) {
      if (announcing) {
        announceAddress(world, hostName, device, source, words.includes('-A') ? 'reply' : 'request', target);
      } else askWho(world, hostName, device, target, { source });
      sent++;
      nextAt += SECOND_NS;
    }
    runUntil(Math.min(deadline, nextAt, world.sim.now + LOOK_NS));
    const seen = framesSeen(world.net, { from: next, interfaceId: nic.id });
    ({ next } = seen);
    for (const { ethertype, direction, arp } of seen.frames) {
      if (ethertype !== ETHERTYPE_ARP || direction !== 'in' || arp?.operation !== 2) continue;
      if (arp.senderAddress !== target || arp.targetAddress !== source || received >= most) continue;
      received++;
      const mac = formatMac(arp.senderMac).toUpperCase();
      lines.push(`Unicast reply from ${formatIpv4(target)} [${mac}]  0.500ms\n`);
    }
  }
  lines.push(`Sent ${sent} probes (${sent} broadcast(s))\n`, `Received ${received} response(s)\n`);
  const rc = announcing || received === sent ? 0 : 1;
  return said(lines.join(''), rc);
}

/** busybox' ping -c 1. */
function pinged(
  session: Session,
  hostName: string,
  words: readonly string[],
  runUntil: (ns: number) => void,
): CommandResult {
  const { world } = session;
  const host = hostNamed(world, hostName);
  const target: Ipv4 = parseIpv4(words.at(-1) ?? '') ?? ipv4(0);
  if (!host || !lookupRoute(host, target)) return { rc: 1, out: '', err: '' };
  const name = formatIpv4(target);
  const tap = startTap(world.net, host, { direction: 'in', network: target, prefixLength: 32 });
  ping(world, hostName, target, 1, 0);
  const deadline = world.sim.now + Number(valueOf(words, '-w') ?? valueOf(words, '-W') ?? 10) * SECOND_NS;
  let ttl = -1;
  while (ttl < 0 && world.sim.now < deadline) {
    runUntil(Math.min(deadline, world.sim.now + LOOK_NS));
    ttl = readTap(tap).find(({ protocol, icmpType }) => protocol === 1 && icmpType === 0)?.ttl ?? -1;
  }
  stopTap(world.net, tap);
  const answered = ttl >= 0 ? 1 : 0;
  const lines = [
    `PING ${name} (${name}): 56 data bytes\n`,
    ...(answered ? [`64 bytes from ${name}: seq=0 ttl=${ttl} time=0.050 ms\n`] : []),
    `\n--- ${name} ping statistics ---\n`,
    `1 packets transmitted, ${answered} packets received, ${answered ? 0 : 100}% packet loss\n`,
    ...(answered ? ['round-trip min/avg/max = 0.050/0.050/0.050 ms\n'] : []),
  ];
  return said(lines.join(''), answered ? 0 : 1);
}

/** An arping that nobody waits for: one frame a second. Only announcements are run so in the recordings. */
export function announceInBackground(session: Session, hostName: string, command: string): void {
  const words = command.trim().split(/\s+/);
  const device = valueOf(words, '-I') ?? 'eth0';
  const target = parseIpv4(words.at(-1) ?? '') ?? ipv4(0);
  const announcing = words.includes('-U') || words.includes('-A');
  const source = parseIpv4(valueOf(words, '-s') ?? '') ?? target;
  const kind = words.includes('-A') ? 'reply' : 'request';
  let { next } = framesSeen(session.world.net);
  let answeredBy: number | undefined;
  const interfaceId =
    hostNamed(session.world, hostName)?.interfaces.find(({ name }) => name === device)?.id ?? -1;
  const run = (): void => {
    // who has answered is spoken to alone from then on, as iputils' arping does without -b
    const seen = framesSeen(session.world.net, { from: next, interfaceId });
    ({ next } = seen);
    const answer = seen.frames.find(
      ({ direction, arp }) => direction === 'in' && arp?.operation === 2 && arp.senderAddress === target,
    );
    answeredBy ??= answer?.arp?.senderMac;
    if (announcing) announceAddress(session.world, hostName, device, source, kind, target, answeredBy);
    else askWho(session.world, hostName, device, target, { source });
  };
  const times = Number(valueOf(words, '-c') ?? 1);
  for (let i = 0; i < times; i++) session.background.push({ at: session.world.sim.now + i * SECOND_NS, run });
  session.background.sort((a, b) => a.at - b.at);
}
