import {
  createWorld,
  keepFrames,
  listenResponder,
  setHold,
  setUdpSilent,
  settleReachable,
  startTap,
} from '@lvscope/cluster';
import { type Ipv4, ipv4, parseIpv4 } from '@lvscope/inet';
import type { KernelProfile } from '@lvscope/ipvs';
import { programsWithoutNames } from '@lvscope/shell';
import { scenarioOf } from '../topology.ts';
import type { Observation, Trace } from '../trace.ts';
import type { Session } from './session.ts';
import { answer, carryOut, runTo } from './steps.ts';

/** The network of the hand-made clients, which no host owns. */
const HAND_MADE = { network: ipv4(0x0a090000), prefixLength: 16, direction: 'in' } as const;

/** The recording machine let 0.1 s pass between set-up and the first step. */
const SETTLE_NS = 100_000_000;

/** A program of the recording machine needed so long from being asked for to what it does, seconds. */
const PROGRAM_START_S = 0.0015;

/** Frames between two looks of a step; the busiest recordings have a few hundred. */
const KEPT_FRAMES = 20_000;

/** The recorded kernel's clock ticks 250 times a second. */
const TICK_NS = 4_000_000;

/**
 * What the recording machine's clocks stood at when the first step began, which no trace tells: one number
 * of each for a whole trace.
 */
export interface Phase {
  /** Milliseconds since the kernel's 2-second counter timer (--stats, --rate) last went off, 0 to 1999. */
  readonly counterMs: number;
  /** The kernel's clock in ms, modulo 4096 ticks of 4 ms: late timers fire when it is at round numbers. */
  readonly clockMs: number;
  /**
   * Which draws the kernels' random numbers gave: how long REACHABLE lasts on each interface. 1 where nothing
   * depends on it.
   */
  readonly draw: number;
  /**
   * How long REACHABLE lasts on a host's wire to the servers: its share of the range, by host. Others are
   * drawn.
   */
  readonly reachable: Readonly<Record<string, number>>;
}

/**
 * Plays a trace's steps at their times and answers each as the recording did, from the simulated cluster
 * alone: closed loop, nothing is fed. Answers come one by one, so that a caller may stop early.
 */
export function* replay(trace: Trace, phase: Phase): Generator<Observation, void> {
  const session = open(trace, phase);
  for (const [i, recorded] of trace.observations.entries()) {
    const step = trace.steps[recorded.step] ?? recorded;
    if (step.op === 'probe' && recorded.op !== 'probe') {
      yield session.within.shift() ?? recorded;
      continue;
    }
    runTo(session, recorded.t + (step.op === 'sh' ? PROGRAM_START_S : 0));
    const given = answer(session, step, recorded);
    const end = typeof recorded['end'] === 'number' ? recorded['end'] : trace.observations[i + 1]?.t;
    yield given(Math.max(recorded.t, end ?? recorded.t));
  }
}

/** The recorded kernel, Debian's 6.1, was built without ip_vs_twos: a fact of that machine, not of 6.1. */
function withoutUnbuilt(kernel: KernelProfile): KernelProfile {
  return { ...kernel, schedulers: kernel.schedulers.filter((name) => name !== 'twos') };
}

function open(trace: Trace, phase: Phase): Session {
  const created = createWorld({ ...scenarioOf(trace), seed: phase.draw }, programsWithoutNames);
  if (!created.ok) throw new Error(`${trace.name}: ${JSON.stringify(created.faults)}`);
  const { world } = created;
  keepFrames(world.net, KEPT_FRAMES);
  const withinTickNs = (phase.clockMs % 4) * 1_000_000;
  const originNs = SETTLE_NS + phase.counterMs * 1_000_000 + withinTickNs;
  const ticksAtStart = Math.floor(phase.clockMs / 4) - Math.floor(originNs / TICK_NS);
  const jiffiesAtStart = ((ticksAtStart % 4096) + 4096) % 4096;
  // one kernel played all hosts, so one clock is behind all their timers
  world.net.jiffiesAtStart = jiffiesAtStart;
  world.net.sendLockNs = 1e6;
  for (const { ipvs } of world.directors) {
    ipvs.jiffiesAtStart = jiffiesAtStart;
    ipvs.kernel = withoutUnbuilt(ipvs.kernel);
  }
  setHold(world, undefined, trace.serverHold);
  setUdpSilent(world, trace.udpSilent);
  const nameOf = new Map<Ipv4, string>();
  for (const [name, { ip }] of Object.entries(trace.topology.rs)) {
    nameOf.set(parseIpv4(ip) ?? ipv4(0), name);
    for (const port of trace.tcpPorts) listenResponder(world, name, 'tcp', port);
    for (const port of trace.udpPorts) listenResponder(world, name, 'udp', port);
  }
  const client = world.net.hostByName.get('client');
  if (!client) throw new Error(`${trace.name}: no host is called client`);
  const session: Session = {
    trace,
    world,
    programs: programsWithoutNames,
    originNs,
    clients: new Map(),
    shut: new Set(),
    raws: new Map(),
    tap: startTap(world.net, client, HAND_MADE),
    nameOf,
    sniffs: new Map(),
    within: [],
  };
  for (const [name, share] of Object.entries(phase.reachable)) {
    const host = world.net.hostByName.get(name);
    if (host) settleReachable(world.net, host, name === 'router' ? 'eth1' : 'eth0', share);
  }
  for (const { ns, cmd } of trace.setup) carryOut(session, ns, cmd);
  return session;
}
