import { JOURNEY, PACKET_REALS } from '../packet-row.ts';
import type { Network } from '../state.ts';

/** A packet that goes onto a wire for the first time begins a journey; copies and pieces share it. */
export function noteJourney(net: Network, packet: number): void {
  const { reals } = net.packets;
  const at = (packet << PACKET_REALS) | JOURNEY;
  if (reals[at] === 0) reals[at] = net.link!.nextJourney++;
}
