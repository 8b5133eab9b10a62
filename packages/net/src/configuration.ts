import { addTimerBank, nextU32, type Simulation, stream } from '@lvscope/des';
import { bootClock } from './timestamps.ts';
import type { Ipv4 } from '@lvscope/inet';
import { createIcmpRate } from './icmp-rate.ts';
import { defaultSysctl, type NetKernel } from './kernel-profile.ts';
import { createLocalCache } from './local-cache.ts';
import { addLinkHost, addPort, addSwitch, forgetInterface } from './link/create.ts';
import { derivedMac } from './link/mac.ts';
import { addWire, createWires, settleWire, settleWires } from './link/wires.ts';
import { createMessages } from './messages.ts';
import { createPacketPool } from './packets.ts';
import { createPathCache, forgetPaths } from './path-cache.ts';
import { addConnectedRoutes, dropRoutesOf } from './routes.ts';
import { createSocketTable, STATE_COUNT } from './socket-table.ts';
import type { Host, HostRole, NetEventKinds, NetInterface, Network, Segment } from './state.ts';

/** A network without hosts. It sets three timer banks up in `sim`, all of kind `kinds.socketTimer`. */
export function createNetwork(sim: Simulation, kinds: NetEventKinds): Network {
  const secrets = stream(sim, 'net/secret');
  return {
    kinds,
    segments: [],
    interfaces: [],
    hosts: [],
    hostByName: new Map(),
    wires: createWires(),
    packets: createPacketPool(),
    messages: createMessages(),
    sockets: createSocketTable(),
    listeners: [],
    retransmitBank: addTimerBank(sim, kinds.socketTimer),
    keepBank: addTimerBank(sim, kinds.socketTimer),
    delayedAckBank: addTimerBank(sim, kinds.socketTimer),
    neighbourWaits: [],
    pathCache: createPathCache(),
    secret: Uint32Array.of(nextU32(secrets), nextU32(secrets)),
    nextTap: 0,
    mixedMtu: false,
    jiffiesAtStart: 0,
    print: undefined,
    sendLockNs: 0,
    link: undefined,
  };
}

export interface SegmentOptions {
  readonly name: string;
  readonly network: Ipv4;
  readonly prefixLength: number;
  /** Bytes, 1500. */
  readonly mtu?: number;
  /** One way, ns, 0. */
  readonly delayNs?: number;
  /** At most this much more, drawn for each packet; ns, 0. */
  readonly jitterNs?: number;
  /** Packets in a sending queue, 1000 (Linux' txqueuelen). */
  readonly queuePackets?: number;
  /** 0: without limit. */
  readonly bandwidthBitsPerSecond?: number;
  /** Probability, 0. */
  readonly loss?: number;
}

export function addSegment(sim: Simulation, net: Network, options: SegmentOptions): Segment {
  const segment: Segment = {
    id: net.segments.length,
    name: options.name,
    network: options.network,
    prefixLength: options.prefixLength,
    mtu: options.mtu ?? 1500,
    delayNs: options.delayNs ?? 0,
    jitterNs: options.jitterNs ?? 0,
    jitterStream: stream(sim, `net/jitter/${options.name}`),
    queuePackets: options.queuePackets ?? 1000,
    bandwidthBitsPerSecond: options.bandwidthBitsPerSecond ?? 0,
    loss: options.loss ?? 0,
    lossStream: stream(sim, `net/loss/${options.name}`),
    interfaces: [],
    announced: new Map(),
  };
  net.segments.push(segment);
  if (net.link !== undefined) addSwitch(net.link, segment.id);
  return segment;
}

/** Changes a segment's line while the world runs. */
export function setSegment(
  net: Network,
  segment: Segment,
  change: Partial<Pick<Segment, 'mtu' | 'delayNs' | 'jitterNs' | 'bandwidthBitsPerSecond' | 'loss'>>,
): void {
  for (const nic of segment.interfaces) if (nic.mtu === segment.mtu) nic.mtu = change.mtu ?? segment.mtu;
  Object.assign(segment, change);
  settleWires(net, segment.interfaces);
  forgetPaths(net);
}

/**
 * A host with nothing but `lo` (127.0.0.1/8), powered. A second host of the same name is a bug and throws.
 */
