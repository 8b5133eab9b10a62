import type { Simulation } from '@lvscope/des';
import { type Packet, VERDICT_ACCEPT, type VerdictCode } from './packet.ts';
import type { Ipvs } from './state.ts';

/** LOCAL_IN: a packet for an address of the director. */
export function localIn(_ipvs: Ipvs, _sim: Simulation, _packet: Packet): VerdictCode {
  return VERDICT_ACCEPT;
}

/** FORWARD: a packet that the director routes; replies of its connections pass here. */
export function forwardHook(_ipvs: Ipvs, _sim: Simulation, _packet: Packet): VerdictCode {
  return VERDICT_ACCEPT;
}

/**
 * An ICMP error that quotes `embedded` (whose `length` is the ICMP packet's IP length).
 * `in`: it came for the virtual address and quotes a reply (virtual → client); `out`: it came from a server's side and
 * quotes a request (client → server or virtual); `tunnel`: it quotes the request inside IPVS's own tunnel packet.
 */
export type IcmpDirection = 'in' | 'out' | 'tunnel';

export function icmpIn(
  _ipvs: Ipvs,
  _sim: Simulation,
  _embedded: Packet,
  _direction: IcmpDirection,
): VerdictCode {
  return VERDICT_ACCEPT;
}

/** The timer of this row fired. */
export function connectionTimer(_ipvs: Ipvs, _sim: Simulation, _row: number): void {}
