import type { Simulation } from '@lvscope/des';
import { countConnection } from './account.ts';
import { askScheduler, IGNORED, NO_SERVER } from './ask-scheduler.ts';
import { createConnection, onePacketFlag } from './connection.ts';
import { CAUSE_ONE_PACKET, CAUSE_RESCHEDULED, CAUSE_SCHEDULED, type Packet } from './packet.ts';
import { schedulePersistent } from './persistence.ts';
import type { Service } from './service.ts';
import { servicePort } from './service-index.ts';
import type { Ipvs } from './state.ts';

const FTP_DATA_PORT = 20;

/**
 * Chooses a server for a packet of this service and makes the connection (ip_vs_schedule).
 * @param rescheduled whether an older connection of the same client port gave way
 * @returns its row, NO_SERVER, IGNORED or REFUSED; the cause is in `verdict`
 */
export function scheduleConnection(
  ipvs: Ipvs,
  sim: Simulation,
  service: Service,
  packet: Packet,
  rescheduled: boolean,
): number {
  // Active FTP: data connections come from the server's port 20 and are never scheduled.
  if (packet.sourcePort === FTP_DATA_PORT) return IGNORED;
  const onePacket = onePacketFlag(service.onePacket, packet.protocol);
  const cause = onePacket !== 0 ? CAUSE_ONE_PACKET : rescheduled ? CAUSE_RESCHEDULED : CAUSE_SCHEDULED;
  ipvs.verdict.cause = cause;
  if (service.persistenceSeconds > 0) {
    return schedulePersistent(ipvs, sim, service, packet, cause, onePacket);
  }
  if (service.key.kind !== 'fwmark' && packet.destinationPort !== servicePort(service.key)) return NO_SERVER;
  const destination = askScheduler(ipvs, sim, service, packet, cause);
  if (destination === undefined) return NO_SERVER;
  const row = createConnection(
    ipvs,
    packet.protocol,
    packet.source | 0,
    packet.sourcePort,
    packet.destination | 0,
    packet.destinationPort,
    destination,
    destination.port !== 0 ? destination.port : packet.destinationPort,
    onePacket,
  );
  countConnection(destination);
  return row;
}
