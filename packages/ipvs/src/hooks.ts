import { PROTO_TCP, type Ipv4, ipv4, TCP_RST } from '@lvscope/inet';
import type { Simulation } from '@lvscope/des';
import { countIn, countOut } from './account.ts';
import { createConnection, onePacketFlag, removeConnection } from './connection.ts';
import { endControl } from './control.ts';
import { todrop } from './defence.ts';
import { isBalanced, mayCreate } from './eligible.ts';
import { expireNow, restartTimer } from './expiry.ts';
import { findForward, findReply } from './lookup.ts';
import {
  CAUSE_BACKUP_ONLY,
  CAUSE_BYPASS,
  CAUSE_DROP_PACKET,
  CAUSE_EXISTING,
  CAUSE_NODEST_EXPIRED,
  CAUSE_NOT_ELIGIBLE,
  CAUSE_NOT_MINE,
  CAUSE_NO_CALL_ID,
  CAUSE_NO_DESTINATION,
  CAUSE_NO_SERVER,
  CAUSE_REPLY,
  CAUSE_RESCHEDULED,
  FORWARD_BYPASS,
  FORWARD_MASQ,
  VERDICT_ACCEPT,
  VERDICT_DROP,
  VERDICT_FORWARD,
  VERDICT_TRANSLATE,
  VERDICT_UNREACHABLE,
  type Packet,
  type VerdictCode,
} from './packet.ts';
import { givesWay, opensConnection, usesOldConntrack } from './reuse.ts';
import { IGNORED, REFUSED } from './ask-scheduler.ts';
import { scheduleConnection } from './schedule.ts';
import type { Service } from './service.ts';
import { serviceOfPacket, servicePort } from './service-index.ts';
import type { Ipvs } from './state.ts';
import { transition } from './states/transition.ts';
import { syncConnection } from './sync-master.ts';
import {
  ADDRESS,
  CONN_FORWARD_MASK,
  CONN_ONE_PACKET,
  CONTROLLER,
  CONTROLS,
  DESTINATION,
  FLAGS,
  IN_PACKETS,
  PORT,
  PORTS,
  ROW,
  VIRTUAL,
} from './table.ts';

const FTP_PORT = 21;

/** Ends a hook without a connection. */
export function answer(ipvs: Ipvs, code: VerdictCode, cause: number): VerdictCode {
  ipvs.verdict.code = code;
  ipvs.verdict.cause = cause;
  return code;
}

export function clearVerdict(ipvs: Ipvs): void {
  const verdict = ipvs.verdict;
  verdict.connection = -1;
  verdict.destination = -1;
  verdict.decision = -1;
  verdict.method = 0;
  verdict.address = 0 as Ipv4;
  verdict.port = 0;
}

/** Ends a hook with a packet on its way to a server, or past IPVS to its own destination (bypass). */
export function answerForward(ipvs: Ipvs, row: number, destination: Ipv4, cause: number): VerdictCode {
  const t = ipvs.table;
  const verdict = ipvs.verdict;
  const method = t.rows[row * ROW + FLAGS]! & CONN_FORWARD_MASK;
  verdict.connection = row;
  verdict.destination = t.rows[row * ROW + DESTINATION]!;
  verdict.method = method;
  verdict.address = method === FORWARD_BYPASS ? destination : ipv4(t.rows[row * ROW + ADDRESS]!);
  verdict.port = t.rows[row * ROW + PORT]!;
  return answer(ipvs, VERDICT_FORWARD, cause);
}

/**
 * LOCAL_IN: a packet for an address of the director: a request of a connection, a reply, or the start of
 * something new. The kernel's hook for replies comes first; to look for the request first is the same and
 * quicker, because no packet is both a client's to a virtual address and a server's to a client.
 */
export function localIn(ipvs: Ipvs, sim: Simulation, packet: Packet): VerdictCode {
  clearVerdict(ipvs);
  if (ipvs.lookup.ipv4 === 0 || !isBalanced(packet.protocol)) {
    return answer(ipvs, VERDICT_ACCEPT, CAUSE_NOT_MINE);
  }
  const row = findForward(ipvs.table, packet);
  if (row < 0) {
    const reply = findReply(ipvs.table, packet);
    if (reply >= 0) return passReply(ipvs, sim, reply, packet);
  }
  return request(ipvs, sim, row, packet);
}

