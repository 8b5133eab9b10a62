import { nextInt, schedule, type SimTime, stream, TICK_NS, timerTick } from '@lvscope/des';
import { dropPacket } from '../drop.ts';
import { OUTER_SOURCE, PACKET, SOURCE } from '../packet-row.ts';
import type { Host, NetHooks, NetInterface, NetWorld, PacketId, Path } from '../state.ts';
import { wireLength } from './fragments.ts';
import { noteNeighbour } from './neighbour-watch.ts';
import { removeNeighbour } from './create.ts';
import { askFor, sendPacketFrame } from './send.ts';
import { announcedSource } from './settings.ts';
import { MAC_BROADCAST, MAC_ZERO } from './state.ts';
import type { MacId, Neighbour, NudState } from './state.ts';
import { tunnelled } from '../packets.ts';

/** Ticks of a kernel's clock in a second (CONFIG_HZ=250). */
export const HZ = 250;

/** How often the kernel draws an interface's reachable time anew, ticks (neigh_periodic_work). */
const REDRAW_TICKS = 300 * HZ;

/** The kernel's clock. */
export function ticksNow(world: NetWorld): number {
  return Math.floor(world.sim.now / TICK_NS) + world.net.jiffiesAtStart;
}

export const isConnected = (state: NudState): boolean =>
  state === 'REACHABLE' || state === 'PERMANENT' || state === 'NOARP';

/** Whether packets may go to its MAC (NUD_VALID). */
export const isValid = (state: NudState): boolean =>
  isConnected(state) || state === 'STALE' || state === 'DELAY' || state === 'PROBE';

const hasTimer = (state: NudState): boolean =>
  state === 'INCOMPLETE' || state === 'REACHABLE' || state === 'DELAY' || state === 'PROBE';

/**
 * Whether a packet may go to the entry's MAC at once, with nothing to do for the entry but to note that it
 * was used (__neigh_event_send): then it was noted. What every hop goes through looks for REACHABLE by itself
 * first, for V8 does not build this into it.
 */
export function takesAtOnce(world: NetWorld, entry: Neighbour): boolean {
  const { state } = entry;
  if (isConnected(state)) return true;
  if (state !== 'DELAY' && state !== 'PROBE') return false;
  entry.used = ticksNow(world);
  return true;
}

/** An interface's entry for an address. */
export function findNeighbour(world: NetWorld, nic: NetInterface, address: number): Neighbour | undefined {
  return world.net.link!.ports[nic.id]!.neighbours.get(address);
}

/** The entry of a path's next hop, which the path keeps as long as the interface does. */
export function neighbourOf(world: NetWorld, path: Path): Neighbour {
  const known = path.neighbour;
  if (known !== undefined && world.net.link!.neighbours[known.id] === known) return known;
  const nic = path.out[0]!;
  const entry = findNeighbour(world, nic, path.nextHop) ?? createNeighbour(world, nic, path.nextHop);
  path.neighbour = entry;
  return entry;
}

export function createNeighbour(world: NetWorld, nic: NetInterface, address: number): Neighbour {
  const link = world.net.link!;
  const port = link.ports[nic.id]!;
  const id = link.freeNeighbours.pop() ?? link.neighbours.length;
  const now = ticksNow(world);
  const entry: Neighbour = {
    id,
    interfaceId: nic.id,
    address,
    state: port.noArp ? 'NOARP' : 'NONE',
    mac: port.noArp ? port.mac : MAC_ZERO,
    updated: now,
    confirmed: now - reachableTicks(world, nic) * 2,
    used: now,
    probes: 0,
    generation: 0,
    queue: [],
  };
  link.neighbours[id] = entry;
  port.neighbours.set(address, entry);
  return entry;
}

/** What REACHABLE lasts on an interface now: half to one and a half of the base, drawn every 300 s. */
export function reachableTicks(world: NetWorld, nic: NetInterface): number {
  const port = world.net.link!.ports[nic.id]!;
  const period = Math.floor(ticksNow(world) / REDRAW_TICKS);
  if (port.reachablePeriod !== period) {
    const host = world.net.hosts[nic.host]!;
    const base = Math.floor((port.neighbourConf.base_reachable_time_ms * HZ) / 1000);
    const draws = stream(world.sim, `net/reachable/${host.name}/${nic.name}`);
    const drawn = base > 0 ? nextInt(draws, base) : 0;
    const share = port.reachableShare;
    port.reachableTicks = Math.floor(base / 2) + (share < 0 ? drawn : Math.floor(base * share));
    port.reachablePeriod = period;
  }
  return port.reachableTicks;
}

