import { isLocal } from '../addresses.ts';
import type { Host, NetHooks, NetInterface, NetWorld } from '../state.ts';
import { noteSilence } from './frame-notes.ts';
import { type ArpFields, arpFields } from './frames.ts';
import { macId } from './mac.ts';
import { createNeighbour, findNeighbour, HZ, isValid, ticksNow, updateNeighbour } from './neighbours.ts';
import { arpRuleMatches, sendArp } from './send.ts';
import { filtersArp, ignoresArp, isHidden, largerOf, selectAddress, sourceTrouble } from './settings.ts';
import { ARP_REPLY, ARP_REQUEST, FRAME, MAC_BROADCAST, TO_MAC } from './state.ts';
import type { FrameId, MacId, Neighbour } from './state.ts';

/** ARP at an interface (net/ipv4/arp.c, arp_process). The frame is the caller's to end. */
export function arpInput(world: NetWorld, hooks: NetHooks, host: Host, nic: NetInterface, f: FrameId): void {
  const link = world.net.link!;
  const port = link.ports[nic.id]!;
  const arp = arpFields(link.frames, f);
  const { operation, senderMac, senderAddress: sender, targetAddress: target } = arp;
  if (port.noArp || !(operation === ARP_REQUEST || operation === ARP_REPLY)) return;
  for (const rule of link.hosts[host.id]!.arpRules) {
    if (rule.chain !== 'INPUT' || !arpRuleMatches(rule, nic, arp)) continue;
    if (rule.target === 'DROP') return noteSilence(world, host, f, 'arptables');
    break;
  }
  if (sender === target && eitherOf(world, nic)) return;
  if (sender === 0) {
    // Duplicate address detection (RFC 2131): answered, and nothing is learnt.
    if (operation !== ARP_REQUEST || !isLocal(host, target)) return;
    if (ignoresArp(world, host, nic, sender, target)) noteSilence(world, host, f, 'arp_ignore');
    else reply(world, host, nic, arp);
    return;
  }
  if (operation === ARP_REQUEST && isLocal(host, target) && believes(world, host, nic, sender)) {
    const silencer = whatForbids(world, host, nic, sender, target);
    if (silencer !== undefined) return noteSilence(world, host, f, silencer);
    // Who asks is known from now on, however fresh the entry (neigh_event_ns).
    const asker = findNeighbour(world, nic, sender) ?? createNeighbour(world, nic, sender);
    if (!isClosed(world, nic, asker, sender, target)) {
      updateNeighbour(world, hooks, asker, senderMac, 'STALE', true);
    }
    reply(world, host, nic, arp);
    return;
  }
  learn(world, hooks, host, nic, arp, link.frames.rows[(f << FRAME) | TO_MAC]!);
}

/** The setting that forbids an answer; undefined: none does. */
function whatForbids(
  world: NetWorld,
  host: Host,
  nic: NetInterface,
  sender: number,
  target: number,
): string | undefined {
  if (ignoresArp(world, host, nic, sender, target)) return 'arp_ignore';
  if (filtersArp(world, host, nic, sender)) return 'arp_filter';
  return isHidden(world, host, nic, target) ? 'hidden' : undefined;
}

/** drop_gratuitous_arp of `all` or the interface. */
function eitherOf(world: NetWorld, nic: NetInterface): boolean {
  return largerOf(world, nic, 'drop_gratuitous_arp') !== 0;
}

/** ip_route_input: a request from an address of the host's own, say, is not answered. */
function believes(world: NetWorld, host: Host, nic: NetInterface, sender: number): boolean {
  return sourceTrouble(world, host, nic, sender) === undefined;
}

function reply(world: NetWorld, host: Host, nic: NetInterface, arp: ArpFields): void {
  const link = world.net.link!;
  const asker = arp.senderMac;
  sendArp(world, host, nic, asker, {
    operation: ARP_REPLY,
    senderMac: link.ports[nic.id]!.mac,
    senderAddress: arp.targetAddress,
    targetMac: asker,
    targetAddress: arp.senderAddress,
  });
}

/**
 * What a reply, or somebody else's question, does to the entry of its sender.
 * @param destination the frame's
 */
