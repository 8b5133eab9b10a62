import type { Packet } from './packet.ts';
import type { Stats } from './service.ts';
import type { Ipvs } from './state.ts';
import { DESTINATION, ROW } from './table.ts';

function addIn(live: Stats, packets: number, bytes: number): void {
  live.inPackets += packets;
  live.inBytes += bytes;
}

function addOut(live: Stats, packets: number, bytes: number): void {
  live.outPackets += packets;
  live.outBytes += bytes;
}

/** A packet towards the server, counted before it is sent, and only while the server is in its service. */
export function countIn(ipvs: Ipvs, row: number, packet: Packet): void {
  const id = ipvs.table.rows[row * ROW + DESTINATION]!;
  if (id < 0) return;
  const destination = ipvs.destinationsById[id]!;
  if (!destination.available) return;
  const { packets } = packet;
  const bytes = packet.bytes ?? packets * packet.length;
  addIn(destination.stats.live, packets, bytes);
  addIn(ipvs.servicesById[destination.serviceId]!.stats.live, packets, bytes);
  addIn(ipvs.total.live, packets, bytes);
}

/** A packet towards the client that the director saw. */
export function countOut(ipvs: Ipvs, row: number, packet: Packet): void {
  const id = ipvs.table.rows[row * ROW + DESTINATION]!;
  if (id < 0) return;
  const destination = ipvs.destinationsById[id]!;
  if (!destination.available) return;
  const { packets } = packet;
  const bytes = packet.bytes ?? packets * packet.length;
  addOut(destination.stats.live, packets, bytes);
  addOut(ipvs.servicesById[destination.serviceId]!.stats.live, packets, bytes);
  addOut(ipvs.total.live, packets, bytes);
}

/** A connection was scheduled, also by a template; bypasses and reused connections are not. */
export function countConnection(ipvs: Ipvs, destinationId: number): void {
  const destination = ipvs.destinationsById[destinationId]!;
  destination.stats.live.conns++;
  ipvs.servicesById[destination.serviceId]!.stats.live.conns++;
  ipvs.total.live.conns++;
}
