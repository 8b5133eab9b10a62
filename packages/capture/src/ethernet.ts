import { formatMac } from '@lvscope/inet';
import type { FrameRecord } from '@lvscope/net';
import { endLayer, field, layer, type Sheet } from './sheet.ts';

const BROADCAST = 0xffffffffffff;

/** `Broadcast (ff:ff:ff:ff:ff:ff)`, as Wireshark names the one address that has a name. */
export function macText(mac: number): string {
  return mac === BROADCAST ? 'Broadcast' : formatMac(mac);
}

export function writeEthernet(sheet: Sheet, record: FrameRecord): void {
  const [source, destination] = [macText(record.sourceMac), macText(record.destinationMac)];
  layer(sheet, 'eth', `Ethernet II, Src: ${source}, Dst: ${destination}`);
  field(sheet, 6, record.destinationMac, 'eth.dst', 'Destination', named(record.destinationMac));
  field(sheet, 6, record.sourceMac, 'eth.src', 'Source', named(record.sourceMac));
  const type = record.arp === undefined ? 'IPv4 (0x0800)' : 'ARP (0x0806)';
  field(sheet, 2, record.ethertype, 'eth.type', 'Type', type);
  endLayer(sheet);
}

function named(mac: number): string {
  return mac === BROADCAST ? `Broadcast (${formatMac(mac)})` : formatMac(mac);
}
