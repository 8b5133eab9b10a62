import { frameMessage, hostNamed, openFrames, openTap, readTap, takeFrames } from '@lvscope/cluster';
import type { FrameRecord, Host, TapRecord } from '@lvscope/cluster';
import { createConversations, follow } from '@lvscope/capture';
import type { Conversations } from '@lvscope/capture';
import type { PlacedWord } from '@lvscope/syntax';
import { lasting } from '../../run/lasting.ts';
import type { Lasting, Run } from '../../run/lasting.ts';
import { getopt, has, lastValue } from '../getopt.ts';
import type { Options } from '../getopt.ts';
import { parseFilter } from './filter.ts';
import type { Filter } from './filter.ts';
import { passes } from './judge.ts';
import { frameOfPacket } from './packet.ts';
import { frameLine } from './text.ts';
import type { Style } from './text.ts';
import { TCPDUMP_USAGE } from './usage.ts';

interface TcpdumpState {
  readonly filter: Filter;
  readonly style: Style;
  /** Names of interfaces, with `-i any`. */
  readonly any: boolean;
  readonly direction: 'in' | 'out' | undefined;
  /** 0 = without end. */
  readonly count: number;
  readonly known: Conversations;
  captured: number;
  lastAt: number;
}

const LETTERS = 'AbB:c:C:dDeE:fF:G:hHi:IjJ:KlLm:M:nNOpqQ:r:s:StT:uUvV:w:W:xXy:z:Z:#';

/** tcpdump 4.99: frames of an interface as lines, for as long as it runs. */
export const tcpdump: Lasting = lasting<TcpdumpState>({
  start: (run, args) => {
    const read = getopt(args, LETTERS);
    const host = hostNamed(run.world, run.host);
    const plan = host && planOf(run, host, read, args);
    if (plan === undefined) {
      run.exit(1);
      return undefined;
    }
    return plan;
  },
  wake: (run, state) => {
    const [watch] = run.process.watches;
    const [tap] = run.process.taps;
    const frames = watch === undefined ? [] : takeFrames(watch);
    const packets = tap === undefined ? [] : readTap(tap);
    for (const frame of [...frames, ...packets.map((packet: TapRecord) => frameOfPacket(packet))]) {
      if (run.process.status !== 'exited') see(run, state, frame);
    }
  },
  signal: (run, state, signal) => {
    if (signal !== 'INT' && signal !== 'TERM' && signal !== 'HUP') return false;
    run.print('\n');
    finish(run, state);
    return true;
  },
});

/** Checks in the real tool's order; what it complains of is said here. */
function planOf(run: Run, host: Host, read: Options, args: readonly PlacedWord[]): TcpdumpState | undefined {
  const refuse = (text: string): undefined => {
    run.complain(`${text}\n`);
    return undefined;
  };
  if (read.fault !== undefined) return refuse(`tcpdump: ${read.fault}\n${TCPDUMP_USAGE}`);
  const count = lastValue(read, 'c');
  if (count !== undefined && !/^[1-9]\d{0,8}$/.test(count)) {
    return refuse(`tcpdump: invalid packet count ${count}`);
  }
  for (const letter of ['r', 'w', 'F', 'x', 'X', 'A']) {
    if (has(read, letter)) {
      return refuse(`tcpdump: -${letter} is not part of this simulation; the page saves pcapng files`);
    }
  }
  const asked = lastValue(read, 'i');
  const name = asked ?? host.interfaces.find((nic) => nic.up && nic.segment >= 0)?.name ?? 'lo';
  const nics = name === 'any' ? host.interfaces : host.interfaces.filter((nic) => nic.name === name);
  if (nics.length === 0) {
    return refuse(`tcpdump: ${name}: No such device exists\n(No such device exists)`);
  }
  const words = args.length === 0 ? [] : read.rest;
  const filter = parseFilter(words.join(' '));
  if (!filter.ok) return refuse(`tcpdump: ${filter.fault}`);
  const watch = openFrames(
    run.world,
    run.process,
    nics.map(({ id }) => id),
  );
  const any = name === 'any';
  if (watch === undefined) {
    openTap(run.world, run.process, any ? {} : { device: name });
    run.complain('tcpdump: this world runs without frames: ARP and Ethernet addresses are not to be seen\n');
  }
  listening(run, read, name);
  const direction = lastValue(read, 'Q');
  return {
    filter: filter.filter,
    style: styleOf(read),
    any,
    direction: direction === 'in' || direction === 'out' ? direction : undefined,
    count: Number(count ?? 0),
    known: createConversations(),
    captured: 0,
    lastAt: -1,
  };
}

function listening(run: Run, read: Options, name: string): void {
  const type = name === 'any' ? 'LINUX_SLL2 (Linux cooked v2)' : 'EN10MB (Ethernet)';
  const text = `listening on ${name}, link-type ${type}, snapshot length 262144 bytes\n`;
  const hint = 'verbose output suppressed, use -v[v]... for full protocol decode\n';
  if (name === 'any') run.complain('tcpdump: data link type LINUX_SLL2\n');
  run.complain(`tcpdump: ${has(read, 'v') ? '' : hint}${text}`);
}

function styleOf(read: Options): Style {
  const times = read.options.filter(([letter]) => letter === 't').length;
  return {
    ether: has(read, 'e'),
    verbose: has(read, 'v'),
    quick: has(read, 'q'),
    absolute: has(read, 'S'),
    time: times === 0 ? 'clock' : times === 1 ? 'none' : times === 2 ? 'seconds' : 'delta',
    device: undefined,
  };
}

function see(run: Run, state: TcpdumpState, record: FrameRecord): void {
  const frame = follow(state.known, record);
  if (state.direction !== undefined && record.direction !== state.direction) return;
  if (!passes(state.filter, record)) return;
  const device = state.any ? (run.world.net.interfaces[record.interfaceId]?.name ?? '') : undefined;
  const read = { ...frame, message: frameMessage(run.world, record) };
  run.print(frameLine(read, { ...state.style, device }, state.lastAt));
  state.lastAt = record.at;
  state.captured++;
  if (state.count > 0 && state.captured >= state.count) finish(run, state);
}

function finish(run: Run, { captured }: TcpdumpState): void {
  const s = captured === 1 ? '' : 's';
  const counts = [`${captured} packet${s} captured`, `${captured} packet${s} received by filter`];
  run.complain(`${counts.join('\n')}\n0 packets dropped by kernel\n`);
  run.exit(0);
}
