import type { IcmpRate } from './icmp-rate.ts';
import type { Fingerprint, RandomStream, Simulation } from '@lvscope/des';
import type { Ipv4 } from '@lvscope/inet';
import type { NetKernel, NetSysctl } from './kernel-profile.ts';
import type { LinkLayer, Neighbour } from './link/state.ts';
import type { Wires } from './link/wires.ts';
import type { Messages } from './messages.ts';
import type { PacketPool } from './packets.ts';
import type { RedirectedFlow } from './nat-redirect.ts';
import type { RouteException } from './route-exceptions.ts';
import type { FilterTable, PacketRule } from './rules.ts';
import type { SocketTable } from './socket-table.ts';
import type { PeerStamp } from './timestamps.ts';

/** Index of a packet in the pool; it means another packet after it is freed. */
export type PacketId = number;

/** Index of a socket in the table; it means another socket after `closed`. -1 = none. */
export type SocketId = number;

/** What a host is for. Routers without rules and taps are passed through without an event of their own. */
export type HostRole = 'client' | 'router' | 'director' | 'realserver';

/** The event kinds (0..255) that the owner of the world has set aside for net. */
export interface NetEventKinds {
  /** a packet is at an interface; a: packet, b: interface */
  readonly arrive: number;
  /** a host's CPU has got round to a packet; a: packet, b: interface (its complement: past the hooks) */
  readonly process: number;
  /** an unanswered neighbour's next probe; a: slot */
  readonly neighbour: number;
  /** a timer of a socket; a: socket, b: timer bank */
  readonly socketTimer: number;
}

/** An L2 segment: a switch, or a wire, or a WAN line. */
export interface Segment {
  readonly id: number;
  readonly name: string;
  readonly network: Ipv4;
  readonly prefixLength: number;
  /** Bytes of an IP packet. */
  mtu: number;
  /** One way, ns. */
  delayNs: number;
  /** A packet takes at most this much longer, ns, drawn uniformly; packets of a sender keep their order. */
  jitterNs: number;
  readonly jitterStream: RandomStream;
  /** Of each interface's sending side, bits per second; 0 = without limit. */
  bandwidthBitsPerSecond: number;
  /** Packets that a sending queue holds: an interface's, or at packet level a switch port's. */
  readonly queuePackets: number;
  /** Probability that a packet is lost, 0..1. */
  loss: number;
  readonly lossStream: RandomStream;
  readonly interfaces: NetInterface[];
  /** Who answers for an address that several hosts hold: the one who announced it last (gratuitous ARP). */
  readonly announced: Map<number, number>;
}

export interface InterfaceAddress {
  readonly address: Ipv4;
  readonly prefixLength: number;
  /** `ip addr add … scope …`; global when absent. */
  readonly scope?: 'link' | 'host';
  /** `lo:0`, where it is not the interface's name: an alias of ifconfig. */
  readonly label?: string;
}

export interface NetInterface {
  /** Index in `net.interfaces`. */
  readonly id: number;
  readonly name: string;
  readonly host: number;
  /** Its number on its host, from 1: never given twice (ifindex). */
  readonly index: number;
  /** -1 for lo, tunl0, dummy. */
  readonly segment: number;
  /** 48 bits; 0 for lo and tunnels. */
  mac: number;
  /** Bytes of an IP packet that it sends; its segment's, unless somebody has set another. */
  mtu: number;
  up: boolean;
  readonly addresses: InterfaceAddress[];
  /** Multicast groups that it hears, one entry for each that joined. */
  readonly groups: number[];
  /** What `tc qdisc … netem` does to each packet that it sends: this much later, ns, or (0..1) lost. */
  netemDelayNs: number;
  netemLoss: number;
  /** When the last packet that it sent gets through a segment with jitter. */
  jitteredUntil: number;
  droppedPackets: number;
}

