/** Flags of a connection, as in uapi/linux/ip_vs.h where they fit. */
export const CONN_FORWARD_MASK = 0x0007;
/** Learnt from another director. */
export const CONN_SYNC = 0x0020;
export const CONN_NOOUTPUT = 0x0080;
export const CONN_INACTIVE = 0x0100;
export const CONN_TEMPLATE = 0x1000;
export const CONN_ONE_PACKET = 0x2000;
/** Its conntrack entry is kept and confirmed (the kernel's NFCT). */
export const CONN_CONNTRACK = 0x4000;
/** A template with data of a persistence engine (`callIds` of the table); no bit of the kernel's. */
export const CONN_ENGINE_DATA = 0x10_0000;

/** State of a template some of whose connections got through to the server. */
export const TEMPLATE_ASSURED = 1;

/*
 * A row is 16 words, one line of a processor's cache: a packet touches most of them, of a row that it finds
 * cold. rows[row * ROW + CLIENT] is the client of a row.
 */
export const ROW = 16;
/** Addresses as int32. Of templates the client's network. */
export const CLIENT = 0;
/** Of templates of a firewall mark the mark. */
export const VIRTUAL = 1;
/** The client's port in the high half, the virtual one in the low. */
export const PORTS = 2;
/** CONN_* bits and, in the lowest, the forwarding method; in the highest byte the IP protocol's number. */
export const FLAGS = 3;
/** Next row in the bucket or in the free list, -1 = last. */
export const NEXT = 4;
export const STATE = 5;
/** Destination id, -1 = none (bypass). */
export const DESTINATION = 6;
/** Where its packets go: the destination's address, 0 for a bypass. */
export const ADDRESS = 7;
export const PORT = 8;
/** Row of its controller (a template), -1 = none. */
export const CONTROLLER = 9;
/** How many rows it controls. */
export const CONTROLS = 10;
/** Seconds. */
export const TIMEOUT = 11;
export const IN_PACKETS = 12;
/**
 * When its timer is due by the kernel's tick counter, modulo 2^32; it fires no earlier, and may fire later.
 */
export const EXPIRES = 13;
/** Which start of a timer its last one was: see kernel-wheel.ts, as for the next. */
export const STARTED = 14;
/** Where it lies in the wheel, and its timer's level. It stays there while the row is free. */
export const FILED = 15;

/** Where in FLAGS the protocol stands; it is FREE (reserved by IANA) where nothing is. */
export const PROTOCOL_SHIFT = 24;
export const FREE = 255;
/** The other bits of FLAGS. */
export const CONN_FLAGS = 0xff_ffff;

/** IP protocol number; FREE where nothing is. */
export function protocolOf(t: ConnectionTable, row: number): number {
  return t.rows[row * ROW + FLAGS]! >>> PROTOCOL_SHIFT;
}

/**
 * The connection table. Rows hang in buckets by (protocol, client, client port), newest first, as in
 * net/netfilter/ipvs/ip_vs_conn.c: so the packets of both directions meet the same bucket.
 */
export interface ConnectionTable {
  rows: Int32Array;
  /** How many rows there is room for. */
  capacity: number;
  /** First free row, -1 = none. */
  free: number;
  /** Rows ever used: the table's end. */
  end: number;
  live: number;
  /** First row, -1 = empty. The number of buckets is a power of two. */
  buckets: Int32Array;
  /** By row: the Call-ID of a template of `--pe sip` (pe_data). */
  readonly callIds: Map<number, string>;
  /** Rows of such templates, by all that one is found by. */
  readonly byCallId: Map<string, number>;
}

const FIRST_ROWS = 1024;

/** @param bits conn_tab_bits: the table starts with 2^bits buckets, and grows with its rows */
export function createTable(bits: number): ConnectionTable {
  const t: ConnectionTable = {
    rows: new Int32Array(0),
    capacity: 0,
    free: -1,
    end: 0,
    live: 0,
    buckets: new Int32Array(0),
    callIds: new Map(),
    byCallId: new Map(),
  };
  // Set a second time: else the JavaScript engine compiles what reads them as constants, and all of that anew
  // when the table grows.
  t.rows = new Int32Array(FIRST_ROWS * ROW);
  t.capacity = FIRST_ROWS;
  t.buckets = new Int32Array(2 ** bits).fill(-1);
  return t;
}

