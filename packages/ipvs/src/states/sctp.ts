import type { ProtocolTables } from '../state.ts';

export const SCTP_NONE = 0;
export const SCTP_INIT1 = 1;
export const SCTP_INIT = 2;
export const SCTP_ESTABLISHED = 8;
export const SCTP_SHUTDOWN_SENT = 9;
export const SCTP_SHUTDOWN_RECEIVED = 10;
export const SCTP_SHUTDOWN_ACK_SENT = 11;
export const SCTP_CLOSED = 13;

/** The words of `ipvsadm -Lc`, by state. */
export const SCTP_STATE_NAMES: readonly string[] = [
  'NONE',
  'INIT1',
  'INIT',
  'C-SENT',
  'C-REPLIED',
  'C-WAIT',
  'COOKIE',
  'C-ECHOED',
  'ESTABLISHED',
  'S-SENT',
  'S-RECEIVED',
  'S-ACK-SENT',
  'REJECTED',
  'CLOSED',
];

/** Seconds by state (net/netfilter/ipvs/ip_vs_proto_sctp.c). */
export const SCTP_TIMEOUTS: readonly number[] = [2, 4, 61, 61, 61, 61, 61, 61, 900, 61, 61, 61, 4, 61];

/** Chunk types (RFC 9260, section 3.2). */
export const CHUNK_INIT = 1;
export const CHUNK_ABORT = 6;

/**
 * Events, the rows within a direction: data, init, init-ack, cookie-echo, cookie-ack, shutdown (3), error,
 * abort.
 */
const EVENTS = 10;
const STATES = 14;

/** The event of each chunk type: DATA, SACK, HEARTBEATs, ECNE and CWR are data. */
const EVENT_BY_CHUNK: readonly number[] = [0, 1, 2, 0, 0, 0, 9, 5, 6, 8, 3, 4, 0, 0, 7];

/** Directions in, out, input-only; ten events each; columns in the order of the states. */
const TABLE = `
  ES I1 IN CS CR CW CO CE ES SS SR SA RJ CL
  I1 IN IN CS CR CW CO CE ES SS SR SA IN IN
  CW CW CW CS CR CO CO CE ES SS SR SA RJ CL
  CR IN IN CR CR CW CO CE ES SS SR SA RJ CL
  ES I1 IN CS CR CW CO ES ES SS SR SA RJ CL
  SR I1 IN CS CR CW CO CE SR SS SR SA RJ CL
  CL IN IN CS CR CW CO CE ES CL SR CL RJ CL
  CL CL CL CS CR CW CO CE ES SS SR CL RJ CL
  CL I1 IN CS CR CW CO CL ES SS SR SA RJ CL
  CL CL CL CL CL RJ CL CL CL CL CL CL CL CL
  ES I1 IN CS CR CW CO CE ES SS SR SA RJ CL
  CW CW CW CW CW CW CW CW ES CW CW CW CW CW
  CS CS CS CS CR CW CO CE ES SS SR SA RJ CL
  CE CE CE CE CE CE CE CE ES SS SR SA RJ CL
  ES ES ES ES ES ES ES ES ES SS SR SA RJ CL
  SS SS SS SS SS SS SS SS SS SS SR SA RJ CL
  SA SA SA SA SA CW CO CE ES SA SA SA RJ CL
  CL I1 IN CS CR CW CO CE ES SS SR SA RJ CL
  CL CL CL CL CL CW CO CE ES SS SR SA RJ CL
  CL RJ CL CL CL CL CL CL CL CL CL CL CL CL
  ES I1 IN CS CR ES CO CE ES SS SR SA RJ CL
  I1 IN IN IN IN IN CO CE ES SS SR SA IN IN
  CE CE CE CE CE CE CO CE ES SS SR SA RJ CL
  ES ES ES ES ES ES CO CE ES SS SR SA RJ CL
  ES I1 IN ES ES CW ES ES ES SS SR SA RJ CL
  SR I1 IN CS CR CW CO CE SR SS SR SA RJ CL
  CL IN IN CS CR CW CO CE CL CL SR CL RJ CL
  CL CL CL CL CL CW CO CE ES SS CL CL RJ CL
  CL I1 IN CS CR CW CO CE ES SS SR SA RJ CL
  CL CL CL CL CL RJ CL CL CL CL CL CL CL CL`;

const SHORT = ['NO', 'I1', 'IN', 'CS', 'CR', 'CW', 'CO', 'CE', 'ES', 'SS', 'SR', 'SA', 'RJ', 'CL'];

/** Where the next states of this direction (0 in, 1 out, 2 input-only) and chunk begin in the table. */
export function sctpRow(direction: number, chunk: number): number {
  return (direction * EVENTS + (EVENT_BY_CHUNK[chunk] ?? 0)) * STATES;
}

export function createSctpTables(): ProtocolTables {
  const active = new Uint8Array(STATES);
  active[SCTP_ESTABLISHED] = 1;
  const words = TABLE.trim().split(/\s+/);
  return {
    table: Uint8Array.from(words, (word) => SHORT.indexOf(word)),
    timeouts: Int32Array.from(SCTP_TIMEOUTS),
    active,
  };
}