export interface Route {
  /** The last four let nothing through: with ICMP or in silence, `throw` as if there were no route. */
  readonly type: 'unicast' | 'local' | 'unreachable' | 'blackhole' | 'prohibit' | 'throw';
  readonly network: Ipv4;
  readonly prefixLength: number;
  readonly via?: Ipv4;
  readonly dev?: string;
  /** Preferred source address. */
  readonly source?: Ipv4;
  /** A packet has taken it (FA_S_ACCESSED). */
  accessed?: boolean;
}

/** A listening TCP socket or a bound UDP one. */
export interface Listener {
  readonly id: number;
  readonly host: number;
  readonly protocol: number;
  /** 0 = any address. */
  readonly address: Ipv4;
  readonly port: number;
  /** min(backlog of listen(2), somaxconn). TCP only. */
  readonly backlog: number;
  /** false: connections wait in the accept queue until `acceptNext`. */
  readonly autoAccept: boolean;
  /** Copied into the `app` of every socket that is accepted. */
  readonly app: number;
  open: boolean;
  /** Half-open connections (request socks). */
  halfOpen: number;
  /** Length of the accept queue, and its sockets in order. */
  waiting: number;
  queueHead: SocketId;
  queueTail: SocketId;
  /** When SYN cookies were sent last, ns; -1 never. A cookie counts for two minutes after. */
  cookiesAt: number;
  /** Connections and SYNs that a full queue turned away (TcpExtListenOverflows, TcpExtListenDrops). */
  overflows: number;
  cookiesSent: number;
}

export interface TapRecord {
  readonly at: number;
  readonly direction: 'in' | 'out';
  readonly interfaceId: number;
  readonly protocol: number;
  readonly source: Ipv4;
  readonly sourcePort: number;
  readonly destination: Ipv4;
  readonly destinationPort: number;
  readonly flags: number;
  readonly seq: number;
  readonly ack: number;
  /** Bytes of payload of all packets of the train together. */
  readonly payload: number;
  /** Bytes of payload of each packet but the last. */
  readonly segmentPayload: number;
  readonly packets: number;
  readonly ttl: number;
  /** Of the packet in a tunnel; without one the same. */
  readonly innerTtl: number;
  /** IP total length of the first packet. */
  readonly length: number;
  readonly icmpType: number;
  readonly icmpCode: number;
  readonly icmpMtu: number;
  /** Of the packet that an ICMP error quotes; an echo's id and number. */
  readonly innerProtocol: number;
  readonly innerDestination: Ipv4;
  readonly innerSourcePort: number;
  readonly innerDestinationPort: number;
  /** IPIP: the outer addresses, else 0. */
  readonly outerSource: Ipv4;
  readonly outerDestination: Ipv4;
}

export interface Tap {
  readonly id: number;
  readonly host: number;
  /** -1 = all interfaces of the host. */
  readonly interfaceId: number;
  /** Only packets to or from these addresses; 0/0 = all. */
  readonly network: Ipv4;
  readonly prefixLength: number;
  readonly direction: 'in' | 'out' | 'both';
  readonly capacity: number;
  /** A timer that goes off now whenever there is something new; see des. */
  readonly wakes: { readonly bank: number; readonly timer: number } | undefined;
  records: TapRecord[];
  /** Records that the ring has forgotten. */
  lost: number;
}

