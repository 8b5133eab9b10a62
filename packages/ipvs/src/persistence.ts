import type { Simulation } from '@lvscope/des';
import { PROTO_UDP } from '@lvscope/inet';
import { countConnection } from './account.ts';
import { attachCallId, findCallTemplate, hideCallId } from './call-id.ts';
import { createConnection } from './connection.ts';
import { addControl } from './control.ts';
import { beginDecision, endDecision } from './decision-ring.ts';
import { restartTimer } from './expiry.ts';
import { findTemplate } from './lookup.ts';
import { CAUSE_ONE_PACKET, CAUSE_TEMPLATE, type Packet } from './packet.ts';
import { askScheduler, NO_SERVER, noteDecision, REFUSED } from './ask-scheduler.ts';
import type { Destination, Service } from './service.ts';
import { servicePort } from './service-index.ts';
import type { Ipvs } from './state.ts';
import {
  CONN_TEMPLATE,
  type ConnectionTable,
  DESTINATION,
  PORT,
  PORTS,
  ROW,
  TIMEOUT,
  hashRow,
  unhashRow,
} from './table.ts';

const FTP_PORT = 21;
/** The port of a template that nothing matches any more. */
const UNMATCHABLE_PORT = 0xffff;

/** What a template is found by. */
interface TemplateKey {
  protocol: number;
  virtual: number;
  virtualPort: number;
  /** The client's network. */
  client: number;
  /** Of a service of `--pe sip`. */
  callId: string | undefined;
}

const key: TemplateKey = { protocol: 0, virtual: 0, virtualPort: 0, client: 0, callId: undefined };

/**
 * Fills `key`: FTP and port-0 services span all ports, a firewall mark all addresses and protocols too.
 * @returns whether there is one: `--pe sip` wants UDP with a Call-ID (ip_vs_sip_fill_param)
 */
function fillKey(service: Service, packet: Packet): boolean {
  const port = servicePort(service.key);
  key.protocol = packet.protocol;
  key.virtual = packet.destination | 0;
  key.virtualPort = 0;
  if (packet.destinationPort === port) {
    if (port !== FTP_PORT) key.virtualPort = port;
  } else if (service.key.kind === 'fwmark') {
    key.protocol = 0;
    key.virtual = service.key.mark | 0;
  }
  key.client = packet.source & service.netmask;
  key.callId = undefined;
  if (service.persistenceEngine === undefined) return true;
  if (packet.protocol === PROTO_UDP) key.callId = packet.callId;
  return key.callId !== undefined;
}

function templateOfKey(t: ConnectionTable): number {
  const { protocol, client, virtual, virtualPort, callId } = key;
  return callId === undefined
    ? findTemplate(t, protocol, client, virtual, virtualPort)
    : findCallTemplate(t, protocol, client, virtual, virtualPort, callId);
}

/** The server of a template that may still be used (ip_vs_check_template). */
function serverOfTemplate(ipvs: Ipvs, row: number): Destination | undefined {
  const destination = ipvs.destinationsById[ipvs.table.rows[row * ROW + DESTINATION]!];
  if (destination === undefined || !destination.available) return undefined;
  if (ipvs.sysctls.expire_quiescent_template !== 0 && destination.weight === 0) return undefined;
  return destination;
}

/** Gives a template a key that no packet has; it dies by its own timer. */
function invalidateTemplate(ipvs: Ipvs, row: number): void {
  const t = ipvs.table;
  if (t.rows[row * ROW + PORTS] === UNMATCHABLE_PORT) return;
  hideCallId(t, row);
  unhashRow(t, row);
  t.rows[row * ROW + PORTS] = UNMATCHABLE_PORT;
  t.rows[row * ROW + PORT] = UNMATCHABLE_PORT;
  hashRow(t, row);
}

function createTemplate(ipvs: Ipvs, service: Service, packet: Packet, destination: Destination): number {
  const port = servicePort(service.key);
  const plain = packet.destinationPort === port && port !== FTP_PORT;
  const { protocol, client, virtual, virtualPort, callId } = key;
  const row = createConnection(
    ipvs,
    protocol,
    client,
    0,
    virtual,
    virtualPort,
    destination,
    plain ? destination.port : 0,
    CONN_TEMPLATE,
  );
  ipvs.table.rows[row * ROW + TIMEOUT] = service.persistenceSeconds;
  if (callId !== undefined) attachCallId(ipvs.table, row, callId);
  return row;
}

/**
 * A connection of a persistent service (ip_vs_sched_persist): the client's template (of `--pe sip` the
 * call's) names the server,
 * whatever its weight and thresholds; without a valid one the scheduler is asked and a template made.
 * Either way the template's timer starts anew.
 * @returns the connection's row, NO_SERVER, or REFUSED where a persistence engine can make nothing of it
 */
export function schedulePersistent(
  ipvs: Ipvs,
  sim: Simulation,
  service: Service,
  packet: Packet,
  cause: number,
  flags: number,
): number {
  if (!fillKey(service, packet)) return REFUSED;
  let template = templateOfKey(ipvs.table);
  let destination = template >= 0 ? serverOfTemplate(ipvs, template) : undefined;
  if (destination !== undefined) {
    const found = cause === CAUSE_ONE_PACKET ? cause : CAUSE_TEMPLATE;
    const sequence = beginDecision(ipvs.ring, service, packet, sim);
    endDecision(ipvs.ring, sequence, service, CAUSE_TEMPLATE, destination.id);
    noteDecision(ipvs, sim, packet, sequence, destination.id);
    ipvs.verdict.cause = found;
  } else {
    if (template >= 0) invalidateTemplate(ipvs, template);
    destination = askScheduler(ipvs, sim, service, packet, cause);
    if (destination === undefined) return NO_SERVER;
    template = createTemplate(ipvs, service, packet, destination);
  }
  const moved = packet.destinationPort === servicePort(service.key) && destination.port !== 0;
  const row = createConnection(
    ipvs,
    packet.protocol,
    packet.source | 0,
    packet.sourcePort,
    packet.destination | 0,
    packet.destinationPort,
    destination,
    moved ? destination.port : packet.destinationPort,
    flags,
  );
  addControl(ipvs.table, row, template);
  restartTimer(ipvs, sim, template);
  countConnection(destination);
  return row;
}
