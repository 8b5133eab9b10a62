import { type FiredEvent, schedule, type SimTime } from '@lvscope/des';
import { PROTO_ICMP, PROTO_IPIP, PROTO_SCTP, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import { isLocal } from './addresses.ts';
import { dropPacket } from './drop.ts';
import { forwardPacket, forwardTowards } from './forward.ts';
import { icmpUnreachable } from './icmp.ts';
import { ICMP_PORT_UNREACHABLE } from './icmp-error.ts';
import { groupInput, isForAll, isMulticast } from './groups.ts';
import { icmpInput } from './icmp-input.ts';
import { OPTION_FRAGMENT, OPTION_MAY_FRAGMENT, reassemble } from './link/fragments.ts';
import { isOld, NIC_SHIFT, SEEN_IN, writeLast } from './link/frame-row.ts';
import { endFrame } from './link/frames.ts';
import { neighbourTimerFired } from './link/neighbour-failure.ts';
import { takesAtOnce } from './link/neighbours.ts';
import { BACKLOG, BACKLOG_AT } from './link/send-queue.ts';
import { putOnWire } from './link/put-on-wire.ts';
import { queueWasFull } from './link/send.ts';
import { frameAtInterface } from './link/receive-frame.ts';
import { maybeRedirect } from './link/redirect.ts';
import { sourceTrouble } from './link/settings.ts';
import {
  BEHIND,
  BYTES_SHIFT,
  CARRIED,
  CONTENTS,
  ENDED_DELIVERED,
  FRAME,
  FRAME_REALS,
  type FrameId,
  SIZE,
  THROUGH,
  LAST_IN_LINE,
  TIME,
  TO_MAC,
} from './link/state.ts';
import { comesOut, frameAtSwitch } from './link/switch.ts';
import {
  AT_HOST,
  INWARDS,
  FIRST,
  FROM_SWITCH,
  LAST,
  countReceived,
  FOREIGN,
  HERE,
  notePlain,
  OWN_MAC,
  PLAIN,
  PLUGGED,
  TOWARDS,
  WAY,
  WIRE,
  WIRE_REALS,
} from './link/wires.ts';
import { redirectInput } from './nat-redirect.ts';
import { neighbourTimer } from './neighbour-timer.ts';
import { filterDrops } from './output.ts';
import {
  COUNT,
  DESTINATION,
  INNER_TTL,
  IS_SEGMENT,
  OPTIONS,
  OUTER_DESTINATION,
  OUTER_SOURCE,
  PACKET,
  PROTOCOL,
  SHOWN,
  SOURCE,
  TTL,
} from './packet-row.ts';
import { changePacket, freePacket, routedTo, trainBytes, tunnelled } from './packets.ts';
import { isTooLong } from './mtu.ts';
import { findPath } from './paths.ts';
import { findWay, isForeign, isPlain } from './plain.ts';
import { markPacket } from './rules.ts';
import type { DropReason, Host, NetHooks, NetInterface, NetWorld, PacketId } from './state.ts';
import { tapPacket } from './taps.ts';
import { tcpInput } from './tcp-input.ts';
import { socketTimer } from './tcp-timers.ts';
import { udpInput } from './udp.ts';

/** Carries out an event of one of net's kinds. @returns false for the kinds of others */
export function handleEvent(world: NetWorld, hooks: NetHooks, event: FiredEvent): boolean {
  const { kinds, link } = world.net;
  if (link !== undefined && event.kind === link.frameKind) {
    if (event.b < 0) frameAtSwitch(world, hooks, event.a);
    // `=== false`: V8 asks what a call has given for all that is falsy otherwise
    else if (plainFrameArrives(world, hooks, event.a, event.b) === false) {
      frameArrives(world, hooks, event.a, event.b);
    }
    return true;
  }
  switch (event.kind) {
    case kinds.arrive:
      arrive(world, hooks, event.a, event.b);
      return true;
    case kinds.socketTimer:
      socketTimer(world, hooks, event.a, event.b);
      return true;
    case kinds.process:
      if (event.b < 0) deliverLooped(world, hooks, event.a, ~event.b);
      else processLater(world, hooks, event.a, event.b);
      return true;
    case kinds.neighbour:
      neighbourTimer(world, hooks, event.a);
      return true;
    default:
      if (link === undefined || event.kind !== link.neighbourKind) return false;
      neighbourTimerFired(world, hooks, event.a, event.b);
      return true;
  }
}

/**
 * Packet level: a frame is at an interface. What nearly every frame is, a whole TCP segment for the
 * interface's MAC that waits for nothing any more (port-line.ts), and that a plain host takes or passes on,
 * is done here in one go. In pieces it took the bench's W3 a twentieth longer: what V8 builds into a function
 * is limited.
 * @returns false when anything about the frame is out of the ordinary: nothing was done with it
 */
function plainFrameArrives(world: NetWorld, hooks: NetHooks, f: FrameId, interfaceId: number): boolean {
  const { net, sim } = world;
  const link = net.link!;
  const { frames, ring } = link;
  const { words, reals } = net.wires;
  const o = f << FRAME;
  const w = interfaceId << WIRE;
  const r = interfaceId << WIRE_REALS;
  const q = r + INWARDS;
  const at = frames.reals[(f << FRAME_REALS) | TIME]!;
  const p = frames.rows[o | CARRIED]!;
  const behind = frames.rows[o | BEHIND]!;
  const isThrough = behind === THROUGH;
  if (
    p < 0 ||
    frames.rows[o | TO_MAC] !== words[w | OWN_MAC] ||
    (words[w]! & (PLUGGED | PLAIN)) !== (PLUGGED | PLAIN) ||
    (isThrough
      ? at > sim.now
      : words[w | FIRST] !== f || reals[q + BACKLOG]! > at - reals[q + BACKLOG_AT]!) ||
    isOld(ring, frames.rows[o | CONTENTS]!) ||
    link.watches.length > 0
  ) {
    return false;
  }
  if (!isThrough) {
    // through its port's queue, which is empty, and out of the line. What it took on the wire is the rest of
    // its time; that is too little where the delay was changed meanwhile
    const left = sim.now - at - reals[r | FROM_SWITCH]!;
    reals[q + BACKLOG] = left > 0 ? left : 0;
    reals[q + BACKLOG_AT] = at;
    words[w | FIRST] = behind;
    if (behind === LAST_IN_LINE) words[w | LAST] = LAST_IN_LINE;
  }
  // the packet's row is read before it is needed, while there is other work: it may have to come from afar
  const { rows } = net.packets;
  const po = p << PACKET;
  const isSegment = (rows[po | SHOWN]! & IS_SEGMENT) !== 0;
  const source = rows[po | SOURCE]! | 0;
  endFrame(link, f, ENDED_DELIVERED);
  if (ring.capacity > 0) writeLast(link, sim, f, SEEN_IN | (interfaceId << NIC_SHIFT));
  const bytes = frames.rows[o | SIZE]! >>> BYTES_SHIFT;
  countReceived(net, interfaceId, 1, bytes);
  if (!isSegment || (words[w | FOREIGN] !== source && !isForeign(net, interfaceId, source))) {
    const host = net.hosts[words[w | AT_HOST]!]!;
    process(world, hooks, host, net.interfaces[interfaceId]!, p);
    return true;
  }
  const towards = rows[po | DESTINATION]! | 0;
  const way = words[w | TOWARDS] === towards ? words[w | WAY]! : findWay(net, interfaceId, towards);
  if (way === HERE) {
    const host = net.hosts[words[w | AT_HOST]!]!;
    if (host.role !== 'director' || hooks.localIn(world, host, p) !== 'stolen') {
      deliverUp(world, hooks, host, net.interfaces[interfaceId]!, p);
    }
    return true;
  }
  const path = way >= 0 ? net.pathCache.found[way] : undefined;
  const out = path?.out[0];
  const entry = path?.neighbour;
  if (
    rows[po | TTL]! <= 1 ||
    entry === undefined ||
    out === undefined ||
    out.id === interfaceId ||
    bytes > out.mtu ||
    (words[out.id << WIRE]! & PLUGGED) === 0 ||
    (entry.state !== 'REACHABLE' && !takesAtOnce(world, entry))
  ) {
    const host = net.hosts[words[w | AT_HOST]!]!;
    onwards(world, hooks, host, net.interfaces[interfaceId]!, p);
    return true;
  }
  rows[po | TTL] = rows[po | TTL]! - 1;
  if (putOnWire(world, out.id, p, bytes, entry.mac) === false) {
    queueWasFull(world, hooks, net.hosts[out.host]!, out, p);
  }
  return true;
}

/** Any frame; of an interface of which it is not known yet whether it is plain, that is found out. */
function frameArrives(world: NetWorld, hooks: NetHooks, f: FrameId, interfaceId: number): void {
  const { net } = world;
  if (!comesOut(world, hooks, f, interfaceId)) return;
  const bytes = net.link!.frames.rows[(f << FRAME) | SIZE]! >>> BYTES_SHIFT;
  const nic = net.interfaces[interfaceId]!;
  const host = net.hosts[nic.host]!;
  if (isPlain(net, hooks, host, nic)) notePlain(net.wires, interfaceId);
  const packet = frameAtInterface(world, hooks, interfaceId, f);
  if (packet >= 0) takeIn(world, hooks, host, nic, packet, bytes);
}

/** A packet is at an interface. */
function arrive(world: NetWorld, hooks: NetHooks, p: PacketId, interfaceId: number): void {
  const { net } = world;
  const nic = net.interfaces[interfaceId]!;
  const host = net.hosts[nic.host]!;
  if (!host.power) return dropPacket(world, hooks, host, p, 'host-down');
  if (!nic.up && nic.segment >= 0) return dropPacket(world, hooks, host, p, 'interface-down');
  takeIn(world, hooks, host, nic, p, trainBytes(net.packets, p));
}

/**
 * An interface that is up takes a packet: taps see it, and it waits for the CPU where that is modelled.
 * @param bytes of IP that came in: of a fragment its own, of a train all
 */
function takeIn(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  nic: NetInterface,
  p: PacketId,
  bytes: number,
): void {
  const { net, sim } = world;
  if (net.mixedMtu && isTooLong(net, nic, p)) {
    nic.droppedPackets += net.packets.rows[(p << PACKET) | COUNT]!;
    return dropPacket(world, hooks, host, p, 'frame-too-long');
  }
  const packets = net.packets.rows[(p << PACKET) | COUNT]!;
  countReceived(net, nic.id, packets, bytes);
  if (host.taps.length > 0) tapPacket(world, host, nic, p, 'in', sim.now);
  if (host.packetCostNs === 0) return process(world, hooks, host, nic, p);
  const waiting = Math.max(0, host.cpuBusyUntil - sim.now);
  if (waiting > host.sysctl.netdev_max_backlog * host.packetCostNs) {
    return dropPacket(world, hooks, host, p, 'cpu-backlog');
  }
  host.cpuBusyUntil = sim.now + waiting + host.packetCostNs * packets;
  schedule(sim, host.cpuBusyUntil as SimTime, net.kinds.process, p, nic.id);
}

/** The CPU has got round to a packet. */
function processLater(world: NetWorld, hooks: NetHooks, p: PacketId, interfaceId: number): void {
  const nic = world.net.interfaces[interfaceId]!;
  const host = world.net.hosts[nic.host]!;
  if (!host.power) return dropPacket(world, hooks, host, p, 'host-down');
  process(world, hooks, host, nic, p);
}

/** ip_rcv: tunnel, PREROUTING, then to the host itself or onwards. */
function process(world: NetWorld, hooks: NetHooks, host: Host, receiver: NetInterface, p: PacketId): void {
  const { net } = world;
  const pool = net.packets;
  let nic = receiver;
  if (net.link !== undefined && (pool.rows[(p << PACKET) | OPTIONS]! & OPTION_FRAGMENT) !== 0) {
    if (isLocal(host, routedTo(pool, p)) && reassemble(world, host, p) < 0) return;
  }
  let outer = tunnelled(pool, p);
  if (outer && isLocal(host, pool.rows[(p << PACKET) | OUTER_DESTINATION]!)) {
    if (!decapsulate(world, hooks, host, p)) return;
    outer = false;
    if (net.link !== undefined) nic = host.interfaces.find(({ name }) => name === 'tunl0')!;
  }
  if (host.mangle.length > 0) markPacket(world, host, p, nic.name);
  hooks.prerouting?.(world, host, p);
  if (net.link !== undefined) {
    const trouble = believedFrom(
      world,
      host,
      nic,
      outer ? pool.rows[(p << PACKET) | OUTER_SOURCE]! : pool.rows[(p << PACKET) | SOURCE]!,
    );
    if (trouble !== undefined) return dropPacket(world, hooks, host, p, trouble);
  }
  // A packet that claims to come from the host itself did not (fib_validate_source, accept_local=0).
  else if (nic.segment >= 0 && isLocal(host, pool.rows[(p << PACKET) | SOURCE]!)) {
    return dropPacket(world, hooks, host, p, 'martian-source');
  }
  if (host.redirects.length > 0 && !outer) redirectInput(world, host, nic, p);
  if (!outer && isLocal(host, pool.rows[(p << PACKET) | DESTINATION]!)) {
    if (host.filter !== undefined && filterDrops(world, hooks, host, 'INPUT', p, nic.name)) return;
    if (host.role === 'director' && hooks.localIn(world, host, p) === 'stolen') return;
    return deliverUp(world, hooks, host, receiver, p);
  }
  if (!outer && isForAll(world, nic, p)) {
    if (host.filter !== undefined && filterDrops(world, hooks, host, 'INPUT', p, nic.name)) return;
    return groupInput(world, hooks, host, nic, p);
  }
  onwards(world, hooks, host, nic, p);
}

/** A packet for elsewhere: ip_forward. */
function onwards(world: NetWorld, hooks: NetHooks, host: Host, nic: NetInterface, p: PacketId): void {
  const { net } = world;
  const pool = net.packets;
  const towards = routedTo(pool, p);
  if (host.sysctl.ip_forward === 0 || isMulticast(towards)) {
    return dropPacket(world, hooks, host, p, 'not-local');
  }
  const path = findPath(world, host, towards, towards);
  if (net.link !== undefined && path.out[0] === nic) maybeRedirect(world, hooks, host, nic, p, path);
  if (host.filter !== undefined && pool.rows[(p << PACKET) | TTL]! > 1) {
    if (filterDrops(world, hooks, host, 'FORWARD', p, nic.name)) return;
  }
  if (host.role !== 'director') {
    forwardTowards(world, hooks, host, p, towards, path);
  } else if (hooks.forward(world, host, p) !== 'stolen') {
    // IPVS may have rewritten where it goes
    forwardPacket(world, hooks, host, p);
  }
}

/** Why the source of a packet that came in is not believed; what came over lo is the host's own. */
function believedFrom(
  world: NetWorld,
  host: Host,
  nic: NetInterface,
  source: number,
): DropReason | undefined {
  return nic.name === 'lo' ? undefined : sourceTrouble(world, host, nic, source);
}

/** Takes the outer header off where tunl0 is there to do it; else ICMP port unreachable (tunnel4_rcv). */
function decapsulate(world: NetWorld, hooks: NetHooks, host: Host, p: PacketId): boolean {
  const pool = world.net.packets;
  const tunnel = host.interfaces.find((nic) => nic.name === 'tunl0');
  if (tunnel === undefined || !tunnel.up) {
    icmpUnreachable(world, hooks, host, p, ICMP_PORT_UNREACHABLE);
    dropPacket(world, hooks, host, p, 'no-tunnel');
    return false;
  }
  changePacket(pool, p);
  pool.rows[(p << PACKET) | OUTER_SOURCE] = 0;
  pool.rows[(p << PACKET) | OUTER_DESTINATION] = 0;
  pool.rows[(p << PACKET) | TTL] = pool.rows[(p << PACKET) | INNER_TTL]!;
  pool.rows[(p << PACKET) | OPTIONS] = pool.rows[(p << PACKET) | OPTIONS]! & ~OPTION_MAY_FRAGMENT;
  countReceived(world.net, tunnel.id, pool.rows[(p << PACKET) | COUNT]!, trainBytes(pool, p));
  return true;
}

/** What a host has handed to its own stack. */
function deliverLooped(world: NetWorld, hooks: NetHooks, p: PacketId, interfaceId: number): void {
  const nic = world.net.interfaces[interfaceId]!;
  deliverUp(world, hooks, world.net.hosts[nic.host]!, nic, p);
}

/** To the protocol that the packet is for. */
function deliverUp(world: NetWorld, hooks: NetHooks, host: Host, nic: NetInterface, p: PacketId): void {
  const { net } = world;
  switch (net.packets.rows[(p << PACKET) | PROTOCOL]) {
    case PROTO_TCP:
      return tcpInput(world, hooks, host, p);
    case PROTO_UDP:
      return udpInput(world, hooks, host, p);
    case PROTO_ICMP:
      return icmpInput(world, hooks, host, p);
    case PROTO_IPIP:
      return dropPacket(world, hooks, host, p, 'no-socket');
    default:
      if (hooks.message !== undefined && net.packets.rows[(p << PACKET) | PROTOCOL] !== PROTO_SCTP) {
        hooks.message(world, host, nic, p);
        return freePacket(net.packets, p);
      }
      return dropPacket(world, hooks, host, p, 'no-socket');
  }
}
