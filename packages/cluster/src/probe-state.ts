import type { Ipv4 } from '@lvscope/inet';

/** How a connection that a probe opened stands. */
export type ProbeStatus =
  | 'connecting'
  | 'connected'
  | 'refused'
  | 'unreachable'
  /** EADDRNOTAVAIL: the port is taken towards there. */
  | 'in-use'
  | 'timeout'
  /** The server's FIN was read; the probe's own followed at once. */
  | 'eof'
  /** The server's RST ended it. */
  | 'reset'
  /** The probe closed it. */
  | 'closed';

/** A TCP connection that somebody opened by hand. */
export interface ProbeConnection {
  readonly id: number;
  readonly host: number;
  socket: number;
  status: ProbeStatus;
  readonly source: Ipv4;
  readonly sourcePort: number;
  readonly destination: Ipv4;
  readonly destinationPort: number;
  /** Bytes that came from the server. */
  received: number;
}

/** The other end, as a responder accepted it. */
export interface ResponderConnection {
  readonly host: string;
  socket: number;
  readonly client: Ipv4;
  readonly clientPort: number;
  /** The address and port that it was accepted on. */
  readonly address: Ipv4;
  readonly port: number;
  received: number;
  /** It leaves its side open when the client has closed. */
  hold: boolean;
  /**
   * `eof`: the client's FIN was read and the program holds its side open; `socket` is -1 where the connection
   * has ended since.
   */
  status: 'open' | 'eof' | 'closed' | 'reset';
}

/** A datagram as it arrived. */
export interface Sighting {
  readonly at: number;
  readonly host: string;
  readonly source: Ipv4;
  readonly sourcePort: number;
  readonly destination: Ipv4;
  readonly destinationPort: number;
  readonly bytes: number;
}

export interface ProbeDatagramSocket {
  readonly host: number;
  readonly socket: number;
  readonly source: Ipv4;
  readonly sourcePort: number;
  /** ICMP errors that came for it, as type × 256 + code. */
  readonly errors: number[];
  readonly received: Sighting[];
}

export interface Responder {
  readonly host: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly listener: number;
}

/** Everything of connections by hand and of the test program that accepts them. */
export interface Probe {
  readonly connections: ProbeConnection[];
  readonly datagramSockets: ProbeDatagramSocket[];
  readonly responders: Responder[];
  /** Newest last; `byPeer` finds the last one of a client's address and port. */
  readonly accepted: ResponderConnection[];
  readonly byPeer: Map<number, number>;
  /** Addresses and ports (`peerKey`) that connections were opened from by hand, not by single packets. */
  readonly dialled: Set<number>;
  /** What responders do with new connections. */
  hold: boolean;
  /** UDP responders hear and do not answer. */
  udpSilent: boolean;
  /** Datagrams that responders saw. */
  readonly heard: Sighting[];
}

export function createProbe(): Probe {
  return {
    connections: [],
    datagramSockets: [],
    responders: [],
    accepted: [],
    byPeer: new Map(),
    dialled: new Set(),
    hold: false,
    udpSilent: false,
    heard: [],
  };
}