export interface Host {
  readonly id: number;
  readonly name: string;
  readonly role: HostRole;
  readonly kernel: NetKernel;
  readonly sysctl: NetSysctl;
  readonly icmpRate: IcmpRate;
  power: boolean;
  readonly interfaces: NetInterface[];
  nextInterfaceIndex: number;
  routes: Route[];
  /** Its clock at time 0, ticks of TCP's timestamps (1 ms). */
  readonly clock: number;
  /** tcp_tw_recycle: the last timestamp of each address. */
  readonly peerStamps: Map<number, PeerStamp>;
  /** What ICMP has taught about single destinations, by address. */
  readonly exceptions: Map<number, RouteException>;
  /** How many interfaces hold each address. */
  readonly local: Map<number, number>;
  /** What `isLocal` has said of addresses, by their last bits. */
  readonly localCache: Int32Array;
  /** Of which sets its addresses are (local-cache.ts); -1: not worked out yet, or it has whole networks. */
  localSets: number;
  /** How often its addresses or routes have changed: what was looked up before is out of date (rt_genid). */
  routeChanges: number;
  /** mangle PREROUTING */
  readonly mangle: PacketRule[];
  /** undefined: nobody has asked iptables for it yet. */
  filter: FilterTable | undefined;
  /** nat PREROUTING, and the connections that it has redirected. */
  readonly redirects: PacketRule[];
  readonly redirected: Map<string, RedirectedFlow>;
  /** protocol × 65536 + port → listeners on it */
  readonly listeners: Map<number, Listener[]>;
  /** Taps on this host, by id. */
  taps: Tap[];
  /** CPU time that a packet costs when it comes in, ns. 0: the host is never busy. */
  packetCostNs: number;
  cpuBusyUntil: number;
  /** Sockets by TCP state (TCP_STATES). */
  readonly socketCounts: Int32Array;
  /** Where the search for a free port goes on, by hash of the destination. */
  readonly portHints: Uint32Array;
  /** Packets dropped by this host. */
  dropped: number;
}

/** Packets that wait for a neighbour which does not answer. */
export interface NeighbourWait {
  readonly host: number;
  readonly interfaceId: number;
  readonly address: Ipv4;
  readonly packets: PacketId[];
  /** For each packet the address whose route leads to this neighbour. */
  readonly links: number[];
  probes: number;
}

/** How a packet goes from a host towards an address: worked out once, forgotten on any change. */
export interface Path {
  readonly kind: 'hops' | 'local' | 'no-route' | 'unresolved';
  /** Interfaces that send, in order. */
  readonly out: readonly NetInterface[];
  /** The segments that they send on. */
  readonly segments: readonly Segment[];
  /** Where the packet comes in at the next host that gets an event; -1 for none. */
  readonly stop: number;
  /** Sum of the delays, ns. */
  readonly delayNs: number;
  /** Some hop has a bandwidth, a jitter or a loss, so that each packet has to be looked at hop by hop. */
  readonly shaped: boolean;
  /** The address that a packet from the first host starts out with when nobody has bound one; 0 = none. */
  readonly source: Ipv4;
  /** 'unresolved': the address that nobody answers for. */
  readonly nextHop: Ipv4;
  /** Packet level: the next hop's entry when a packet went there last; it may have been removed since. */
  neighbour: Neighbour | undefined;
}

export interface PathCache {
  readonly rows: Int32Array;
  /** The host's id and one, the network, index of the path. */
  readonly networks: Int32Array;
  found: Path[];
  /** Places in `found`: by all that a path is told from others by. */
  known: Map<string, number>;
  /** Of a route with a gateway, which is the same path for all that it leads to; packet level only. */
  byRoute: Map<Route, number>;
}

/** Everything of net's, as plain data. */
export interface Network {
  readonly kinds: NetEventKinds;
  readonly segments: Segment[];
  readonly interfaces: NetInterface[];
  readonly wires: Wires;
  readonly hosts: Host[];
  readonly hostByName: Map<string, Host>;
  readonly packets: PacketPool;
  readonly messages: Messages;
  readonly sockets: SocketTable;
  /** By id; a closed listener keeps its place. */
  readonly listeners: Listener[];
  readonly retransmitBank: number;
  readonly keepBank: number;
  readonly delayedAckBank: number;
  readonly neighbourWaits: (NeighbourWait | undefined)[];
  readonly pathCache: PathCache;
  /** Two words of secret for sequence numbers and cookies. */
  readonly secret: Uint32Array;
  nextTap: number;
  /** Somebody has set an interface's MTU: frames may be too long for whom they are for. */
  mixedMtu: boolean;
  /** The kernels' tick counter at simulation time 0: what their late timers are rounded by. */
  jiffiesAtStart: number;
  /** Of the packets sent; there once one was. */
  print: Fingerprint | undefined;
  /**
   * How long a sending application holds its socket, ns: a redirect that comes meanwhile is lost
   * (sock_owned_by_user). 0 on any real wire; the recordings' wire has no delay at all.
   */
  sendLockNs: number;
  /** Packet level: frames, switches and neighbour caches. undefined: connection level. */
  link: LinkLayer | undefined;
}

