import { type Ipv4, ipv4 } from '@lvscope/inet';

/** What a director tells another about one connection. */
export interface SyncRecord {
  readonly protocol: number;
  readonly client: Ipv4;
  readonly clientPort: number;
  readonly virtual: Ipv4;
  readonly virtualPort: number;
  readonly server: Ipv4;
  readonly serverPort: number;
  /** CONN_* and, in the lowest bits, the forwarding method. */
  readonly flags: number;
  readonly state: number;
  /** Seconds; version 0 has none: 0. */
  readonly timeout: number;
  /** Of the service; version 0 has none: 0. */
  readonly mark: number;
  /** Of a template of `--pe sip`, at most 255 bytes; version 0 has none. */
  readonly callId: string | undefined;
}

/** A datagram of the sync protocol (struct ip_vs_sync_mesg). */
export interface SyncMessage {
  readonly version: 0 | 1;
  readonly syncId: number;
  readonly records: readonly SyncRecord[];
}

const HEADER = [4, 8] as const;
const RECORD = [24, 36] as const;
/** The version in the header of version 1, where version 0 has its number of connections 0. */
const SYNC_PROTO_VER = 1;

const OPTION_ENGINE_DATA = 2;
const OPTION_ENGINE_NAME = 3;
const ENGINE_NAME = 'sip';

/** Bytes of a record with its options (type, length, data): without what it is filled up to four with. */
function recordBytes(version: 0 | 1, record: SyncRecord): number {
  if (version === 0 || record.callId === undefined) return RECORD[version];
  return RECORD[1] + 2 + record.callId.length + 2 + ENGINE_NAME.length;
}

const aligned = (bytes: number): number => (bytes + 3) & ~3;

/** Bytes of a datagram with these records; each begins at a multiple of four. */
export function messageBytes(version: 0 | 1, records: readonly SyncRecord[]): number {
  return records.reduce<number>((at, record) => aligned(at) + recordBytes(version, record), HEADER[version]);
}

/** The datagram's bytes, as net/netfilter/ipvs/ip_vs_sync.c lays them out, all in network order. */
export function encodeSync(message: SyncMessage): Uint8Array<ArrayBuffer> {
  const { version, syncId, records } = message;
  const size = messageBytes(version, records);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  if (version === 1) {
    view.setUint8(1, syncId);
    view.setUint16(2, size);
    view.setUint8(4, records.length);
    view.setUint8(5, SYNC_PROTO_VER);
  } else {
    view.setUint8(0, records.length);
    view.setUint8(1, syncId);
    view.setUint16(2, size);
  }
  let at: number = HEADER[version];
  for (const record of records) {
    at = aligned(at);
    if (version === 1) writeRecord(view, at, record);
    else writeOldRecord(view, at, record);
    at += recordBytes(version, record);
  }
  return bytes;
}

/** struct ip_vs_sync_v4 */
function writeRecord(view: DataView, at: number, r: SyncRecord): void {
  view.setUint8(at + 1, r.protocol);
  view.setUint16(at + 2, recordBytes(1, r));
  view.setUint32(at + 4, r.flags);
  view.setUint16(at + 8, r.state);
  view.setUint16(at + 10, r.clientPort);
  view.setUint16(at + 12, r.virtualPort);
  view.setUint16(at + 14, r.serverPort);
  view.setUint32(at + 16, r.mark);
  view.setUint32(at + 20, r.timeout);
  view.setUint32(at + 24, r.client);
  view.setUint32(at + 28, r.virtual);
  view.setUint32(at + 32, r.server);
  if (r.callId === undefined) return;
  const behind = writeOption(view, at + RECORD[1], OPTION_ENGINE_DATA, r.callId);
  writeOption(view, behind, OPTION_ENGINE_NAME, ENGINE_NAME);
}

/** @returns the place behind it */
function writeOption(view: DataView, at: number, type: number, text: string): number {
  view.setUint8(at, type);
  view.setUint8(at + 1, text.length);
  for (let i = 0; i < text.length; i++) view.setUint8(at + 2 + i, text.charCodeAt(i));
  return at + 2 + text.length;
}

/** struct ip_vs_sync_conn_v0 */
function writeOldRecord(view: DataView, at: number, r: SyncRecord): void {
  view.setUint8(at + 1, r.protocol);
  view.setUint16(at + 2, r.clientPort);
  view.setUint16(at + 4, r.virtualPort);
  view.setUint16(at + 6, r.serverPort);
  view.setUint32(at + 8, r.client);
  view.setUint32(at + 12, r.virtual);
  view.setUint32(at + 16, r.server);
  view.setUint16(at + 20, r.flags & 0xffff);
  view.setUint16(at + 22, r.state);
}

/** Reads a datagram. @returns undefined where it is none, or shorter than it says */
export function decodeSync(bytes: Uint8Array): SyncMessage | undefined {
  if (bytes.length < HEADER[0]) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isNew = bytes.length >= HEADER[1] && view.getUint8(0) === 0 && view.getUint8(5) === SYNC_PROTO_VER;
  const version = isNew ? 1 : 0;
  if (view.getUint16(2) !== bytes.length) return undefined;
  const count = view.getUint8(isNew ? 4 : 0);
  const records: SyncRecord[] = [];
  let at: number = HEADER[version];
  for (let i = 0; i < count; i++) {
    at = aligned(at);
    if (bytes.length < at + RECORD[version]) return undefined;
    const end = isNew ? at + view.getUint16(at + 2) : at + RECORD[0];
    if (bytes.length < end || end < at + RECORD[version]) return undefined;
    records.push(isNew ? readRecord(view, at, end) : readOldRecord(view, at));
    at = end;
  }
  return { version, syncId: view.getUint8(1), records };
}

/** The text of an option of a record, undefined where it has none of that type. */
function readOption(view: DataView, from: number, end: number, type: number): string | undefined {
  for (let at = from; at + 2 <= end; at += 2 + view.getUint8(at + 1)) {
    if (view.getUint8(at) !== type || at + 2 + view.getUint8(at + 1) > end) continue;
    const text = new Uint8Array(view.buffer, view.byteOffset + at + 2, view.getUint8(at + 1));
    return String.fromCharCode(...text);
  }
  return undefined;
}

function readRecord(view: DataView, at: number, end: number): SyncRecord {
  return {
    protocol: view.getUint8(at + 1),
    flags: view.getUint32(at + 4),
    state: view.getUint16(at + 8),
    clientPort: view.getUint16(at + 10),
    virtualPort: view.getUint16(at + 12),
    serverPort: view.getUint16(at + 14),
    mark: view.getUint32(at + 16),
    timeout: view.getUint32(at + 20),
    client: ipv4(view.getUint32(at + 24)),
    virtual: ipv4(view.getUint32(at + 28)),
    server: ipv4(view.getUint32(at + 32)),
    callId: readOption(view, at + RECORD[1], end, OPTION_ENGINE_DATA),
  };
}

function readOldRecord(view: DataView, at: number): SyncRecord {
  return {
    protocol: view.getUint8(at + 1),
    clientPort: view.getUint16(at + 2),
    virtualPort: view.getUint16(at + 4),
    serverPort: view.getUint16(at + 6),
    client: ipv4(view.getUint32(at + 8)),
    virtual: ipv4(view.getUint32(at + 12)),
    server: ipv4(view.getUint32(at + 16)),
    flags: view.getUint16(at + 20),
    state: view.getUint16(at + 22),
    timeout: 0,
    mark: 0,
    callId: undefined,
  };
}
