import { mix, type Simulation } from '@lvscope/des';
import { countConnection } from './account.ts';
import { createConnection, onePacketFlag } from './connection.ts';
import { schedulerContext } from './context.ts';
import { beginDecision, endDecision } from './decision-ring.ts';
import {
  CAUSE_NO_SERVER,
  CAUSE_ONE_PACKET,
  CAUSE_RESCHEDULED,
  CAUSE_SCHEDULED,
  type Packet,
} from './packet.ts';
import { schedulePersistent } from './persistence.ts';
import { SCHEDULERS } from './schedulers/index.ts';
import type { Destination, Service } from './service.ts';
import { servicePort } from './service-index.ts';
import type { Ipvs } from './state.ts';

/** No connection, because no server can take it: see `leave`. */
export const NO_SERVER = -1;
/** No connection, and IPVS leaves the packet alone. */
export const IGNORED = -2;

const FTP_DATA_PORT = 20;

/** Asks the service's scheduler, and keeps what it read. `verdict.decision` is then the decision's number. */
export function askScheduler(
  ipvs: Ipvs,
  sim: Simulation,
  service: Service,
  packet: Packet,
  cause: number,
): Destination | undefined {
  const sequence = beginDecision(ipvs.ring, service, packet, sim.now);
  const context = schedulerContext(ipvs, sim);
  const chosen = SCHEDULERS[service.scheduler].schedule(service, packet, context);
  const id = chosen === undefined ? -1 : chosen.id;
  endDecision(ipvs.ring, sequence, service, id < 0 ? CAUSE_NO_SERVER : cause, id);
  noteDecision(ipvs, sim, packet, sequence, id);
  return chosen;
}

/** Makes a decision part of the verdict and of the run's fingerprint. */
export function noteDecision(
  ipvs: Ipvs,
  sim: Simulation,
  packet: Packet,
  sequence: number,
  id: number,
): void {
  ipvs.verdict.decision = sequence;
  const print = ipvs.decisionPrint;
  mix(print, sim.now);
  mix(print, packet.source | 0);
  mix(print, packet.destination | 0);
  mix(print, (packet.sourcePort << 16) | packet.destinationPort);
  mix(print, id);
}

/**
 * Chooses a server for a packet of this service and makes the connection (ip_vs_schedule).
 * @param rescheduled whether an older connection of the same client port gave way
 * @returns its row, NO_SERVER or IGNORED; the cause is in `verdict`
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
    packet.source,
    packet.sourcePort,
    packet.destination,
    packet.destinationPort,
    destination,
    destination.port !== 0 ? destination.port : packet.destinationPort,
    onePacket,
  );
  countConnection(ipvs, destination.id);
  return row;
}
