import type { Host, NetInterface, Network } from '../state.ts';
import { createFrameRing } from './frame-row.ts';
import { createFramePool } from './frames.ts';
import { BROADCAST_MAC, createSwitch, macId } from './mac.ts';
import { createNeighbourWatch, noteRemoval } from './neighbour-watch.ts';
import { FRAME_ENDS } from './state.ts';
import { settleWires } from './wires.ts';
import type { InterfaceConf, LinkLayer, Neighbour, NeighbourConf, Port } from './state.ts';

/** The event kinds (0..255) that the owner of the world has set aside for packet level. */
export interface LinkEventKinds {
  /** a frame at a switch or an interface; a: frame, b: interface, -1 at the switch */
  readonly frame: number;
  /** a neighbour's timer; a: neighbour, b: generation */
  readonly neighbour: number;
}

/** Documentation/networking/ip-sysctl.rst; rp_filter is what distributions set, 0 = the kernel's own. */
export function defaultInterfaceConf(): InterfaceConf {
  return {
    arp_ignore: 0,
    arp_announce: 0,
    arp_filter: 0,
    arp_accept: 0,
    arp_notify: 0,
    drop_gratuitous_arp: 0,
    rp_filter: 0,
    accept_local: 0,
    send_redirects: 1,
    accept_redirects: 1,
    secure_redirects: 1,
    shared_media: 1,
    hidden: 0,
  };
}

/** net/ipv4/arp.c, arp_tbl. */
export function defaultNeighbourConf(): NeighbourConf {
  return {
    base_reachable_time_ms: 30_000,
    delay_first_probe_time: 5,
    retrans_time_ms: 1000,
    ucast_solicit: 3,
    mcast_solicit: 3,
    gc_stale_time: 60,
    locktime: 100,
    unres_qlen: 101,
  };
}

/**
 * Turns a network to packet level: from now on every hop of every frame is an event. To be called before
 * anything has been sent; hosts, interfaces and segments may be added before or after.
 */
export function turnToPackets(net: Network, kinds: LinkEventKinds): LinkLayer {
  const link: LinkLayer = {
    frameKind: kinds.frame,
    neighbourKind: kinds.neighbour,
    frames: createFramePool(),
    made: 0,
    ended: new Float64Array(FRAME_ENDS.length),
    macs: [],
    macIds: new Map(),
    switches: [],
    ports: [],
    hosts: [],
    neighbours: [],
    freeNeighbours: [],
    nextGeneration: 1,
    watch: createNeighbourWatch(),
    nextJourney: 1,
    fragments: new Map(),
    reassemblies: new Map(),
    largestFragment: new Map(),
    nextFragmentGroup: 1,
    watches: [],
    ring: createFrameRing(),
    print: undefined,
  };
  macId(link, BROADCAST_MAC);
  macId(link, 0);
  net.link = link;
  for (const segment of net.segments) addSwitch(link, segment.id);
  for (const host of net.hosts) {
    addLinkHost(link, host);
    for (const nic of host.interfaces) addPort(link, host, nic);
  }
  settleWires(net, net.interfaces);
  return link;
}

export function addLinkHost(link: LinkLayer, host: Host): void {
  link.hosts[host.id] = {
    all: defaultInterfaceConf(),
    default: defaultInterfaceConf(),
    neighbourDefault: defaultNeighbourConf(),
    arpRules: [],
    redirects: new Map(),
  };
}

/** An interface's settings begin as `default` says. */
export function addPort(link: LinkLayer, host: Host, nic: NetInterface): Port {
  const settings = link.hosts[host.id]!;
  const port: Port = {
    mac: macId(link, nic.mac),
    noArp: false,
    conf: { ...settings.default },
    neighbourConf: { ...settings.neighbourDefault },
    neighbours: new Map(),
    reachableTicks: 0,
    reachablePeriod: -1,
    reachableShare: -1,
    fixedCache: undefined,
  };
  link.ports[nic.id] = port;
  return port;
}

export function addSwitch(link: LinkLayer, segment: number): void {
  link.switches[segment] = createSwitch(2 * link.macs.length);
}

/** Takes an entry out of its cache. One that packets wait for stays until its timer has answered them. */
export function removeNeighbour(link: LinkLayer, entry: Neighbour): void {
  if (entry.queue.length > 0) return;
  noteRemoval(link, entry);
  link.ports[entry.interfaceId]!.neighbours.delete(entry.address);
  link.neighbours[entry.id] = undefined;
  // paths may still hold it
  entry.state = 'NONE';
  link.freeNeighbours.push(entry.id);
}

/**
 * An interface went down: its neighbours are forgotten (neigh_ifdown), and the switch forgets what was behind
 * its port. Entries that packets wait for end with their timers.
 */
export function forgetInterface(link: LinkLayer, nic: NetInterface): void {
  for (const entry of link.ports[nic.id]!.neighbours.values()) {
    removeNeighbour(link, entry);
  }
  const ports = link.switches[nic.segment]?.port ?? new Int32Array(0);
  for (let mac = 0; mac < ports.length; mac++) if (ports[mac] === nic.id) ports[mac] = -1;
}
