import type { KernelProfile } from '../kernel-profile.ts';
import type { ProtocolTables } from '../state.ts';

/** @public one of the kernel's numbers, which all stand here */
export const TCP_NONE = 0;
export const TCP_ESTABLISHED = 1;
export const TCP_SYN_SENT = 2;
export const TCP_SYN_RECV = 3;
export const TCP_FIN_WAIT = 4;
export const TCP_TIME_WAIT = 5;
export const TCP_CLOSE = 6;
/** @public one of the kernel's numbers, which all stand here */
export const TCP_CLOSE_WAIT = 7;
/** @public one of the kernel's numbers, which all stand here */
export const TCP_LAST_ACK = 8;
/** @public one of the kernel's numbers, which all stand here */
export const TCP_LISTEN = 9;
export const TCP_SYNACK = 10;

/** The words of `ipvsadm -Lc`, by state. */
export const TCP_STATE_NAMES: readonly string[] = [
  'NONE',
  'ESTABLISHED',
  'SYN_SENT',
  'SYN_RECV',
  'FIN_WAIT',
  'TIME_WAIT',
  'CLOSE',
  'CLOSE_WAIT',
  'LAST_ACK',
  'LISTEN',
  'SYNACK',
];

/** Seconds by state (net/netfilter/ipvs/ip_vs_proto_tcp.c). `--set` changes ESTABLISHED and FIN_WAIT. */
export const TCP_TIMEOUTS: readonly number[] = [2, 900, 120, 60, 120, 120, 10, 60, 30, 120, 120];

/** Rows of the tables: direction * 4 + event. */
export const DIRECTION_INPUT = 0;
export const DIRECTION_OUTPUT = 4;
export const DIRECTION_INPUT_ONLY = 8;

/** Number of states: the width of a row. */
export const TCP_STATES = 11;

/**
 * Next states, one line a row: in, out, input-only; each SYN, FIN, ACK, RST; columns in the order of the
 * states.
 */
const NORMAL = `
  SR ES ES SR SR SR SR SR SR SR SR
  CL CW SS TW TW TW CL CW LA LI TW
  ES ES SS ES FW TW CL CW CL LI ES
  CL CL CL SR CL CL CL CL LA LI SR
  SS ES SS SR SS SS SS SS SS LI SR
  TW FW SS TW FW TW CL TW LA LI TW
  ES ES SS ES FW TW CL CW LA ES ES
  CL CL SS CL CL TW CL CL CL CL CL
  SR ES ES SR SR SR SR SR SR SR SR
  CL FW SS TW FW TW CL CW LA LI TW
  ES ES SS ES FW TW CL CW CL LI ES
  CL CL CL SR CL CL CL CL LA LI CL`;

/** The rows that secure_tcp replaces, by row. */
const SECURE: Readonly<Record<number, string>> = {
  0: 'SR ES ES SR SR SR SR SR SR SR SA',
  1: 'CL CW SS TW TW TW CL CW LA LI SA',
  2: 'ES ES SS SR FW TW CL CW CL LI SA',
  3: 'CL CL CL SR CL CL CL CL LA LI CL',
  4: 'SS ES SS SA SS SS SS SS SS LI SA',
  8: 'SA ES ES SR SA SA SA SA SA SA SA',
};

const SHORT = ['NO', 'ES', 'SS', 'SR', 'FW', 'TW', 'CL', 'CW', 'LA', 'LI', 'SA'];

function row(text: string): number[] {
  return text
    .trim()
    .split(' ')
    .map((word) => SHORT.indexOf(word));
}

/** The state table in force. Before 3.11 a bare ACK without a state led to CLOSE. */
export function tcpTable(kernel: KernelProfile, secure: boolean): Uint8Array {
  const rows = NORMAL.trim().split('\n').map(row);
  if (secure) for (const [index, text] of Object.entries(SECURE)) rows[Number(index)] = row(text);
  const table = Uint8Array.from(rows.flat());
  if (!kernel.ackFromNoneEstablishes) {
    table[(DIRECTION_INPUT + 2) * TCP_STATES] = TCP_CLOSE;
    table[(DIRECTION_INPUT_ONLY + 2) * TCP_STATES] = TCP_CLOSE;
  }
  return table;
}

export function createTcpTables(kernel: KernelProfile): ProtocolTables {
  const active = new Uint8Array(TCP_STATES);
  active[TCP_ESTABLISHED] = 1;
  if (kernel.halfOpenIsActive) for (const s of [TCP_SYN_SENT, TCP_SYN_RECV, TCP_SYNACK]) active[s] = 1;
  return { table: tcpTable(kernel, false), timeouts: Int32Array.from(TCP_TIMEOUTS), active };
}
