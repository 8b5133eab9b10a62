/** Flags of a connection, as in uapi/linux/ip_vs.h where they fit. */
export const CONN_FORWARD_MASK = 0x0007;
export const CONN_NOOUTPUT = 0x0080;
export const CONN_INACTIVE = 0x0100;
export const CONN_TEMPLATE = 0x1000;
export const CONN_ONE_PACKET = 0x2000;
/** Its conntrack entry is kept and confirmed (the kernel's NFCT). */
export const CONN_CONNTRACK = 0x4000;

/** A template some of whose connections got through to the server. */
export const TEMPLATE_ASSURED = 1;

/**
 * The connection table: one row a connection or template, one column a typed array. Free rows are chained by `next`.
 * Rows hang in buckets by (protocol, client, client port), newest first, as in net/netfilter/ipvs/ip_vs_conn.c:
 * so the packets of both directions meet the same bucket.
 */
export interface ConnectionTable {
  /** First free row, -1 = none. A free row's `protocol` is FREE. */
  free: number;
  /** Rows ever used: the table's end. */
  end: number;
  live: number;
  capacity: number;
  /** Addresses as int32. */
  client: Int32Array;
  virtual: Int32Array;
  /** Where its packets go: the destination's address, 0 for a bypass. */
  address: Int32Array;
  clientPort: Uint16Array;
  virtualPort: Uint16Array;
  port: Uint16Array;
  protocol: Uint8Array;
  state: Uint8Array;
  flags: Uint16Array;
  /** Destination id, -1 = none (bypass). */
  destination: Int32Array;
  /** Row of its controller (template or FTP control connection), -1 = none. */
  controller: Int32Array;
  /** How many rows it controls. */
  controls: Int32Array;
  /** Seconds. */
  timeout: Int32Array;
  inPackets: Int32Array;
  /** Next row in the bucket or in the free list, -1 = last. */
  next: Int32Array;
  /** Row before it in the bucket; ~bucket where it is the first. */
  prev: Int32Array;
  /** First row, -1 = empty. The number of buckets is a power of two. */
  buckets: Int32Array;
}

/** In the `protocol` column: nothing is here (255 is reserved by IANA). */
export const FREE = 255;

const FIRST_ROWS = 1024;

/** @param bits conn_tab_bits: the table starts with 2^bits buckets, and grows with its rows */
export function createTable(bits: number): ConnectionTable {
  const n = FIRST_ROWS;
  return {
    free: -1,
    end: 0,
    live: 0,
    capacity: n,
    client: new Int32Array(n),
    virtual: new Int32Array(n),
    address: new Int32Array(n),
    clientPort: new Uint16Array(n),
    virtualPort: new Uint16Array(n),
    port: new Uint16Array(n),
    protocol: new Uint8Array(n).fill(FREE),
    state: new Uint8Array(n),
    flags: new Uint16Array(n),
    destination: new Int32Array(n),
    controller: new Int32Array(n),
    controls: new Int32Array(n),
    timeout: new Int32Array(n),
    inPackets: new Int32Array(n),
    next: new Int32Array(n),
    prev: new Int32Array(n),
    buckets: new Int32Array(2 ** bits).fill(-1),
  };
}

/** The kernel draws a seed at boot; here it is fixed, so that a run can be repeated. */
const SEED = 0x3c6ef372;

/** 32 bits from what both directions of a connection know. */
export function hashOf(protocol: number, client: number, clientPort: number): number {
  let h = Math.imul(client ^ SEED, 0x9e3779b1) ^ Math.imul(clientPort | (protocol << 16), 0x85ebca77);
  h = Math.imul(h ^ (h >>> 15), 0xc2b2ae3d);
  return h ^ (h >>> 14);
}

/** First row of a bucket, -1 = none. */
export function firstRow(t: ConnectionTable, protocol: number, client: number, clientPort: number): number {
  return t.buckets[hashOf(protocol, client, clientPort) & (t.buckets.length - 1)]!;
}

const COLUMNS = [
  'client',
  'virtual',
  'address',
  'clientPort',
  'virtualPort',
  'port',
  'protocol',
  'state',
  'flags',
  'destination',
  'controller',
  'controls',
  'timeout',
  'inPackets',
  'next',
  'prev',
] as const;

type Column = Int32Array | Uint16Array | Uint8Array;

function enlarge<C extends Column>(column: C, length: number): C {
  const larger = new (column.constructor as new (length: number) => C)(length);
  larger.set(column);
  return larger;
}

/** By half: what the live rows need is at least two thirds of what is held, but for the first growth. */
function growRows(t: ConnectionTable): void {
  const capacity = t.capacity + (t.capacity >> 1);
  const columns = t as unknown as Record<(typeof COLUMNS)[number], Column>;
  for (const name of COLUMNS) columns[name] = enlarge(columns[name], capacity);
  t.protocol.fill(FREE, t.capacity);
  t.capacity = capacity;
}

/** Twice as many buckets. Walking each old bucket from its tail keeps the newest first in the new ones. */
function growBuckets(t: ConnectionTable): void {
  const old = t.buckets;
  const size = old.length * 2;
  t.buckets = new Int32Array(size).fill(-1);
  const chain: number[] = [];
  for (const first of old) {
    chain.length = 0;
    for (let row = first; row >= 0; row = t.next[row]!) chain.push(row);
    for (let i = chain.length - 1; i >= 0; i--) hangIn(t, chain[i]!);
  }
}

function hangIn(t: ConnectionTable, row: number): void {
  const hash = hashOf(t.protocol[row]!, t.client[row]!, t.clientPort[row]!);
  const bucket = hash & (t.buckets.length - 1);
  const first = t.buckets[bucket]!;
  t.next[row] = first;
  t.prev[row] = ~bucket;
  if (first >= 0) t.prev[first] = row;
  t.buckets[bucket] = row;
}

/** A row from the free list; its columns hold what the last user left. */
export function takeRow(t: ConnectionTable): number {
  t.live++;
  const row = t.free;
  if (row >= 0) {
    t.free = t.next[row]!;
    return row;
  }
  if (t.end === t.capacity) growRows(t);
  return t.end++;
}

export function giveBackRow(t: ConnectionTable, row: number): void {
  t.live--;
  t.protocol[row] = FREE;
  t.next[row] = t.free;
  t.free = row;
}

/** Puts a filled row at the head of its bucket. */
export function hashRow(t: ConnectionTable, row: number): void {
  if (t.live > t.buckets.length) growBuckets(t);
  hangIn(t, row);
}

export function unhashRow(t: ConnectionTable, row: number): void {
  const before = t.prev[row]!;
  const after = t.next[row]!;
  if (before >= 0) t.next[before] = after;
  else t.buckets[~before] = after;
  if (after >= 0) t.prev[after] = before;
}