/** The kernel draws a seed at boot; here it is fixed, so that a run can be repeated. */
const SEED = 0x3c6ef372;

/** 32 bits from what both directions of a connection know. */
function hashOf(protocol: number, client: number, clientPort: number): number {
  let h = Math.imul(client ^ SEED, 0x9e3779b1) ^ Math.imul(clientPort | (protocol << 16), 0x85ebca77);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae3d);
  return h ^ (h >>> 14);
}

/** First row of a bucket, -1 = none. */
export function firstRow(t: ConnectionTable, protocol: number, client: number, clientPort: number): number {
  return t.buckets[hashOf(protocol, client, clientPort) & (t.buckets.length - 1)]!;
}

/**
 * Twice as many. Rows are taken in order, and those that were never touched take no memory of the machine;
 * what costs time is to touch the copy's pages for the first time: the more so, the smaller the steps.
 */
function growRows(t: ConnectionTable): void {
  t.capacity *= 2;
  const rows = new Int32Array(t.capacity * ROW);
  rows.set(t.rows);
  t.rows = rows;
}

function bucketOf(t: ConnectionTable, at: number): number {
  const rows = t.rows;
  const protocol = rows[at + FLAGS]! >>> PROTOCOL_SHIFT;
  return hashOf(protocol, rows[at + CLIENT]!, rows[at + PORTS]! >>> 16) & (t.buckets.length - 1);
}

/** Twice as many buckets: each old one becomes two, whose rows keep their order. */
function growBuckets(t: ConnectionTable): void {
  const old = t.buckets;
  const { rows } = t;
  t.buckets = new Int32Array(old.length * 2).fill(-1);
  for (let bucket = 0; bucket < old.length; bucket++) {
    let low = -1;
    let high = -1;
    let row = old[bucket]!;
    while (row >= 0) {
      const at = row * ROW;
      const following = rows[at + NEXT]!;
      const mine = bucketOf(t, at);
      const before = mine === bucket ? low : high;
      rows[at + NEXT] = -1;
      if (before >= 0) rows[before * ROW + NEXT] = row;
      else t.buckets[mine] = row;
      if (mine === bucket) low = row;
      else high = row;
      row = following;
    }
  }
}

/** A row from the free list; it holds what its last user left, NOWHERE in the wheel if it had none. */
export function takeRow(t: ConnectionTable): number {
  t.live++;
  const row = t.free;
  if (row >= 0) {
    t.free = t.rows[row * ROW + NEXT]!;
    return row;
  }
  if (t.end === t.capacity) growRows(t);
  return t.end++;
}

export function giveBackRow(t: ConnectionTable, row: number): void {
  t.live--;
  t.rows[row * ROW + FLAGS] = FREE << PROTOCOL_SHIFT;
  t.rows[row * ROW + NEXT] = t.free;
  t.free = row;
}

/** Puts a filled row at the head of its bucket. */
export function hashRow(t: ConnectionTable, row: number): void {
  if (t.live > t.buckets.length) growBuckets(t);
  const bucket = bucketOf(t, row * ROW);
  t.rows[row * ROW + NEXT] = t.buckets[bucket]!;
  t.buckets[bucket] = row;
}

export function unhashRow(t: ConnectionTable, row: number): void {
  const { rows, buckets } = t;
  const bucket = bucketOf(t, row * ROW);
  const after = rows[row * ROW + NEXT]!;
  let before = buckets[bucket]!;
  if (before === row) {
    buckets[bucket] = after;
    return;
  }
  while (rows[before * ROW + NEXT] !== row) before = rows[before * ROW + NEXT]!;
  rows[before * ROW + NEXT] = after;
}