/** What a world must have for net to run in it. */
export interface NetWorld {
  readonly sim: Simulation;
  readonly net: Network;
}

/** What a LOCAL_IN or FORWARD hook says. After 'stolen' the hook owns the packet and must send or drop it. */
export type HookResult = 'accept' | 'stolen';

/** Why a packet went no further. */
export type DropReason =
  | 'host-down'
  | 'interface-down'
  | 'link-loss'
  | 'queue-full'
  | 'cpu-backlog'
  | 'filter-input'
  | 'filter-forward'
  | 'filter-output'
  | 'martian-source'
  | 'not-local'
  | 'no-route'
  | 'neighbour-unreachable'
  | 'ttl-exceeded'
  | 'too-big'
  /** A frame longer than its receiver's device takes. */
  | 'frame-too-long'
  | 'no-listener'
  | 'no-socket'
  | 'no-tunnel'
  | 'listen-overflow'
  | 'syn-queue-full'
  /** tcp_tw_recycle: the address has shown a later timestamp. */
  | 'older-timestamp'
  | 'bad-segment'
  /** Packet level: nobody on the segment has the MAC. */
  | 'no-such-mac'
  /** Packet level: the frame came to an interface with another MAC. */
  | 'wrong-mac'
  | 'rp-filter'
  | 'hook';

/** Why a socket came to its end. */
export type CloseReason = 'closed' | 'reset' | 'refused' | 'timeout' | 'unreachable';

/**
 * What the owner of the world does when something happens: functions, so never part of the state. They may
 * call net's functions, also on the socket at hand.
 */
export interface NetHooks<W extends NetWorld = NetWorld> {
  /** Every packet that comes in, after the mangle table has set its mark. */
  prerouting?(world: W, host: Host, packet: PacketId): void;
  /** A packet addressed to a host of role director, after filter INPUT. */
  localIn(world: W, host: Host, packet: PacketId): HookResult;
  /** A packet that a host of role director is about to forward. */
  forward(world: W, host: Host, packet: PacketId): HookResult;
  /** A packet that a host of role director itself sends. */
  localOut?(world: W, host: Host, packet: PacketId): HookResult;
  /** A server's socket is there: accepted at once, or by `acceptNext`. */
  accepted(world: W, socket: SocketId): void;
  /** A listener without autoAccept has one more connection waiting. */
  waiting?(world: W, listener: Listener): void;
  /** connect() has succeeded. */
  connected(world: W, socket: SocketId): void;
  /** The application has read that many more bytes, in order. */
  received(world: W, socket: SocketId, bytes: number): void;
  /** The other side's FIN, in order: the application reads end of file. */
  remoteClosed(world: W, socket: SocketId): void;
  /** All that was sent has been acknowledged. */
  drained?(world: W, socket: SocketId): void;
  /** Once per socket that was connected, connecting or accepted: it is gone, or in TIME_WAIT. */
  closed(world: W, socket: SocketId, reason: CloseReason): void;
  /** A datagram for a UDP socket. The packet is net's; read it now. */
  datagram(world: W, host: Host, socket: SocketId, packet: PacketId): void;
  /** A packet of a protocol that only programs know (VRRP), for the host or for all. Read it now. */
  message?(world: W, host: Host, nic: NetInterface, packet: PacketId): void;
  /** An ICMP error about a UDP socket's datagram. */
  datagramError?(world: W, socket: SocketId, icmpType: number, icmpCode: number): void;
  /** Observation: every drop has a reason. The packet is freed afterwards. */
  dropped(world: W, host: Host, packet: PacketId, reason: DropReason): void;
}
