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
/** IP protocol number; FREE where nothing is. */
export const PROTOCOL = 3;
/** CONN_* bits and, in the lowest, the forwarding method. */
export const FLAGS = 4;
/** Next row in the bucket or in the free list, -1 = last. */
export const NEXT = 5;
/** Row before it in the bucket; ~bucket where it is the first. */
export const PREV = 6;
export const STATE = 7;
/** Destination id, -1 = none (bypass). */
export const DESTINATION = 8;
/** Where its packets go: the destination's address, 0 for a bypass. */
export const ADDRESS = 9;
export const PORT = 10;
/** Row of its controller (a template), -1 = none. */
export const CONTROLLER = 11;
/** How many rows it controls. */
export const CONTROLS = 12;
/** Seconds. */
export const TIMEOUT = 13;
export const IN_PACKETS = 14;
/**
 * When its timer is due by the kernel's tick counter, modulo 2^32; it fires no earlier, and may fire later.
 */
export const EXPIRES = 15;

/** A free row's protocol (255 is reserved by IANA). */
export const FREE = 255;

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
  return {
    rows: new Int32Array(FIRST_ROWS * ROW),
    capacity: FIRST_ROWS,
    free: -1,
    end: 0,
    live: 0,
    buckets: new Int32Array(2 ** bits).fill(-1),
    callIds: new Map(),
    byCallId: new Map(),
  };
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

/** By half, so that at most a third of the rows lies idle. */
function growRows(t: ConnectionTable): void {
  t.capacity += t.capacity >> 1;
  const rows = new Int32Array(t.capacity * ROW);
  rows.set(t.rows);
  t.rows = rows;
}

/** Twice as many buckets: each old one becomes two, whose rows keep their order. */
function growBuckets(t: ConnectionTable): void {
  const old = t.buckets;
  const buckets = new Int32Array(old.length * 2).fill(-1);
  const { rows } = t;
  t.buckets = buckets;
  for (let bucket = 0; bucket < old.length; bucket++) {
    let low = -1;
    let high = -1;
    let row = old[bucket]!;
    while (row >= 0) {
      const at = row * ROW;
      const following = rows[at + NEXT]!;
      const hash = hashOf(rows[at + PROTOCOL]!, rows[at + CLIENT]!, rows[at + PORTS]! >>> 16);
      const mine = hash & (buckets.length - 1);
      const before = mine === bucket ? low : high;
      rows[at + NEXT] = -1;
      rows[at + PREV] = before >= 0 ? before : ~mine;
      if (before >= 0) rows[before * ROW + NEXT] = row;
      else buckets[mine] = row;
      if (mine === bucket) low = row;
      else high = row;
      row = following;
    }
  }
}

function hangIn(t: ConnectionTable, row: number): void {
  const { rows, buckets } = t;
  const at = row * ROW;
  const hash = hashOf(rows[at + PROTOCOL]!, rows[at + CLIENT]!, rows[at + PORTS]! >>> 16);
  const bucket = hash & (buckets.length - 1);
  const first = buckets[bucket]!;
  rows[at + NEXT] = first;
  rows[at + PREV] = ~bucket;
  if (first >= 0) rows[first * ROW + PREV] = row;
  buckets[bucket] = row;
}

/** A row from the free list; it holds what its last user left. */
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
  t.rows[row * ROW + PROTOCOL] = FREE;
  t.rows[row * ROW + NEXT] = t.free;
  t.free = row;
}

/** Puts a filled row at the head of its bucket. */
export function hashRow(t: ConnectionTable, row: number): void {
  if (t.live * 2 > t.buckets.length) growBuckets(t);
  hangIn(t, row);
}

export function unhashRow(t: ConnectionTable, row: number): void {
  const rows = t.rows;
  const before = rows[row * ROW + PREV]!;
  const after = rows[row * ROW + NEXT]!;
  if (before >= 0) rows[before * ROW + NEXT] = after;
  else t.buckets[~before] = after;
  if (after >= 0) rows[after * ROW + PREV] = before;
}
