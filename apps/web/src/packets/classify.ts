import { COLUMN } from '@lvscope/capture';
import type { InterfaceRow } from '@lvscope/cluster';
import { parseIpv4, PROTO_ICMP, PROTO_TCP, PROTO_UDP, TCP_FIN, TCP_RST, TCP_SYN } from '@lvscope/inet';
import type { Scenario } from '@lvscope/scenario';

/** What a frame looks like: each kind has a shape of its own. */
export const KINDS = ['syn', 'data', 'ack', 'fin', 'rst', 'arp', 'icmp', 'udp', 'vrrp', 'other'] as const;
export type Kind = (typeof KINDS)[number];

const KIND = Object.fromEntries(KINDS.map((kind, i) => [kind, i])) as Record<Kind, number>;

const ETHERTYPE_ARP = 0x0806;
const PROTO_VRRP = 112;
const ECHO_REQUEST = 8;

export function kindOf(rows: Float64Array, o: number): number {
  if (rows[o + COLUMN.ethertype] === ETHERTYPE_ARP) return KIND.arp;
  switch (rows[o + COLUMN.protocol]) {
    case PROTO_ICMP:
      return KIND.icmp;
    case PROTO_UDP:
      return KIND.udp;
    case PROTO_VRRP:
      return KIND.vrrp;
    case PROTO_TCP: {
      const flags = rows[o + COLUMN.flags] ?? 0;
      if ((flags & TCP_RST) !== 0) return KIND.rst;
      if ((flags & TCP_SYN) !== 0) return KIND.syn;
      if ((flags & TCP_FIN) !== 0) return KIND.fin;
      return (rows[o + COLUMN.payload] ?? 0) > 0 ? KIND.data : KIND.ack;
    }
    default:
      return KIND.other;
  }
}

/** Whether a frame answers: hollow on the stage. */
export function isReply(rows: Float64Array, o: number): boolean {
  if (rows[o + COLUMN.ethertype] === ETHERTYPE_ARP) return rows[o + COLUMN.arpOperation] === 2;
  if (rows[o + COLUMN.protocol] === PROTO_ICMP) return rows[o + COLUMN.icmpType] !== ECHO_REQUEST;
  return rows[o + COLUMN.fromOpener] === 0;
}

export function isEnvelope(rows: Float64Array, o: number): boolean {
  return rows[o + COLUMN.outerDestination] !== 0 && rows[o + COLUMN.protocol] !== PROTO_ICMP;
}

/** Whom addresses belong to, and which server each connection went to: learned from frames as they come. */
export interface Who {
  readonly serverByMac: Map<number, number>;
  readonly serverByAddress: Map<number, number>;
  /** Which server a connection is with, by its client's end. */
  readonly servers: Map<number, number>;
}

export function createWho(scenario: Scenario | undefined): Who {
  const who: Who = { serverByMac: new Map(), serverByAddress: new Map(), servers: new Map() };
  const servers = (scenario?.hosts ?? []).filter(({ role }) => role === 'realserver');
  for (const [place, host] of servers.entries()) {
    for (const nic of host.interfaces) {
      if (nic.network === '') continue;
      for (const prefix of nic.addresses) {
        const address = parseIpv4(prefix.split('/')[0] ?? '');
        if (address !== undefined) who.serverByAddress.set(address, place);
      }
    }
  }
  return who;
}

/** The MACs of servers, as they are now. */
export function learnInterfaces(
  who: Who,
  scenario: Scenario | undefined,
  rows: readonly InterfaceRow[],
): void {
  const names = (scenario?.hosts ?? []).filter(({ role }) => role === 'realserver').map(({ name }) => name);
  const places = new Map(names.map((name, i) => [name, i]));
  who.serverByMac.clear();
  for (const { host, mac } of rows) {
    const place = places.get(host);
    if (place !== undefined) who.serverByMac.set(mac, place);
  }
}

/** The client's end of what a frame belongs to, as one number; -1: it belongs to no connection. */
export function flowOf(rows: Float64Array, o: number): number {
  const protocol = rows[o + COLUMN.protocol];
  if (protocol === PROTO_TCP || protocol === PROTO_UDP) {
    const opener = rows[o + COLUMN.fromOpener] === 1;
    return opener
      ? endOf(rows[o + COLUMN.source], rows[o + COLUMN.sourcePort])
      : endOf(rows[o + COLUMN.destination], rows[o + COLUMN.destinationPort]);
  }
  if (protocol === PROTO_ICMP && (rows[o + COLUMN.quotedProtocol] ?? -1) >= 0) {
    // an error is about a packet of the one whom it is sent to
    return endOf(rows[o + COLUMN.quotedSource], rows[o + COLUMN.quotedSourcePort]);
  }
  return -1;
}

function endOf(address: number | undefined, port: number | undefined): number {
  return (address ?? 0) * 65_536 + (port ?? 0);
}

/** The server that a frame is on its way to or from; -1: unknown, as before a director has chosen. */
export function serverOf(who: Who, rows: Float64Array, o: number, flow: number): number {
  const seen = serverSeen(who, rows, o);
  if (flow < 0) return seen;
  if (seen >= 0) who.servers.set(flow, seen);
  return seen >= 0 ? seen : (who.servers.get(flow) ?? -1);
}

function serverSeen(who: Who, rows: Float64Array, o: number): number {
  const byAddress = (column: number): number => who.serverByAddress.get(rows[o + column] ?? 0) ?? -1;
  if (rows[o + COLUMN.ethertype] !== ETHERTYPE_ARP) {
    for (const column of [COLUMN.outerDestination, COLUMN.destination, COLUMN.source]) {
      const place = byAddress(column);
      if (place >= 0) return place;
    }
    const to = who.serverByMac.get(rows[o + COLUMN.destinationMac] ?? 0);
    // a flooded copy passes by others that it is not for
    if (to !== undefined) return to;
  }
  return who.serverByMac.get(rows[o + COLUMN.sourceMac] ?? 0) ?? -1;
}
