import type { LinkLayer, MacId } from './state.ts';

/** The largest MAC address: all of 48 bits. */
export const BROADCAST_MAC = 0xffffffffffff;

/** `02:00:00:00:01:0b` as a number of 48 bits; undefined where the text is none. */
export function parseMac(text: string): number | undefined {
  if (!/^[0-9a-fA-F]{1,2}(:[0-9a-fA-F]{1,2}){5}$/.test(text)) return undefined;
  let value = 0;
  for (const part of text.split(':')) value = value * 256 + Number.parseInt(part, 16);
  return value;
}

export function formatMac(mac: number): string {
  const digits = mac.toString(16).padStart(12, '0');
  return (digits.match(/../g) ?? []).join(':');
}

/** The MAC of an interface that nobody gave one: locally administered, by host and place in it. */
export function derivedMac(host: number, place: number): number {
  return 0x024c00000000 + (host & 0xffffff) * 256 + (place & 0xff);
}

/** The id of a MAC; a new one where it was never seen. */
export function macId(link: LinkLayer, mac: number): MacId {
  const known = link.macIds.get(mac);
  if (known !== undefined) return known;
  const id = link.macs.push(mac) - 1;
  link.macIds.set(mac, id);
  return id;
}
