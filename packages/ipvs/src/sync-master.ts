import type { Simulation } from '@lvscope/des';
import { ipv4, PROTO_SCTP, PROTO_TCP } from '@lvscope/inet';
import { HZ, jiffies } from './jiffies.ts';
import type { Ipvs, SyncDaemon } from './state.ts';
import {
  SCTP_CLOSED,
  SCTP_ESTABLISHED,
  SCTP_SHUTDOWN_ACK_SENT,
  SCTP_SHUTDOWN_RECEIVED,
  SCTP_SHUTDOWN_SENT,
} from './states/sctp.ts';
import { TCP_CLOSE, TCP_CLOSE_WAIT, TCP_ESTABLISHED, TCP_FIN_WAIT, TCP_TIME_WAIT } from './states/tcp.ts';
import { encodeSync, messageBytes, type SyncRecord } from './sync-message.ts';
import {
  ADDRESS,
  CLIENT,
  CONN_FORWARD_MASK,
  CONN_INACTIVE,
  CONN_NOOUTPUT,
  CONN_ONE_PACKET,
  CONN_TEMPLATE,
  CONTROLLER,
  DESTINATION,
  FLAGS,
  IN_PACKETS,
  PORT,
  PORTS,
  ROW,
  STATE,
  TIMEOUT,
  VIRTUAL,
  protocolOf,
} from './table.ts';
import { startSync, startSyncWake, wakeSyncNow } from './ticks.ts';

/** Seconds that a record waits for others at most (IPVS_SYNC_FLUSH_TIME), looked at once a second. */
const FLUSH_SECONDS = 2;
/** So many full datagrams wake the sender at once (IPVS_SYNC_WAKEUP_RATE). */
const WAKEUP_RATE = 8;
/** What of a connection's flags the other director is told. */
const TOLD = CONN_FORWARD_MASK | CONN_NOOUTPUT | CONN_INACTIVE | CONN_TEMPLATE;

const TCP_TOLD: readonly number[] = [TCP_ESTABLISHED, TCP_FIN_WAIT, TCP_CLOSE, TCP_CLOSE_WAIT, TCP_TIME_WAIT];
const SCTP_TOLD: readonly number[] = [
  SCTP_ESTABLISHED,
  SCTP_SHUTDOWN_SENT,
  SCTP_SHUTDOWN_RECEIVED,
  SCTP_SHUTDOWN_ACK_SENT,
  SCTP_CLOSED,
];

/** One of the master's threads (`sync_ports`): its buffer, and the datagrams that wait for its next look. */
export interface SyncSender {
  records: SyncRecord[];
  /** Ticks. */
  firstUse: number;
  readonly queue: Uint8Array[];
  /** Datagrams queued since the queue was empty (sync_queue_delay). */
  delay: number;
}

/** What a master daemon has in hand. */
export interface SyncMaster {
  readonly daemon: SyncDaemon;
  readonly senders: SyncSender[];
  /**
   * By row: the state last told (old_state), and when its timer would end by what was told (sync_endtime).
   */
  toldState: Int32Array;
  toldEnd: Int32Array;
}

/** A datagram that a master daemon sends now: its owner does. */
export interface SyncDatagram {
  readonly interface: string;
  /** The daemon's and on, one a thread. */
  readonly port: number;
  readonly bytes: Uint8Array;
}

export const SYNC_PORT = 8848;

/** IP_VS_SYNC_PORTS_MAX */
const MOST_THREADS = 64;

/** How many threads a daemon has, each with a port of its own. */
export function syncThreads(ipvs: Ipvs): number {
  return Math.min(ipvs.sysctls.sync_ports, MOST_THREADS);
}

export function createSyncMaster(ipvs: Ipvs, daemon: SyncDaemon): SyncMaster {
  const senders: SyncSender[] = [];
  for (let i = 0; i < syncThreads(ipvs); i++) {
    senders.push({ records: [], firstUse: 0, queue: [], delay: 0 });
  }
  return { daemon, senders, toldState: new Int32Array(0), toldEnd: new Int32Array(0) };
}

/**
 * Packets of a client have been counted to a connection: is the other director told? (ip_vs_sync_conn, after
 * ip_vs_in's packet count). Its controller is looked at next.
 * @param packets how many of its packets these are: those that IN_PACKETS has last been raised by
 */
