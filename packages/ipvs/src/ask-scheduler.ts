import { mix, mixEvent, type Simulation } from '@lvscope/des';
import { schedulerContext } from './context.ts';
import { beginDecision, endDecision } from './decision-ring.ts';
import { CAUSE_NO_SERVER, type Packet } from './packet.ts';
import { SCHEDULERS } from './schedulers/index.ts';
import type { Destination, Service } from './service.ts';
import type { Ipvs } from './state.ts';

/** No connection, because no server can take it: see `leave`. */
export const NO_SERVER = -1;
/** No connection, and IPVS leaves the packet alone. */
export const IGNORED = -2;
/** No connection, and the packet is dropped without a word. */
export const REFUSED = -3;

/** Asks the service's scheduler, and keeps what it read. `verdict.decision` is then the decision's number. */
export function askScheduler(
  ipvs: Ipvs,
  sim: Simulation,
  service: Service,
  packet: Packet,
  cause: number,
): Destination | undefined {
  const sequence = beginDecision(ipvs.ring, service, packet, sim);
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
  mixEvent(print, sim, packet.source | 0, packet.destination | 0);
  mix(print, (packet.sourcePort << 16) | packet.destinationPort);
  mix(print, id);
}
