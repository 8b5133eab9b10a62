import type { LinkLayer, MacId, Switch } from './state.ts';

/** The largest MAC address: all of 48 bits. */
export const BROADCAST_MAC = 0xffffffffffff;

/** The MAC of an interface that nobody gave one: locally administered, by host and place in it. */
export function derivedMac(host: number, place: number): number {
  return 0x024c00000000 + (host & 0xffffff) * 256 + (place & 0xff);
}

/** Whether frames to it go to many: the lowest bit of the first octet (IEEE 802), so broadcast too. */
export function isGroupMac(mac: number): boolean {
  return Math.floor(mac / 2 ** 40) % 2 === 1;
}

/** The id of a MAC; a new one where it was never seen. */
export function macId(link: LinkLayer, mac: number): MacId {
  const known = link.macIds.get(mac);
  if (known !== undefined) return known;
  const id = link.macs.push(mac) - 1;
  link.macIds.set(mac, id);
  for (const table of link.switches) if (id >= table.port.length) widenSwitch(table, id);
  return id;
}

/** A switch that has heard nobody, with room for so many MACs: every switch has a place for each. */
export function createSwitch(macs: number): Switch {
  return { port: new Int32Array(macs).fill(-1), seenAt: new Float64Array(macs) };
}

/** Room for that MAC, and as many again. */
function widenSwitch(table: Switch, mac: MacId): void {
  const wider = createSwitch(2 * (mac + 1));
  wider.port.set(table.port);
  wider.seenAt.set(table.seenAt);
  table.port = wider.port;
  table.seenAt = wider.seenAt;
}
