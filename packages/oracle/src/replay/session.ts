import type { Programs, ProbeConnection, ResponderConnection, Tap, World } from '@lvscope/cluster';
import { acceptedFrom, connectionOf } from '@lvscope/cluster';
import { type Ipv4, ipv4, parseIpv4 } from '@lvscope/inet';
import type { Observation, Trace } from '../trace.ts';
import type { Sniff } from './sniff.ts';

/** A client socket as the recording's test program kept it. */
export interface Client {
  readonly handle: number;
  readonly endpoint: Endpoint;
  /** What its port's last connection had been accepted as before this one. */
  readonly earlier: Readonly<ResponderConnection> | undefined;
  /** The test program closed it. */
  closed: boolean;
}

export interface Endpoint {
  readonly address: Ipv4;
  readonly port: number;
}

/** Sequence numbers of a hand-made client, counted on by what was sent and by what a step reported. */
export interface RawState {
  seq: number;
  ack: number;
}

/** A replay under way: the world, and what the recording's test program remembered. */
export interface Session {
  readonly trace: Trace;
  readonly world: World;
  readonly programs: Programs;
  /** Simulated time of the recording's time 0, nanoseconds. */
  readonly originNs: number;
  readonly clients: Map<string, Client>;
  /** Server sockets that were half-closed by a step, by `address:port` of the client. */
  readonly shut: Set<Readonly<ResponderConnection>>;
  readonly raws: Map<string, RawState>;
  /** What reaches the network of the hand-made clients. */
  readonly tap: Tap;
  /** Name by address of each real server. */
  readonly nameOf: ReadonlyMap<Ipv4, string>;
  /** Recordings of what passes an interface, by name. */
  readonly sniffs: Map<string, Sniff>;
  /** Answers of steps that a probe carried out within itself, in order. */
  readonly within: Observation[];
}

/** `10.1.0.1:2000` */
export function endpointOf(text: string): Endpoint {
  const [address = '', port = ''] = text.split(':');
  return { address: parseIpv4(address) ?? ipv4(0), port: Number(port) };
}

/** The word that the recording's test program has for the state of a client socket. */
export function clientWord(session: Session, client: Client): string {
  const status = connectionOf(session.world, client.handle)?.status ?? 'closed';
  const words: Readonly<Record<ProbeConnection['status'], string>> = {
    connecting: 'connecting',
    connected: 'connected',
    refused: 'ECONNREFUSED',
    unreachable: 'EHOSTUNREACH',
    'in-use': 'EADDRNOTAVAIL',
    timeout: 'ETIMEDOUT',
    eof: 'connected eof',
    reset: 'err:ECONNRESET',
    closed: 'closed',
  };
  return words[status];
}

/** Whether the test program's client socket is gone: closed, failed, or closed on the server's FIN. */
export function clientGone(session: Session, client: Client): boolean {
  const status = connectionOf(session.world, client.handle)?.status;
  return client.closed || (status !== 'connecting' && status !== 'connected');
}

/** The server's end that was accepted for this client, since it was opened. */
export function acceptedBy(session: Session, client: Client): Readonly<ResponderConnection> | undefined {
  const accepted = acceptedFrom(session.world, client.endpoint);
  return accepted === client.earlier ? undefined : accepted;
}

/**
 * Who a step speaks of: `id` names a client socket, `peer` a hand-made client with the server's socket
 * only.
 */
export interface Party {
  readonly client: Client | undefined;
  readonly server: Readonly<ResponderConnection> | undefined;
  readonly endpoint: Endpoint;
}

export function partyOf(session: Session, id: string, peer: string): Party {
  if (peer !== '') {
    const endpoint = endpointOf(peer);
    return { client: undefined, server: acceptedFrom(session.world, endpoint), endpoint };
  }
  const client = session.clients.get(id);
  if (!client) return { client: undefined, server: undefined, endpoint: endpointOf('') };
  return { client, server: acceptedBy(session, client), endpoint: client.endpoint };
}

export const serverGone = (server: Readonly<ResponderConnection> | undefined): boolean =>
  server === undefined || server.status === 'closed' || server.status === 'reset';