function armNeighbour(world: NetWorld, entry: Neighbour, expires: number): void {
  const now = ticksNow(world);
  const tick = timerTick(now, Math.max(now, expires));
  entry.generation = world.net.link!.nextGeneration++;
  const at = Math.max(world.sim.now, (tick - world.net.jiffiesAtStart) * TICK_NS);
  schedule(world.sim, at as SimTime, world.net.link!.neighbourKind, entry.id, entry.generation);
}

/** The entry's time runs from now on, to the nanosecond; 0: for ever. */
function armFixed(world: NetWorld, entry: Neighbour, lifetimeSeconds: number): void {
  const link = world.net.link!;
  entry.generation = link.nextGeneration++;
  if (lifetimeSeconds === 0) return;
  const at = (world.sim.now + Math.floor(lifetimeSeconds * 1e9)) as SimTime;
  schedule(world.sim, at, link.neighbourKind, entry.id, entry.generation);
}

/** A fixed cache gets another lifetime: the entries that it has run from when they were learnt. */
export function shortenFixedCache(world: NetWorld, nic: NetInterface, lifetimeSeconds: number): void {
  const port = world.net.link?.ports[nic.id];
  if (port?.fixedCache === undefined) return;
  port.fixedCache.lifetimeSeconds = lifetimeSeconds;
  for (const entry of port.neighbours.values()) {
    if (entry.state !== 'REACHABLE') continue;
    const age = (ticksNow(world) - entry.updated) / HZ;
    armFixed(world, entry, lifetimeSeconds === 0 ? 0 : Math.max(lifetimeSeconds - age, 1e-6));
  }
}

const retransTicks = (world: NetWorld, nic: NetInterface): number =>
  Math.max(Math.ceil((world.net.link!.ports[nic.id]!.neighbourConf.retrans_time_ms * HZ) / 1000), 3);

const delayTicks = (world: NetWorld, nic: NetInterface): number =>
  world.net.link!.ports[nic.id]!.neighbourConf.delay_first_probe_time * HZ;

/**
 * Sends a packet to a neighbour, or keeps it until the neighbour has answered (neigh_output,
 * __neigh_event_send). The packet is the function's from here on.
 * @param bytes its `wireLength`
 */
export function neighbourOutput(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  nic: NetInterface,
  packet: PacketId,
  bytes: number,
  entry: Neighbour,
): void {
  if (!takesAtOnce(world, entry)) {
    if (entry.state !== 'STALE') return waitFor(world, hooks, host, nic, entry, packet);
    const now = ticksNow(world);
    entry.used = now;
    entry.state = 'DELAY';
    entry.updated = now;
    noteNeighbour(world, entry);
    armNeighbour(world, entry, now + delayTicks(world, nic));
  }
  sendPacketFrame(world, hooks, host, nic, packet, bytes, entry.mac);
}

/** Asks for a neighbour that no packet waits for (neigh_event_send without one). */
export function solicit(world: NetWorld, host: Host, nic: NetInterface, entry: Neighbour): void {
  if (entry.state === 'INCOMPLETE') return;
  beginSolicit(world, nic, entry);
  probe(world, host, nic, entry);
}

function beginSolicit(world: NetWorld, nic: NetInterface, entry: Neighbour): void {
  entry.probes = world.net.link!.ports[nic.id]!.neighbourConf.ucast_solicit;
  entry.state = 'INCOMPLETE';
  entry.updated = ticksNow(world);
  noteNeighbour(world, entry);
  armNeighbour(world, entry, entry.updated + retransTicks(world, nic));
}

function waitFor(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  nic: NetInterface,
  entry: Neighbour,
  packet: PacketId,
): void {
  const { mcast_solicit: multicast, unres_qlen: most } = world.net.link!.ports[nic.id]!.neighbourConf;
  let ask = false;
  if (entry.state !== 'INCOMPLETE') {
    if (multicast === 0) return dropPacket(world, hooks, host, packet, 'neighbour-unreachable');
    beginSolicit(world, nic, entry);
    ask = true;
  }
  entry.queue.push(packet);
  if (entry.queue.length > most) {
    dropPacket(world, hooks, host, entry.queue.shift()!, 'neighbour-unreachable');
  }
  if (ask) probe(world, host, nic, entry);
}

/** One more question: to the MAC that it had, while unicast probes are left, else to all (arp_solicit). */
function probe(world: NetWorld, host: Host, nic: NetInterface, entry: Neighbour): void {
  const { packets, link } = world.net;
  const last = entry.queue.at(-1);
  let waiting = 0;
  if (last !== undefined) {
    waiting = tunnelled(packets, last)
      ? packets.rows[(last << PACKET) | OUTER_SOURCE]!
      : packets.rows[(last << PACKET) | SOURCE]!;
  }
  const source = announcedSource(world, host, nic, entry.address, waiting);
  const unicast = entry.probes < link!.ports[nic.id]!.neighbourConf.ucast_solicit;
  askFor(world, host, nic, source, entry.address, unicast ? entry.mac : MAC_BROADCAST, MAC_ZERO);
  entry.probes++;
}

