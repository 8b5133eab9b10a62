import type { Packet } from './packet.ts';
import type { Destination, Service, Stats } from './service.ts';
import type { Ipvs } from './state.ts';

/*
 * A packet moves its server's counters only. The service and the total get what their servers counted in the
 * estimator, as the kernel sums up its processors' counters there; what they have not got yet is added when
 * somebody looks.
 */

/** A packet towards the server, counted before it is sent, and only while the server is in its service. */
export function countIn(ipvs: Ipvs, id: number, packet: Packet): void {
  if (id < 0) return;
  const destination = ipvs.destinationsById[id]!;
  if (!destination.available) return;
  const { packets, bytes } = packet;
  const { live } = destination.stats;
  live.inPackets += packets;
  live.inBytes += bytes ?? packets * packet.length;
}

/** A packet towards the client that the director saw. */
export function countOut(ipvs: Ipvs, id: number, packet: Packet): void {
  if (id < 0) return;
  const destination = ipvs.destinationsById[id]!;
  if (!destination.available) return;
  const { packets, bytes } = packet;
  const { live } = destination.stats;
  live.outPackets += packets;
  live.outBytes += bytes ?? packets * packet.length;
}

/** A connection was scheduled, also by a template; bypasses and reused connections are not. */
export function countConnection(destination: Destination): void {
  destination.stats.live.conns++;
}

function addDifference(to: Stats, live: Stats, settled: Stats): void {
  to.conns += live.conns - settled.conns;
  to.inPackets += live.inPackets - settled.inPackets;
  to.outPackets += live.outPackets - settled.outPackets;
  to.inBytes += live.inBytes - settled.inBytes;
  to.outBytes += live.outBytes - settled.outBytes;
}

/** Gives the service and the total what a server counted since the last time. */
export function settleDestination(ipvs: Ipvs, destination: Destination): void {
  const { stats, settled } = destination;
  addDifference(ipvs.servicesById[destination.serviceId]!.stats.live, stats.live, settled);
  addDifference(ipvs.total.live, stats.live, settled);
  Object.assign(settled, stats.live);
}

/** Brings the live counters of all services and of the total up to date. */
export function settleCounters(ipvs: Ipvs): void {
  for (const service of ipvs.services) {
    for (const destination of service.destinations) settleDestination(ipvs, destination);
  }
}

/** A service's counters as they stand at this instant. */
export function liveOfService({ stats, destinations }: Service): Stats {
  const sum = { ...stats.live };
  for (const destination of destinations) addDifference(sum, destination.stats.live, destination.settled);
  return sum;
}

/** The whole director's counters as they stand at this instant. */
export function liveTotals(ipvs: Ipvs): Stats {
  const sum = { ...ipvs.total.live };
  for (const { destinations } of ipvs.services) {
    for (const destination of destinations) addDifference(sum, destination.stats.live, destination.settled);
  }
  return sum;
}