/** FORWARD: a packet that the director routes; replies of its connections pass here. */
export function forwardHook(ipvs: Ipvs, sim: Simulation, packet: Packet): VerdictCode {
  clearVerdict(ipvs);
  if (ipvs.lookup.ipv4 === 0 || !isBalanced(packet.protocol)) {
    return answer(ipvs, VERDICT_ACCEPT, CAUSE_NOT_MINE);
  }
  const row = findReply(ipvs.table, packet);
  if (row >= 0) return passReply(ipvs, sim, row, packet);
  const reset = packet.protocol === PROTO_TCP && (packet.flags & TCP_RST) !== 0;
  if (ipvs.sysctls.nat_icmp_send !== 0 && !reset && comesFromServer(ipvs, packet)) {
    return answer(ipvs, VERDICT_UNREACHABLE, CAUSE_NOT_MINE);
  }
  return answer(ipvs, VERDICT_ACCEPT, CAUSE_NOT_MINE);
}

function comesFromServer(ipvs: Ipvs, packet: Packet): boolean {
  return ipvs.services.some(
    (service) =>
      (service.key.kind === 'fwmark' || service.key.protocol === packet.protocol) &&
      service.destinations.some((d) => d.address === packet.source && d.port === packet.sourcePort),
  );
}

/** A server's packet of a known connection (handle_response): only NAT's is rewritten. */
function passReply(ipvs: Ipvs, sim: Simulation, row: number, packet: Packet): VerdictCode {
  const t = ipvs.table;
  const verdict = ipvs.verdict;
  countOut(ipvs, t.rows[row * ROW + DESTINATION]!, packet);
  transition(ipvs, row, packet, true);
  restartTimer(ipvs, sim, row);
  verdict.connection = row;
  verdict.destination = t.rows[row * ROW + DESTINATION]!;
  verdict.method = t.rows[row * ROW + FLAGS]! & CONN_FORWARD_MASK;
  if (verdict.method !== FORWARD_MASQ) return answer(ipvs, VERDICT_ACCEPT, CAUSE_REPLY);
  verdict.address = ipv4(t.rows[row * ROW + VIRTUAL]!);
  verdict.port = t.rows[row * ROW + PORTS]! & 0xffff;
  return answer(ipvs, VERDICT_TRANSLATE, CAUSE_REPLY);
}

function ignoresAll(ipvs: Ipvs): boolean {
  return ipvs.sysctls.backup_only !== 0 && ipvs.daemons.some((d) => d.role === 'backup');
}

/** A packet from a client's side (ip_vs_in_hook). @param row its connection, -1 = none */
function request(ipvs: Ipvs, sim: Simulation, row: number, packet: Packet): VerdictCode {
  if (ipvs.daemons.length > 0 && ignoresAll(ipvs)) {
    return answer(ipvs, VERDICT_ACCEPT, CAUSE_BACKUP_ONLY);
  }
  const t = ipvs.table;
  if (row < 0) return openConnection(ipvs, sim, packet, CAUSE_NOT_MINE);
  if (opensConnection(packet) && givesWay(ipvs, row)) return replaceConnection(ipvs, sim, row, packet);
  const id = t.rows[row * ROW + DESTINATION]!;
  if (id >= 0 && !ipvs.destinationsById[id]!.available) return orphan(ipvs, sim, row, packet);
  return deliver(ipvs, sim, row, packet, CAUSE_EXISTING);
}

/**
 * A SYN whose old connection gives way. With conntrack it is lost once; the client's next one is scheduled.
 */
function replaceConnection(ipvs: Ipvs, sim: Simulation, row: number, packet: Packet): VerdictCode {
  const tracked = usesOldConntrack(ipvs, row);
  if (ipvs.table.rows[row * ROW + CONTROLS] === 0) expireNow(ipvs, sim, row);
  if (tracked) return answer(ipvs, VERDICT_DROP, CAUSE_RESCHEDULED);
  return openConnection(ipvs, sim, packet, CAUSE_RESCHEDULED);
}

/** A packet of a connection whose server was deleted. Its timer goes on, so that it dies on schedule. */
function orphan(ipvs: Ipvs, sim: Simulation, row: number, packet: Packet): VerdictCode {
  const verdict = ipvs.verdict;
  verdict.connection = row;
  verdict.destination = ipvs.table.rows[row * ROW + DESTINATION]!;
  if (ipvs.sysctls.expire_nodest_conn === 0) return answer(ipvs, VERDICT_DROP, CAUSE_NO_DESTINATION);
  const tracked = usesOldConntrack(ipvs, row);
  expireNow(ipvs, sim, row);
  if (tracked) return answer(ipvs, VERDICT_DROP, CAUSE_NODEST_EXPIRED);
  verdict.connection = -1;
  verdict.destination = -1;
  return openConnection(ipvs, sim, packet, CAUSE_NODEST_EXPIRED);
}

