import { type Fingerprint, mixEvent } from '@lvscope/des';
import { ACK, DESTINATION, DESTINATION_PORT, FLAGS, PACKET, SEQ, SOURCE, SOURCE_PORT } from './packet-row.ts';
import type { PacketId } from './state.ts';

/** Takes what a packet says, and that it is sent now, into a fingerprint. @param more anything else, int32 */
export function mixContents(
  print: Fingerprint,
  sim: { readonly now: number },
  rows: Uint32Array,
  packet: PacketId,
  bytes: number,
  more = 0,
): void {
  const o = packet << PACKET;
  mixEvent(
    print,
    sim,
    rows[o | SOURCE]! ^
      Math.imul(rows[o | DESTINATION]!, 0x9e3779b1) ^
      Math.imul((rows[o | SOURCE_PORT]! << 16) | rows[o | DESTINATION_PORT]!, 0x85ebca6b),
    rows[o | SEQ]! ^
      Math.imul(rows[o | ACK]!, 0xc2b2ae35) ^
      Math.imul((bytes << 6) + rows[o | FLAGS]!, 0x27d4eb2f) ^
      more,
  );
}