export function syncConnection(ipvs: Ipvs, sim: Simulation, row: number, packets: number): void {
  const master = ipvs.syncMaster!;
  const t = ipvs.table;
  makeRoom(master, t.capacity);
  const onePacket = (t.rows[row * ROW + FLAGS]! & CONN_ONE_PACKET) !== 0;
  const seen = t.rows[row * ROW + IN_PACKETS]!;
  if (seen <= packets) forgetTold(master, row);
  for (let n = seen - packets + 1; n <= seen; n++) {
    if (!onePacket && isToBeTold(ipvs, sim, master, row, n)) tell(ipvs, sim, master, row);
    syncController(ipvs, sim, master, t.rows[row * ROW + CONTROLLER]!);
  }
}

/**
 * The timer of a connection that controls others was prolonged (ip_vs_conn_expire): that is told as at the
 * packet of `sync_threshold`.
 */
export function syncProlonged(ipvs: Ipvs, sim: Simulation, row: number): void {
  const master = ipvs.syncMaster!;
  makeRoom(master, ipvs.table.capacity);
  if (isToBeTold(ipvs, sim, master, row, ipvs.sysctls.sync_threshold)) tell(ipvs, sim, master, row);
  syncController(ipvs, sim, master, ipvs.table.rows[row * ROW + CONTROLLER]!);
}

/** A template counts the packets of what it controls. */
function syncController(ipvs: Ipvs, sim: Simulation, master: SyncMaster, controller: number): void {
  if (controller < 0) return;
  const t = ipvs.table;
  let n = ipvs.sysctls.sync_threshold;
  if ((t.rows[controller * ROW + FLAGS]! & CONN_TEMPLATE) !== 0) {
    n = ++t.rows[controller * ROW + IN_PACKETS]!;
    if (n === 1) forgetTold(master, controller);
  }
  if (isToBeTold(ipvs, sim, master, controller, n)) tell(ipvs, sim, master, controller);
  syncController(ipvs, sim, master, t.rows[controller * ROW + CONTROLLER]!);
}

function makeRoom(master: SyncMaster, rows: number): void {
  if (master.toldState.length >= rows) return;
  for (const key of ['toldState', 'toldEnd'] as const) {
    const wider = new Int32Array(rows);
    wider.set(master[key]);
    master[key] = wider;
  }
}

/** The row is a new connection's. */
export function forgetTold(master: SyncMaster, row: number): void {
  master.toldState[row] = 0;
  master.toldEnd[row] = 0;
}

/** The row's connection was told to this director: that is what the others know (old_state). */
export function noteTold(ipvs: Ipvs, row: number, state: number): void {
  const master = ipvs.syncMaster;
  if (master === undefined) return;
  makeRoom(master, ipvs.table.capacity);
  master.toldState[row] = state;
}

const abs = (n: number): number => (n < 0 ? -n : n);

/** ip_vs_sync_conn_needed. @param n the packet's number in its connection */
function isToBeTold(ipvs: Ipvs, sim: Simulation, master: SyncMaster, row: number, n: number): boolean {
  const { rows } = ipvs.table;
  const { sysctls } = ipvs;
  const at = row * ROW;
  const template = (rows[at + FLAGS]! & CONN_TEMPLATE) !== 0;
  const state = rows[at + STATE]!;
  const now = jiffies(ipvs, sim);
  const timeout = rows[at + TIMEOUT]! * HZ;
  const told = master.toldEnd[row]!;
  // the two lowest bits count repetitions within a refresh period
  let end = (now + timeout) & ~3;
  if (!template) {
    if (sysctls.sync_persist_mode !== 0 && isPersistent(ipvs, row)) return false;
    const forced = changeToTell(protocolOf(ipvs.table, row), state, master.toldState[row]!);
    if (forced === 'never') return false;
    if (forced === 'now') return noteSent(master, row, state, end);
  }
  const refresh = sysctls.sync_refresh_period * HZ;
  if (refresh > 0) {
    const least = Math.min(refresh, Math.max(timeout >> 1, 10 * HZ));
    if (abs(end - told) < least) {
      const repetitions = told & 3;
      if (repetitions >= sysctls.sync_retries) return false;
      if (now < told - timeout + (refresh >> 3)) return false;
      end |= repetitions + 1;
    }
  }
  const period = sysctls.sync_period;
  if (period > 0) {
    if (!template && n % period !== sysctls.sync_threshold) return false;
  } else if (refresh === 0 && n !== sysctls.sync_threshold) return false;
  return noteSent(master, row, state, end);
}