/**
 * A packet without a connection (ip_vs_try_to_schedule).
 * @param past what happened to it before: CAUSE_NOT_MINE, _RESCHEDULED or _NODEST_EXPIRED
 */
function openConnection(ipvs: Ipvs, sim: Simulation, packet: Packet, past: number): VerdictCode {
  const isNew = past === CAUSE_NOT_MINE;
  if (!mayCreate(ipvs, packet)) {
    return answer(ipvs, VERDICT_ACCEPT, isNew ? CAUSE_NOT_ELIGIBLE : past);
  }
  const { mark, protocol, destination, destinationPort } = packet;
  const service = serviceOfPacket(ipvs, mark, protocol, destination | 0, destinationPort);
  if (service === undefined) return answer(ipvs, VERDICT_ACCEPT, CAUSE_NOT_MINE);
  if (todrop(ipvs)) return answer(ipvs, VERDICT_DROP, CAUSE_DROP_PACKET);
  const row = scheduleConnection(ipvs, sim, service, packet, !isNew);
  if (row >= 0) return deliver(ipvs, sim, row, packet, ipvs.verdict.cause);
  if (row === IGNORED) return answer(ipvs, VERDICT_ACCEPT, CAUSE_NOT_ELIGIBLE);
  if (row === REFUSED) return answer(ipvs, VERDICT_DROP, CAUSE_NO_CALL_ID);
  return leave(ipvs, sim, service, packet);
}

/** A packet of a connection goes to its server; its timer starts anew. */
function deliver(ipvs: Ipvs, sim: Simulation, row: number, packet: Packet, cause: number): VerdictCode {
  const t = ipvs.table;
  countIn(ipvs, t.rows[row * ROW + DESTINATION]!, packet);
  transition(ipvs, row, packet, false);
  const code = answerForward(ipvs, row, packet.destination, cause);
  if ((t.rows[row * ROW + FLAGS]! & CONN_ONE_PACKET) !== 0) {
    if (ipvs.syncMaster !== undefined) syncConnection(ipvs, sim, row, packet.packets);
    forgetOnePacket(ipvs, row, ipvs.syncMaster === undefined ? packet.packets : 0);
    return code;
  }
  t.rows[row * ROW + IN_PACKETS]! += packet.packets;
  if (ipvs.syncMaster !== undefined) syncConnection(ipvs, sim, row, packet.packets);
  restartTimer(ipvs, sim, row);
  return code;
}

/** One-packet scheduling: the connection ends with its packet; its template counts it. */
export function forgetOnePacket(ipvs: Ipvs, row: number, packets: number): void {
  const t = ipvs.table;
  const controller = t.rows[row * ROW + CONTROLLER]!;
  if (controller >= 0) {
    t.rows[controller * ROW + IN_PACKETS]! += packets;
    endControl(t, row);
  }
  removeConnection(ipvs, row);
  ipvs.verdict.connection = -1;
}

/** No server can take it (ip_vs_leave). */
function leave(ipvs: Ipvs, sim: Simulation, service: Service, packet: Packet): VerdictCode {
  if (
    ipvs.sysctls.cache_bypass !== 0 &&
    service.key.kind === 'fwmark' &&
    isForeignUnicast(ipvs, packet.destination)
  ) {
    const row = createConnection(
      ipvs,
      packet.protocol,
      packet.source | 0,
      packet.sourcePort,
      packet.destination | 0,
      packet.destinationPort,
      undefined,
      0,
      onePacketFlag(service.onePacket, packet.protocol),
    );
    return deliver(ipvs, sim, row, packet, CAUSE_BYPASS);
  }
  if (servicePort(service.key) === FTP_PORT && packet.destinationPort !== FTP_PORT) {
    return answer(ipvs, VERDICT_ACCEPT, CAUSE_NOT_ELIGIBLE);
  }
  return answer(ipvs, VERDICT_UNREACHABLE, CAUSE_NO_SERVER);
}

/** Neither multicast (224.0.0.0/4), nor reserved (240.0.0.0/4, broadcast), nor the director's own. */
function isForeignUnicast(ipvs: Ipvs, address: Ipv4): boolean {
  return address >>> 28 < 0xe && address >>> 24 !== 0 && !ipvs.localAddresses.has(address);
}