function learn(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  nic: NetInterface,
  arp: ArpFields,
  destination: MacId,
): void {
  const link = world.net.link!;
  const { operation, senderMac, senderAddress: sender, targetAddress: target } = arp;
  const isReply = operation === ARP_REPLY;
  const gratuitous = sender === target && !isLocal(host, sender) && (!isReply || arp.targetMac === senderMac);
  let entry = findNeighbour(world, nic, sender);
  if (entry === undefined) {
    if (!accepts(world, nic, sender)) return;
    if (!gratuitous && !(isReply && !isLocal(host, sender))) return;
    entry = createNeighbour(world, nic, sender);
  }
  if (isClosed(world, nic, entry, sender, target)) return;
  const locktime = Math.floor((link.ports[nic.id]!.neighbourConf.locktime * HZ) / 100);
  const isFixed = link.ports[nic.id]!.fixedCache !== undefined;
  const override = isFixed || gratuitous || ticksNow(world) > entry.updated + locktime;
  const toUs = destination === link.ports[nic.id]!.mac;
  updateNeighbour(world, hooks, entry, senderMac, isReply && toUs ? 'REACHABLE' : 'STALE', override);
}

/** A table of fixed lifetimes that does not learn from this while it has an entry. */
function isClosed(
  world: NetWorld,
  nic: NetInterface,
  entry: Neighbour,
  sender: number,
  target: number,
): boolean {
  const fixed = world.net.link!.ports[nic.id]!.fixedCache;
  if (fixed === undefined || fixed.learns === 'all' || !isValid(entry.state)) return false;
  return fixed.learns === 'nothing' || sender === target;
}

/** arp_accept: 1 from anybody, 2 from the interface's own networks. */
function accepts(world: NetWorld, nic: NetInterface, sender: number): boolean {
  const level = largerOf(world, nic, 'arp_accept');
  if (level === 2) return nic.addresses.some((a) => sameNet(a.address, sender, a.prefixLength));
  return level === 1;
}

function sameNet(a: number, b: number, length: number): boolean {
  return length === 0 || (a ^ b) >>> (32 - length) === 0;
}

/**
 * Tells the segment who has an address: a gratuitous ARP request, or reply (`arping -U`, `-A`). With another
 * target it is a question, or an answer, that everybody overhears.
 * @param to one MAC instead of all
 */
export function gratuitousArp(
  world: NetWorld,
  host: Host,
  nic: NetInterface,
  address: number,
  kind: 'request' | 'reply' = 'request',
  target: number = address,
  to: MacId = MAC_BROADCAST,
): void {
  const mac = world.net.link!.ports[nic.id]!.mac;
  sendArp(world, host, nic, to, {
    operation: kind === 'reply' ? ARP_REPLY : ARP_REQUEST,
    senderMac: mac,
    senderAddress: address,
    targetMac: kind === 'reply' ? mac : to,
    targetAddress: target,
  });
}

/** A question by hand (`arping`): as `source`, or as the interface's own address for the target. */
export function askByHand(
  world: NetWorld,
  host: Host,
  nic: NetInterface,
  target: number,
  source: number | undefined,
  destination: MacId = MAC_BROADCAST,
): void {
  sendArp(world, host, nic, destination, {
    operation: ARP_REQUEST,
    senderMac: world.net.link!.ports[nic.id]!.mac,
    senderAddress: source ?? selectAddress(host, nic, target),
    targetMac: MAC_BROADCAST,
    targetAddress: target,
  });
}

/** ARP's fields, with MACs as 48-bit numbers. */
export interface ArpPacket {
  readonly operation: number;
  readonly senderMac: number;
  readonly senderAddress: number;
  readonly targetMac: number;
  readonly targetAddress: number;
}

/** An ARP packet made by hand (`arping`, `send_arp`). @param destination the frame's, 48 bits */
export function arpByHand(
  world: NetWorld,
  host: Host,
  nic: NetInterface,
  packet: ArpPacket,
  destination: number,
): void {
  const link = world.net.link!;
  sendArp(world, host, nic, macId(link, destination), {
    ...packet,
    senderMac: macId(link, packet.senderMac),
    targetMac: macId(link, packet.targetMac),
  });
}