export function addHost(
  net: Network,
  options: { readonly name: string; readonly role: HostRole; readonly kernel?: NetKernel },
): Host {
  if (net.hostByName.has(options.name)) throw new Error(`two hosts called ${options.name}`);
  const kernel = options.kernel ?? '6.1';
  const host: Host = {
    id: net.hosts.length,
    name: options.name,
    role: options.role,
    kernel,
    sysctl: defaultSysctl(kernel),
    icmpRate: createIcmpRate(),
    power: true,
    interfaces: [],
    nextInterfaceIndex: 1,
    routes: [],
    clock: bootClock(options.name),
    peerStamps: new Map(),
    exceptions: new Map(),
    local: new Map(),
    localCache: createLocalCache(),
    localSets: -1,
    routeChanges: 0,
    mangle: [],
    filter: undefined,
    redirects: [],
    redirected: new Map(),
    listeners: new Map(),
    taps: [],
    packetCostNs: 0,
    cpuBusyUntil: 0,
    socketCounts: new Int32Array(STATE_COUNT),
    portHints: new Uint32Array(256),
    dropped: 0,
  };
  net.hosts.push(host);
  net.hostByName.set(options.name, host);
  if (net.link !== undefined) addLinkHost(net.link, host);
  addInterface(net, host, { name: 'lo' });
  return host;
}

export function hostByName(net: Network, name: string): Host | undefined {
  return net.hostByName.get(name);
}

/** The MTU that a device begins with: its segment's, lo's, ipip's (an outer header less), any other's. */
export function firstMtu(segment: Segment | undefined, name: string): number {
  if (segment !== undefined) return segment.mtu;
  if (name === 'lo') return 65_536;
  return name.startsWith('tunl') ? 1480 : 1500;
}

/** An interface, up, on a segment or (lo, tunl0, dummy0) on none. */
export function addInterface(
  net: Network,
  host: Host,
  options: {
    readonly name: string;
    readonly segment?: Segment;
    readonly up?: boolean;
    /** 48 bits; derived from host and place when absent. */
    readonly mac?: number;
  },
): NetInterface {
  const nic: NetInterface = {
    id: net.interfaces.length,
    name: options.name,
    host: host.id,
    index: host.nextInterfaceIndex++,
    segment: options.segment?.id ?? -1,
    mac: options.mac ?? (options.segment === undefined ? 0 : derivedMac(host.id, host.interfaces.length)),
    mtu: firstMtu(options.segment, options.name),
    up: options.up ?? true,
    addresses: [],
    groups: [],
    netemDelayNs: 0,
    netemLoss: 0,
    jitteredUntil: 0,
    droppedPackets: 0,
  };
  net.interfaces.push(nic);
  addWire(net.wires, nic.id);
  host.interfaces.push(nic);
  options.segment?.interfaces.push(nic);
  if (net.link !== undefined) addPort(net.link, host, nic);
  settleWire(net, nic);
  forgetPaths(net);
  return nic;
}

export function interfaceByName(host: Host, name: string): NetInterface | undefined {
  return host.interfaces.find((nic) => nic.name === name);
}

/**
 * `ip link set dev up|down`. Going down takes the routes through it away; only the connected ones come
 * back.
 */
export function setInterfaceUp(net: Network, host: Host, dev: string, up: boolean): boolean {
  const nic = interfaceByName(host, dev);
  if (nic === undefined) return false;
  if (nic.up !== up) {
    nic.up = up;
    settleWire(net, nic);
    if (up) addConnectedRoutes(host, nic);
    else dropRoutesOf(host, nic.name);
    if (net.link !== undefined && !up) forgetInterface(net.link, nic);
    forgetPaths(net);
  }
  return true;
}

/** `tc qdisc replace dev … root netem delay … loss …`: every packet that the interface sends. */
export function setNetem(net: Network, nic: NetInterface, delayNs: number, loss: number): void {
  nic.netemDelayNs = delayNs;
  nic.netemLoss = loss;
  settleWire(net, nic);
  forgetPaths(net);
}

/**
 * Pulls the plug, or puts it back. Of the host's memory only its neighbour cache goes: what else a reboot
 * forgets is the caller's to clear.
 */
export function setHostPower(net: Network, host: Host, power: boolean): void {
  host.power = power;
  settleWires(net, host.interfaces);
  if (!power) {
    host.exceptions.clear();
    host.peerStamps.clear();
  }
  if (net.link !== undefined && !power) {
    for (const nic of host.interfaces) forgetInterface(net.link, nic);
  }
  forgetPaths(net);
}
