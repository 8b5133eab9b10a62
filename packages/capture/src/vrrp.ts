import { quad } from './ip.ts';
import { bytesField, endLayer, field, hex, layer, type Sheet } from './sheet.ts';

/** The least that an announcement has: 8 bytes before its addresses (RFC 3768, 5.1; RFC 5798, 5.1). */
const FIXED_BYTES = 8;

/** Wireshark's Info column of an announcement. */
export function vrrpInfo(message: Uint8Array | undefined): string {
  return `Announcement (v${message === undefined ? 2 : (message[0] ?? 0x20) >>> 4})`;
}

/** An announcement, of the bytes that its sender made. */
export function writeVrrp(sheet: Sheet, message: Uint8Array): void {
  layer(sheet, 'vrrp', 'Virtual Router Redundancy Protocol');
  const at = (i: number): number => message[i] ?? 0;
  if (message.length < FIXED_BYTES) {
    bytesField(sheet, message, 'vrrp.short', 'Too short', `${message.length} bytes`);
    return endLayer(sheet);
  }
  const version = at(0) >>> 4;
  field(sheet, 1, at(0), 'vrrp.version', 'Version, Packet type', `${version}, ${at(0) & 15} (Advertisement)`);
  field(sheet, 1, at(1), 'vrrp.virt_rtr_id', 'Virtual Rtr ID');
  field(sheet, 1, at(2), 'vrrp.prio', 'Priority', `${at(2)}${priorityText(at(2))}`);
  const count = at(3);
  field(sheet, 1, count, 'vrrp.addr_count', 'Addr Count');
  if (version === 2) {
    field(sheet, 1, at(4), 'vrrp.auth_type', 'Auth Type', String(at(4)));
    field(sheet, 1, at(5), 'vrrp.adver_int', 'Adver Int', `${at(5)} s`);
  } else {
    const interval = ((at(4) & 15) << 8) | at(5);
    field(sheet, 2, interval, 'vrrp.short_adver_int', 'Adver Int', `${interval} cs`);
  }
  const sum = (at(6) << 8) | at(7);
  field(sheet, 2, sum, 'vrrp.checksum', 'Checksum', hex(sum, 4));
  let next = FIXED_BYTES;
  for (let i = 0; i < count && next + 4 <= message.length; i++, next += 4) {
    const address = ((at(next) << 24) | (at(next + 1) << 16) | (at(next + 2) << 8) | at(next + 3)) >>> 0;
    field(sheet, 4, address, 'vrrp.ip_addr', 'IP Address', quad(address));
  }
  const rest = message.subarray(next);
  if (rest.length > 0) bytesField(sheet, rest, 'vrrp.auth_string', 'Authentication', `${rest.length} bytes`);
  endLayer(sheet);
}

function priorityText(priority: number): string {
  if (priority === 255) return ' (This VRRP router owns the virtual address)';
  return priority === 0 ? ' (Current Master has stopped participating)' : '';
}
