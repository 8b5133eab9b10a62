import { nextInt, type Simulation } from '@lvscope/des';
import { PROTO_SCTP, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import { onePacketFlag } from './connection.ts';
import { dropConnection } from './expiry.ts';
import { HZ, jiffies } from './jiffies.ts';
import type { Ipvs } from './state.ts';
import { SCTP_ESTABLISHED, SCTP_INIT, SCTP_INIT1 } from './states/sctp.ts';
import { TCP_ESTABLISHED, TCP_SYN_RECV, TCP_SYNACK, tcpTable } from './states/tcp.ts';
import {
  CONN_TEMPLATE,
  CONTROLS,
  DESTINATION,
  EXPIRES,
  FLAGS,
  IN_PACKETS,
  NEXT,
  ROW,
  STATE,
  TEMPLATE_ASSURED,
  TIMEOUT,
  protocolOf,
} from './table.ts';
import { startDefence } from './ticks.ts';

const OFF = 0;
const AUTOMATIC = 1;
/** Automatic, and memory is short now. */
const ENGAGED = 2;
const ALWAYS = 3;

/** drop_packet: whether this packet, which would be scheduled, is the one in N that is dropped. */
export function todrop(ipvs: Ipvs): boolean {
  const defence = ipvs.defence;
  if (defence.dropRate === 0) return false;
  defence.dropCounter--;
  if (defence.dropCounter > 0) return false;
  defence.dropCounter = defence.dropRate;
  return true;
}

/** What an automatic mode becomes: 1 and 2 alternate with the memory. */
function nextMode(mode: number, short: boolean): number {
  if (mode !== AUTOMATIC && mode !== ENGAGED) return mode;
  return short ? ENGAGED : AUTOMATIC;
}

/**
 * Sets the three strategies by their sysctls and the free memory (update_defense_level): every second while
 * one is on, and at once when a mode is written.
 */
export function updateDefence(ipvs: Ipvs, sim: Simulation): void {
  const { sysctls, defence } = ipvs;
  const limit = sysctls.amemthresh;
  const short = defence.availablePages < limit;
  sysctls.drop_entry = nextMode(sysctls.drop_entry, short);
  defence.dropEntryActive = sysctls.drop_entry >= ENGAGED;
  sysctls.drop_packet = nextMode(sysctls.drop_packet, short);
  if (sysctls.drop_packet === ENGAGED) {
    defence.dropRate = Math.floor(limit / (limit - defence.availablePages));
    defence.dropCounter = defence.dropRate;
  } else {
    defence.dropRate = sysctls.drop_packet === ALWAYS ? sysctls.am_droprate : 0;
  }
  sysctls.secure_tcp = nextMode(sysctls.secure_tcp, short);
  const secure = sysctls.secure_tcp >= ENGAGED;
  if (secure !== defence.secureTcp) {
    defence.secureTcp = secure;
    ipvs.tcp.table = tcpTable(ipvs.kernel, secure);
  }
  if (isDefending(ipvs)) startDefence(ipvs, sim);
}

function isDefending(ipvs: Ipvs): boolean {
  const { drop_entry, drop_packet, secure_tcp } = ipvs.sysctls;
  return drop_entry !== OFF || drop_packet !== OFF || secure_tcp !== OFF;
}

/** The second's work (defense_work_handler). */
export function defenceSecond(ipvs: Ipvs, sim: Simulation): void {
  ipvs.defence.ticking = false;
  updateDefence(ipvs, sim);
  if (ipvs.defence.dropEntryActive) dropEntries(ipvs, sim);
}

const FRACTION = 32;
const SPARED_SECONDS = 60;
const MOST_PACKETS = 8;

/**
 * Of entries idle for 60 s with 1 to 8 packets from the client, every n-th of those with n (todrop_entry).
 */
function isStale(ipvs: Ipvs, sim: Simulation, row: number): boolean {
  const t = ipvs.table;
  const now = jiffies(ipvs, sim);
  const lastPacket = t.rows[row * ROW + EXPIRES]! - t.rows[row * ROW + TIMEOUT]! * HZ;
  if (((now - lastPacket) | 0) < SPARED_SECONDS * HZ) return false;
  const packets = t.rows[row * ROW + IN_PACKETS]!;
  if (packets < 1 || packets > MOST_PACKETS) return false;
  const spared = ipvs.defence.spared;
  spared[packets]!--;
  if (spared[packets]! > 0) return false;
  spared[packets] = packets;
  return true;
}

/** A template of one-packet connections: nothing but its packets keeps it. */
function isOnePacketTemplate(ipvs: Ipvs, row: number): boolean {
  const destination = ipvs.destinationsById[ipvs.table.rows[row * ROW + DESTINATION]!];
  if (destination === undefined) return false;
  const service = ipvs.servicesById[destination.serviceId]!;
  return onePacketFlag(service.onePacket, PROTO_UDP) !== 0;
}

function isVictim(ipvs: Ipvs, sim: Simulation, row: number): boolean {
  const t = ipvs.table;
  if (t.rows[row * ROW + CONTROLS]! > 0) return false;
  const state = t.rows[row * ROW + STATE]!;
  if ((t.rows[row * ROW + FLAGS]! & CONN_TEMPLATE) !== 0) {
    if (isOnePacketTemplate(ipvs, row)) return isStale(ipvs, sim, row);
    return state !== TEMPLATE_ASSURED;
  }
  const protocol = protocolOf(t, row);
  if (protocol === PROTO_TCP) {
    if (state === TCP_SYN_RECV || state === TCP_SYNACK) return true;
    return state === TCP_ESTABLISHED && isStale(ipvs, sim, row);
  }
  if (protocol === PROTO_SCTP) {
    if (state === SCTP_INIT1 || state === SCTP_INIT) return true;
    return state === SCTP_ESTABLISHED && isStale(ipvs, sim, row);
  }
  return isStale(ipvs, sim, row);
}

/**
 * drop_entry: visits as many random buckets as a 32nd of the kernel's table and drops what is half open,
 * stale or unused (ip_vs_random_dropentry). A kernel bucket is here the rows whose hash ends in the same
 * conn_tab_bits bits.
 */
function dropEntries(ipvs: Ipvs, sim: Simulation): void {
  const { table, dropRandom } = ipvs;
  const size = 2 ** ipvs.tableBits;
  for (let visit = size / FRACTION; visit > 0; visit--) {
    const first = nextInt(dropRandom, size);
    for (let bucket = first; bucket < table.buckets.length; bucket += size) {
      dropVictims(ipvs, sim, bucket);
    }
  }
}

function dropVictims(ipvs: Ipvs, sim: Simulation, bucket: number): void {
  const { buckets, rows } = ipvs.table;
  let row = buckets[bucket]!;
  while (row >= 0) {
    if (!isVictim(ipvs, sim, row)) {
      row = rows[row * ROW + NEXT]!;
      continue;
    }
    dropConnection(ipvs, sim, row);
    row = buckets[bucket]!; // its controller may have gone from the same bucket too
  }
}
