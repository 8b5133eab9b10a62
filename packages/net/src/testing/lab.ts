import { createSimulation, next, type SimTime, type Simulation } from '@lvscope/des';
import { ipv4, parseIpv4 } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';
import {
  addAddress,
  addHost,
  addInterface,
  addRoute,
  addSegment,
  createNetwork,
  handleEvent,
  type Host,
  type HostRole,
  type NetHooks,
  type Network,
  type NetWorld,
  type Segment,
  type SegmentOptions,
  socketTuple,
} from '../index.ts';
import { PACKET_REALS, PAYLOAD } from '../packet-row.ts';

export const ip = (text: string): Ipv4 => parseIpv4(text) ?? ipv4(0);

export interface Lab extends NetWorld {
  readonly sim: Simulation;
  readonly net: Network;
  /** What the hooks have said, as short lines. */
  readonly log: string[];
}

export const KINDS = { arrive: 1, process: 2, neighbour: 3, socketTimer: 4 };

export function createLab(seed: number | string = 1): Lab {
  const sim = createSimulation(seed);
  return { sim, net: createNetwork(sim, KINDS), log: [] };
}

export function segment(lab: Lab, name: string, prefix: string, more: Partial<SegmentOptions> = {}): Segment {
  const [network, length] = prefix.split('/');
  return addSegment(lab.sim, lab.net, {
    name,
    network: ip(network!),
    prefixLength: Number(length),
    ...more,
  });
}

/** A host with interfaces eth0, eth1 … given as 'address/length' on segments. */
export function host(
  lab: Lab,
  name: string,
  role: HostRole,
  on: readonly (readonly [Segment, string])[],
  gateway?: string,
): Host {
  const made = addHost(lab.net, { name, role });
  on.forEach(([where, address], i) => {
    addInterface(lab.net, made, { name: `eth${i}`, segment: where });
    const [a, length] = address.split('/');
    addAddress(lab.net, made, `eth${i}`, ip(a!), Number(length));
  });
  if (role === 'router' || role === 'director') made.sysctl.ip_forward = 1;
  if (gateway !== undefined) {
    addRoute(lab.net, made, { type: 'unicast', network: ip('0.0.0.0'), prefixLength: 0, via: ip(gateway) });
  }
  return made;
}

export const at = (lab: Lab): string => (lab.sim.now / 1e9).toFixed(3);

/** Hooks that write everything down; a test overrides what it needs. */
export function hooksOf(over: Partial<NetHooks<Lab>> = {}): NetHooks<Lab> {
  const name = (lab: Lab, s: number): string => lab.net.hosts[socketTuple(lab.net, s).host]!.name;
  return {
    localIn: () => 'accept',
    forward: () => 'accept',
    accepted: (lab, s) => void lab.log.push(`${at(lab)} ${name(lab, s)} accepted`),
    connected: (lab, s) => void lab.log.push(`${at(lab)} ${name(lab, s)} connected`),
    received: (lab, s, bytes) => void lab.log.push(`${at(lab)} ${name(lab, s)} received ${bytes}`),
    remoteClosed: (lab, s) => void lab.log.push(`${at(lab)} ${name(lab, s)} eof`),
    closed: (lab, s, reason) => void lab.log.push(`${at(lab)} ${name(lab, s)} ${reason}`),
    datagram: (lab, where, _s, p) =>
      void lab.log.push(
        `${at(lab)} ${where.name} datagram ${lab.net.packets.reals[(p << PACKET_REALS) | PAYLOAD]}`,
      ),
    dropped: (lab, where, _p, reason) => void lab.log.push(`${at(lab)} ${where.name} drops ${reason}`),
    ...over,
  };
}

/** Runs the world until that second. */
export function runUntil(lab: Lab, hooks: NetHooks<Lab>, second: number): void {
  while (next(lab.sim, Math.round(second * 1e9) as SimTime)) handleEvent(lab, hooks, lab.sim.event);
}

/** A client and a server on one wire. */
export function pair(
  options: Partial<SegmentOptions> = {},
  seed: number | string = 1,
): { lab: Lab; client: Host; server: Host } {
  const lab = createLab(seed);
  const wire = segment(lab, 'wire', '10.0.0.0/24', options);
  const client = host(lab, 'client', 'client', [[wire, '10.0.0.1/24']]);
  const server = host(lab, 'server', 'realserver', [[wire, '10.0.0.2/24']]);
  return { lab, client, server };
}
