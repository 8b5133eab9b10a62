import type { IpRecord } from '@lvscope/net';
import { checksum, pseudoHeader } from './checksum.ts';
import { datagramPayload } from './payload.ts';
import { bytesField, endLayer, field, hex, layer, patch16, type Sheet } from './sheet.ts';

/** Wireshark's Info column of a datagram. */
export function udpInfo(ip: IpRecord): string {
  return `${ip.sourcePort} → ${ip.destinationPort} Len=${ip.payload}`;
}

/** @param message what the datagram says; undefined: it stands for that many bytes */
export function writeUdp(sheet: Sheet, ip: IpRecord, message: Uint8Array | undefined): void {
  const begin = sheet.bytes.length;
  const { sourcePort, destinationPort } = ip;
  layer(sheet, 'udp', `User Datagram Protocol, Src Port: ${sourcePort}, Dst Port: ${destinationPort}`);
  field(sheet, 2, sourcePort, 'udp.srcport', 'Source Port');
  field(sheet, 2, destinationPort, 'udp.dstport', 'Destination Port');
  const length = 8 + ip.payload;
  field(sheet, 2, length, 'udp.length', 'Length');
  const sumAt = sheet.bytes.length;
  field(sheet, 2, 0, 'udp.checksum', 'Checksum');
  endLayer(sheet);
  if (ip.payload > 0) {
    layer(sheet, 'data', `Data (${ip.payload} bytes)`);
    const bytes = message ?? datagramPayload(sourcePort, destinationPort, ip.payload);
    bytesField(sheet, bytes, 'data.data', 'Data', `${ip.payload} bytes`);
    endLayer(sheet);
  }
  const carried = pseudoHeader(ip.source, ip.destination, ip.protocol, length);
  // 0 would say that there is no checksum (RFC 768)
  const sum = checksum(sheet.bytes, begin, sheet.bytes.length, carried) || 0xffff;
  patch16(sheet, sumAt, sum, `${hex(sum, 4)} [correct]`);
}
