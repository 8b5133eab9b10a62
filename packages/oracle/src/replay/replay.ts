import { createWorld, listenResponder, setHold, setUdpSilent, startTap } from '@lvscope/cluster';
import { type Ipv4, ipv4, parseIpv4 } from '@lvscope/inet';
import { programs } from '@lvscope/shell';
import { scenarioOf } from '../topology.ts';
import type { Observation, Trace } from '../trace.ts';
import type { Session } from './session.ts';
import { answer, carryOut, runTo } from './steps.ts';

/** The network of the hand-made clients, which no host owns. */
const HAND_MADE = { network: ipv4(0x0a090000), prefixLength: 16, direction: 'in' } as const;

/** The recording machine let 0.1 s pass between set-up and the first step. */
const SETTLE_NS = 100_000_000;

/**
 * Plays a trace's steps at their times and answers each as the recording did, from the simulated cluster
 * alone: closed loop, nothing is fed.
 * @param phaseMs how far the kernel's 2-second counter timer is ahead of the first step
 */
export function replay(trace: Trace, phaseMs: number): Observation[] {
  const session = open(trace, phaseMs);
  return trace.observations.map((recorded, i) => {
    const step = trace.steps[recorded.step] ?? recorded;
    runTo(session, recorded.t);
    const given = answer(session, step, recorded);
    const end = typeof recorded['end'] === 'number' ? recorded['end'] : trace.observations[i + 1]?.t;
    return given(Math.max(recorded.t, end ?? recorded.t));
  });
}

function open(trace: Trace, phaseMs: number): Session {
  const created = createWorld(scenarioOf(trace), programs);
  if (!created.ok) throw new Error(`${trace.name}: ${JSON.stringify(created.faults)}`);
  const { world } = created;
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
    programs,
    originNs: SETTLE_NS + phaseMs * 1_000_000,
    clients: new Map(),
    shut: new Set(),
    raws: new Map(),
    tap: startTap(world.net, client, HAND_MADE),
    nameOf,
    datagramSockets: new Map(),
  };
  for (const { ns, cmd } of trace.setup) carryOut(session, ns, cmd);
  return session;
}
