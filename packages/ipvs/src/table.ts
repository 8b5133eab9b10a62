/** Flags of a connection, as in uapi/linux/ip_vs.h where they fit. */
export const CONN_FORWARD_MASK = 0x0007;
export const CONN_NOOUTPUT = 0x0080;
export const CONN_INACTIVE = 0x0100;
export const CONN_NO_CPORT = 0x0800;
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
  /** First free row, -1 = none. */
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
  /** Rows without a client port (they make each look-up try port 0 too). */
  noClientPort: number;
}

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
    protocol: new Uint8Array(n),
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
    noClientPort: 0,
  };
}
