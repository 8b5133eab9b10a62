import { formatMac } from '@lvscope/inet';
import type { FrameRecord } from '@lvscope/net';
import { quad } from './ip.ts';
import { endLayer, field, layer, type Sheet } from './sheet.ts';

type Arp = NonNullable<FrameRecord['arp']>;

const REQUEST = 1;

/** Wireshark's Info column of an ARP frame. */
export function arpInfo(arp: Arp): string {
  const [sender, target] = [quad(arp.senderAddress), quad(arp.targetAddress)];
  const gratuitous = arp.senderAddress === arp.targetAddress;
  if (arp.operation === REQUEST) {
    if (gratuitous) return `ARP Announcement for ${sender}`;
    return arp.senderAddress === 0 ? `Who has ${target}? (ARP Probe)` : `Who has ${target}? Tell ${sender}`;
  }
  if (gratuitous) return `Gratuitous ARP for ${sender} (Reply)`;
  return `${sender} is at ${formatMac(arp.senderMac)}`;
}

function title(arp: Arp): string {
  const gratuitous = arp.senderAddress === arp.targetAddress;
  if (arp.operation !== REQUEST) return gratuitous ? 'reply/gratuitous ARP' : 'reply';
  if (gratuitous) return 'ARP Announcement';
  return arp.senderAddress === 0 ? 'ARP Probe' : 'request';
}

export function writeArp(sheet: Sheet, arp: Arp): void {
  layer(sheet, 'arp', `Address Resolution Protocol (${title(arp)})`);
  field(sheet, 2, 1, 'arp.hw.type', 'Hardware type', 'Ethernet (1)');
  field(sheet, 2, 0x0800, 'arp.proto.type', 'Protocol type', 'IPv4 (0x0800)');
  field(sheet, 1, 6, 'arp.hw.size', 'Hardware size');
  field(sheet, 1, 4, 'arp.proto.size', 'Protocol size');
  field(
    sheet,
    2,
    arp.operation,
    'arp.opcode',
    'Opcode',
    arp.operation === REQUEST ? 'request (1)' : 'reply (2)',
  );
  field(sheet, 6, arp.senderMac, 'arp.src.hw_mac', 'Sender MAC address', formatMac(arp.senderMac));
  field(sheet, 4, arp.senderAddress, 'arp.src.proto_ipv4', 'Sender IP address', quad(arp.senderAddress));
  field(sheet, 6, arp.targetMac, 'arp.dst.hw_mac', 'Target MAC address', formatMac(arp.targetMac));
  field(sheet, 4, arp.targetAddress, 'arp.dst.proto_ipv4', 'Target IP address', quad(arp.targetAddress));
  endLayer(sheet);
}
