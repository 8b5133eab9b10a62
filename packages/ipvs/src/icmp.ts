import type { Simulation } from '@lvscope/des';
import { countIn, countOut } from './account.ts';
import { IGNORED } from './ask-scheduler.ts';
import { isBalanced } from './eligible.ts';
import { restartTimer } from './expiry.ts';
import { answer, answerForward, clearVerdict, forgetOnePacket } from './hooks.ts';
import { findForward, findReply } from './lookup.ts';
import {
  CAUSE_ICMP_RELATED,
  CAUSE_NO_SERVER,
  CAUSE_NOT_ELIGIBLE,
  CAUSE_NOT_MINE,
  FORWARD_MASQ,
  type Packet,
  VERDICT_ACCEPT,
  VERDICT_DROP,
  VERDICT_TRANSLATE,
  type VerdictCode,
} from './packet.ts';
import { scheduleConnection } from './schedule.ts';
import { serviceOfPacket } from './service-index.ts';
import type { Ipvs } from './state.ts';
import { CONN_FORWARD_MASK, CONN_ONE_PACKET, DESTINATION, FLAGS, PORTS, ROW, VIRTUAL } from './table.ts';

/**
 * Where an ICMP error comes from and what it quotes.
 * `in`: from a client's side, it quotes a reply (virtual → client); it goes to the connection's server.
 * `out`: from a server's side, it quotes a request as that server got it (client → server, or client →
 * virtual).
 * `tunnel`: about IPVS's own tunnel packet, it quotes the request inside (client → virtual); the director
 * answers.
 */
export type IcmpDirection = 'in' | 'out' | 'tunnel';

/** The quoted packet turned round, so that the ordinary look-ups find its connection. */
function reversed(packet: Packet): Packet {
  return {
    ...packet,
    source: packet.destination,
    sourcePort: packet.destinationPort,
    destination: packet.source,
    destinationPort: packet.sourcePort,
  };
}

/**
 * An ICMP error (unreachable, source quench, time exceeded) that quotes `embedded`, whose `length` and
 * `packets` are those of the ICMP packets. States and timers stay; counters count it. FORWARD: send it to
 * the verdict's server, NAT with the quoted addresses rewritten; TRANSLATE: rewrite the server's address to
 * the verdict's; ACCEPT otherwise, with the connection in the verdict where it belongs to one.
 */
export function icmpIn(ipvs: Ipvs, sim: Simulation, embedded: Packet, direction: IcmpDirection): VerdictCode {
  clearVerdict(ipvs);
  const t = ipvs.table;
  if (ipvs.lookup.ipv4 === 0 || !isBalanced(embedded.protocol)) {
    return answer(ipvs, VERDICT_ACCEPT, CAUSE_NOT_MINE);
  }
  const row =
    direction === 'tunnel'
      ? findForward(t, embedded)
      : direction === 'in'
        ? findForward(t, reversed(embedded))
        : findReply(t, reversed(embedded));
  if (row < 0 && direction === 'in' && ipvs.sysctls.schedule_icmp !== 0)
    return scheduleIcmp(ipvs, sim, embedded);
  if (row < 0) return answer(ipvs, VERDICT_ACCEPT, CAUSE_NOT_MINE);
  if (direction === 'in') {
    countIn(ipvs, t.rows[row * ROW + DESTINATION]!, embedded);
    return answerForward(ipvs, row, embedded.source, CAUSE_ICMP_RELATED);
  }
  const verdict = ipvs.verdict;
  verdict.connection = row;
  verdict.destination = t.rows[row * ROW + DESTINATION]!;
  verdict.method = t.rows[row * ROW + FLAGS]! & CONN_FORWARD_MASK;
  if (direction === 'tunnel') return answer(ipvs, VERDICT_ACCEPT, CAUSE_ICMP_RELATED);
  countOut(ipvs, verdict.destination, embedded);
  if (verdict.method !== FORWARD_MASQ) return answer(ipvs, VERDICT_ACCEPT, CAUSE_ICMP_RELATED);
  verdict.address = (t.rows[row * ROW + VIRTUAL]! >>> 0) as typeof verdict.address;
  verdict.port = t.rows[row * ROW + PORTS]! & 0xffff;
  return answer(ipvs, VERDICT_TRANSLATE, CAUSE_ICMP_RELATED);
}

/**
 * schedule_icmp: an error about a flow that no connection knows goes to the server that the flow would get.
 * The
 * connection stays in its first state and is soon gone.
 */
function scheduleIcmp(ipvs: Ipvs, sim: Simulation, embedded: Packet): VerdictCode {
  const flow = reversed(embedded);
  const service = serviceOfPacket(ipvs, flow.mark, flow.protocol, flow.destination, flow.destinationPort);
  if (service === undefined) return answer(ipvs, VERDICT_ACCEPT, CAUSE_NOT_MINE);
  const row = scheduleConnection(ipvs, sim, service, flow, false);
  if (row === IGNORED) return answer(ipvs, VERDICT_ACCEPT, CAUSE_NOT_ELIGIBLE);
  if (row < 0) return answer(ipvs, VERDICT_DROP, CAUSE_NO_SERVER);
  countIn(ipvs, ipvs.table.rows[row * ROW + DESTINATION]!, embedded);
  const code = answerForward(ipvs, row, flow.destination, CAUSE_ICMP_RELATED);
  if ((ipvs.table.rows[row * ROW + FLAGS]! & CONN_ONE_PACKET) !== 0)
    forgetOnePacket(ipvs, row, embedded.packets);
  else restartTimer(ipvs, sim, row);
  return code;
}