/**
 * A neighbour's timer went off (neigh_timer_handler).
 * @returns packets that wait no longer, because nobody has answered
 */
export function neighbourTimerTicked(world: NetWorld, host: Host, entry: Neighbour): PacketId[] {
  const nic = world.net.interfaces[entry.interfaceId]!;
  if (!hasTimer(entry.state)) return [];
  if (entry.state === 'REACHABLE' && world.net.link!.ports[nic.id]!.fixedCache !== undefined) {
    removeNeighbour(world.net.link!, entry);
    return [];
  }
  const now = ticksNow(world);
  const alive = host.power && nic.up;
  let next = now + retransTicks(world, nic);
  if (entry.state === 'REACHABLE') {
    const until = entry.confirmed + reachableTicks(world, nic);
    if (now <= until) next = until;
    else if (now <= entry.used + delayTicks(world, nic)) {
      change(world, entry, 'DELAY', now);
      next = now + delayTicks(world, nic);
    } else change(world, entry, 'STALE', now);
  } else if (entry.state === 'DELAY') {
    if (now <= entry.confirmed + delayTicks(world, nic)) {
      change(world, entry, 'REACHABLE', now);
      next = entry.confirmed + reachableTicks(world, nic);
    } else {
      change(world, entry, 'PROBE', now);
      entry.probes = 0;
    }
  }
  const asking = entry.state === 'INCOMPLETE' || entry.state === 'PROBE';
  if (asking && (!alive || entry.probes >= mostProbes(world, nic, entry))) {
    change(world, entry, 'FAILED', now);
    return entry.queue.splice(0);
  }
  if (hasTimer(entry.state)) armNeighbour(world, entry, Math.max(next, now + Math.floor(HZ / 100)));
  if (asking) probe(world, host, nic, entry);
  return [];
}

function mostProbes(world: NetWorld, nic: NetInterface, entry: Neighbour): number {
  const conf = world.net.link!.ports[nic.id]!.neighbourConf;
  return conf.ucast_solicit + (entry.state === 'PROBE' ? 0 : conf.mcast_solicit);
}

function change(world: NetWorld, entry: Neighbour, state: NudState, now: number): void {
  entry.state = state;
  entry.updated = now;
  noteNeighbour(world, entry);
}

/**
 * Somebody said that the neighbour has this MAC (neigh_update, for states with an address).
 * @param override whether a different MAC may replace one that is known
 */
export function updateNeighbour(
  world: NetWorld,
  hooks: NetHooks,
  entry: Neighbour,
  mac: MacId,
  wanted: NudState,
  override: boolean,
  byOperator = false,
): void {
  const { net } = world;
  const nic = net.interfaces[entry.interfaceId]!;
  const old = entry.state;
  if (!byOperator && (old === 'NOARP' || old === 'PERMANENT')) return;
  const now = ticksNow(world);
  if (isConnected(wanted)) entry.confirmed = now;
  const fixed = net.link!.ports[nic.id]!.fixedCache;
  // a table of fixed lifetimes knows one state only
  let state = fixed !== undefined && wanted === 'STALE' ? 'REACHABLE' : wanted;
  const other = mac !== entry.mac;
  if (isValid(old)) {
    if (other && !override) return;
    if (!other && state === 'STALE' && !byOperator) state = old;
  }
  if (state !== old || other) entry.updated = now;
  if (state !== old) {
    entry.generation = 0;
    if (state === 'PROBE') entry.probes = 0;
    entry.state = state;
    if (hasTimer(state) && fixed === undefined) {
      armNeighbour(world, entry, now + (state === 'REACHABLE' ? reachableTicks(world, nic) : 0));
    }
  }
  if (other) {
    entry.mac = mac;
    if (!isConnected(state)) {
      entry.confirmed =
        now - Math.floor((net.link!.ports[nic.id]!.neighbourConf.base_reachable_time_ms * HZ) / 500);
    }
  }
  if (state !== old || other) noteNeighbour(world, entry);
  if (fixed !== undefined && (state !== old || other) && state === 'REACHABLE') {
    armFixed(world, entry, fixed.lifetimeSeconds);
  }
  if (isValid(old)) return;
  const host = net.hosts[nic.host]!;
  for (const packet of entry.queue.splice(0)) {
    neighbourOutput(world, hooks, host, nic, packet, wireLength(net, packet), entry);
  }
}