/** By its state alone: 'now' = at every change into it, 'never', or as the packet's number decides. */
function changeToTell(protocol: number, state: number, told: number): 'now' | 'never' | 'by-number' {
  const [known, established] =
    protocol === PROTO_TCP
      ? [TCP_TOLD, TCP_ESTABLISHED]
      : protocol === PROTO_SCTP
        ? [SCTP_TOLD, SCTP_ESTABLISHED]
        : [undefined, 0];
  if (known === undefined) return 'by-number';
  if (!known.includes(state)) return 'never';
  return state !== told && state !== established ? 'now' : 'by-number';
}

function noteSent(master: SyncMaster, row: number, state: number, end: number): true {
  master.toldState[row] = state;
  master.toldEnd[row] = end;
  return true;
}

/** Whether a template controls it (in_persistence). */
function isPersistent(ipvs: Ipvs, row: number): boolean {
  const { rows } = ipvs.table;
  let controller = rows[row * ROW + CONTROLLER]!;
  while (controller >= 0) {
    if ((rows[controller * ROW + FLAGS]! & CONN_TEMPLATE) !== 0) return true;
    controller = rows[controller * ROW + CONTROLLER]!;
  }
  return false;
}

/** Puts a record of the connection into its thread's buffer. */
function tell(ipvs: Ipvs, sim: Simulation, master: SyncMaster, row: number): void {
  const sender = master.senders[row & (master.senders.length - 1)]!;
  const version = ipvs.sysctls.sync_version === 0 ? 0 : 1;
  const record = recordOf(ipvs, row);
  if (messageBytes(version, [...sender.records, record]) > master.daemon.maxLength)
    enqueue(ipvs, sim, master, sender);
  if (sender.records.length === 0) sender.firstUse = jiffies(ipvs, sim);
  sender.records.push(record);
}

function recordOf(ipvs: Ipvs, row: number): SyncRecord {
  const { rows } = ipvs.table;
  const at = row * ROW;
  const destination = ipvs.destinationsById[rows[at + DESTINATION]!];
  const service = destination === undefined ? undefined : ipvs.servicesById[destination.serviceId];
  return {
    protocol: protocolOf(ipvs.table, row),
    client: ipv4(rows[at + CLIENT]!),
    clientPort: rows[at + PORTS]! >>> 16,
    virtual: ipv4(rows[at + VIRTUAL]!),
    virtualPort: rows[at + PORTS]! & 0xffff,
    server: ipv4(rows[at + ADDRESS]!),
    serverPort: rows[at + PORT]!,
    flags: rows[at + FLAGS]! & TOLD,
    state: rows[at + STATE]!,
    timeout: rows[at + TIMEOUT]!,
    mark: service?.key.kind === 'fwmark' ? service.key.mark : 0,
    callId: ipvs.table.callIds.get(row),
  };
}

/**
 * A full buffer waits for the sender, which wakes after a fiftieth of a second, or at the eighth
 * (sb_queue_tail).
 */
function enqueue(ipvs: Ipvs, sim: Simulation, master: SyncMaster, sender: SyncSender): void {
  const records = sender.records;
  sender.records = [];
  if (sender.queue.length >= ipvs.sysctls.sync_qlen_max) return;
  if (sender.queue.length === 0) startSyncWake(ipvs, sim);
  const version = ipvs.sysctls.sync_version === 0 ? 0 : 1;
  sender.queue.push(encodeSync({ version, syncId: master.daemon.syncId, records }));
  if (++sender.delay === WAKEUP_RATE) wakeSyncNow(ipvs, sim);
}

/**
 * The sender's look, once a second and when it is woken: full datagrams go, and a buffer whose first
 * record has
 * waited for two seconds.
 */
export function sendSync(ipvs: Ipvs, sim: Simulation, regular: boolean): void {
  const master = ipvs.syncMaster;
  if (master === undefined) {
    if (regular) ipvs.syncTicking = false;
    return;
  }
  const now = jiffies(ipvs, sim);
  for (const [thread, sender] of master.senders.entries()) {
    if (sender.records.length > 0 && now - sender.firstUse >= FLUSH_SECONDS * HZ) {
      enqueue(ipvs, sim, master, sender);
    }
    for (const bytes of sender.queue.splice(0)) {
      ipvs.syncOut.push({ interface: master.daemon.interface, port: master.daemon.port + thread, bytes });
    }
    sender.delay = 0;
  }
  if (!regular) return;
  ipvs.syncTicking = false;
  startSync(ipvs, sim);
}
