/** A field of a frame: a line of the tree, and the bytes that say it. */
export interface Field {
  /** The display filter's name: `ip.ttl`. */
  readonly name: string;
  /** Wireshark's label: `Time to Live`. */
  readonly label: string;
  readonly text: string;
  /** First byte in the frame, and how many. */
  readonly start: number;
  readonly length: number;
  readonly children: readonly Field[];
}

export type LayerName = 'eth' | 'arp' | 'ip' | 'icmp' | 'tcp' | 'udp' | 'vrrp' | 'data';

/** A protocol's part of a frame. */
export interface Layer {
  readonly name: LayerName;
  /** `Internet Protocol Version 4, Src: 10.1.0.10, Dst: 192.168.1.6` */
  readonly title: string;
  readonly start: number;
  readonly length: number;
  readonly fields: readonly Field[];
}

interface OpenLayer {
  name: LayerName;
  title: string;
  start: number;
  length: number;
  fields: Field[];
}

/** Bytes and the tree that explains them, written together so that neither can be wrong alone. */
export interface Sheet {
  readonly bytes: number[];
  readonly layers: OpenLayer[];
}

export function createSheet(): Sheet {
  return { bytes: [], layers: [] };
}

/** Begins a layer; the fields that follow are its own. */
export function layer(sheet: Sheet, name: LayerName, title: string): void {
  endLayer(sheet);
  sheet.layers.push({ name, title, start: sheet.bytes.length, length: 0, fields: [] });
}

/** The layer has all its bytes. */
export function endLayer(sheet: Sheet): void {
  const open = sheet.layers.at(-1);
  if (open !== undefined) open.length = sheet.bytes.length - open.start;
}

/** Writes an unsigned number, the most significant byte first. @param width bytes, 1 to 6 */
export function put(sheet: Sheet, width: number, value: number): void {
  for (let place = 256 ** (width - 1); place >= 1; place /= 256) {
    sheet.bytes.push(Math.floor(value / place) % 256);
  }
}

/** A field of a whole number of bytes. */
export function field(
  sheet: Sheet,
  width: number,
  value: number,
  name: string,
  label: string,
  text: string = String(value),
  children: readonly Field[] = [],
): void {
  const start = sheet.bytes.length;
  put(sheet, width, value);
  sheet.layers.at(-1)!.fields.push({ name, label, text, start, length: width, children });
}

/** A field of any bytes. */
export function bytesField(
  sheet: Sheet,
  bytes: readonly number[] | Uint8Array,
  name: string,
  label: string,
  text: string,
  children: readonly Field[] = [],
): void {
  const start = sheet.bytes.length;
  for (const byte of bytes) sheet.bytes.push(byte);
  sheet.layers.at(-1)!.fields.push({ name, label, text, start, length: bytes.length, children });
}

/** A line of the tree about bytes that are there already: a part of a field, or what follows from it. */
export function remark(name: string, label: string, text: string, start: number, length: number): Field {
  return { name, label, text, start, length, children: [] };
}

/** Appends what another sheet says. */
export function append(sheet: Sheet, other: Sheet): void {
  endLayer(sheet);
  endLayer(other);
  const by = sheet.bytes.length;
  for (const byte of other.bytes) sheet.bytes.push(byte);
  for (const one of other.layers) {
    sheet.layers.push({
      ...one,
      start: one.start + by,
      fields: one.fields.map((each) => moved(each, by)),
    });
  }
}

function moved(one: Field, by: number): Field {
  return { ...one, start: one.start + by, children: one.children.map((child) => moved(child, by)) };
}

/** Writes a 16-bit number over one that stands at a place, and its text into its field: checksums. */
export function patch16(sheet: Sheet, at: number, value: number, text: string): void {
  sheet.bytes[at] = value >>> 8;
  sheet.bytes[at + 1] = value & 255;
  for (const open of sheet.layers) {
    const index = open.fields.findIndex((one) => one.start === at && one.length === 2);
    const found = open.fields[index];
    if (found !== undefined) open.fields[index] = { ...found, text };
  }
}

export const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`;
