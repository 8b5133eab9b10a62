import {
  type ConnectionTable,
  CLIENT,
  CONN_ENGINE_DATA,
  FLAGS,
  PORTS,
  ROW,
  VIRTUAL,
  protocolOf,
} from './table.ts';

/** IP_VS_PEDATA_MAXLEN, bytes. */
const LONGEST = 255;

const CR = 13;
const LF = 10;

const isBlank = (c: number | undefined): boolean => c === 32 || c === 9;
const isLineEnd = (c: number | undefined): boolean => c === CR || c === LF;

/** What a word of SIP consists of (iswordc, net/netfilter/nf_conntrack_sip.c). */
const WORD = /[A-Za-z0-9!"%'()*+\-./:<>?[\\\]_`{}~]/;

function wordLength(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && WORD.test(String.fromCharCode(bytes[at]!))) at++;
  return at - from;
}

/** `word` or `word@word`; 0 where the half behind the @ is missing (callid_len). */
function callIdLength(bytes: Uint8Array, from: number): number {
  const length = wordLength(bytes, from);
  if (bytes[from + length] !== 64) return length;
  const domain = wordLength(bytes, from + length + 1);
  return domain === 0 ? 0 : length + 1 + domain;
}

function startsWith(bytes: Uint8Array, at: number, lowerCase: string): boolean {
  for (let i = 0; i < lowerCase.length; i++) {
    if (String.fromCharCode(bytes[at + i] ?? 0).toLowerCase() !== lowerCase[i]) return false;
  }
  return true;
}

/** Behind the name of the header where a line is `Call-ID` or, in short, `i`; -1 where it is another. */
function behindName(bytes: Uint8Array, line: number): number {
  if (startsWith(bytes, line, 'call-id')) return line + 7;
  if (!startsWith(bytes, line, 'i')) return -1;
  return /[A-Za-z]/.test(String.fromCharCode(bytes[line + 1] ?? 0)) ? -1 : line + 1;
}

/** Over blanks, and over the end of a line that goes on in the next one; -1 where the line ends for good. */
function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isBlank(bytes[at])) at++;
  if (!isLineEnd(bytes[at])) return at;
  if (bytes[at++] === CR && bytes[at] === LF) at++;
  if (!isBlank(bytes[at])) return -1;
  while (isBlank(bytes[at])) at++;
  return at;
}

/** Where the value of the header begins, from the place behind its name; -1 without a colon or a value. */
function valueAt(bytes: Uint8Array, behind: number): number {
  const colon = skipBlanks(bytes, behind);
  if (colon < 0 || bytes[colon] !== 58) return -1;
  return skipBlanks(bytes, colon + 1);
}

/**
 * The Call-ID of a datagram's data as `ip_vs_pe_sip` reads it (ct_sip_get_header and get_callid, Linux 6.1).
 * @returns undefined where it finds none: no such header, longer than 255 bytes, or followed by anything but
 *   the end of the line
 */
export function callIdOf(bytes: Uint8Array): string | undefined {
  let from = 0;
  for (let at = from; at < bytes.length; at++) {
    if (!isLineEnd(bytes[at])) continue;
    at++;
    if (bytes[at - 1] === CR && bytes[at] === LF) at++;
    if (isBlank(bytes[at])) continue;
    const behind = behindName(bytes, at);
    if (behind < 0) continue;
    const value = valueAt(bytes, behind);
    if (value < 0) return undefined;
    const length = callIdLength(bytes, value);
    if (length === 0) {
      // the search goes on where the kernel adds the place of the value to where it had begun
      from += value;
      at = from - 1;
      continue;
    }
    if (length > LONGEST || !isLineEnd(bytes[value + length])) return undefined;
    return String.fromCharCode(...bytes.subarray(value, value + length));
  }
  return undefined;
}

function keyOf(
  protocol: number,
  client: number,
  virtual: number,
  virtualPort: number,
  callId: string,
): string {
  return `${protocol} ${client} ${virtual} ${virtualPort} ${callId}`;
}

function keyOfRow(t: ConnectionTable, row: number, callId: string): string {
  const at = row * ROW;
  return keyOf(protocolOf(t, row), t.rows[at + CLIENT]!, t.rows[at + VIRTUAL]!, t.rows[at + PORTS]!, callId);
}

/**
 * The template of a Call-ID (ip_vs_sip_ct_match), -1 = none. The client's network counts, too: a call from
 * elsewhere is another one. Addresses as int32.
 */
export function findCallTemplate(
  t: ConnectionTable,
  protocol: number,
  client: number,
  virtual: number,
  virtualPort: number,
  callId: string,
): number {
  return t.byCallId.get(keyOf(protocol, client, virtual, virtualPort, callId)) ?? -1;
}

/** A template that is filled is found by its Call-ID from now on (pe_data of ip_vs_conn_new). */
export function attachCallId(t: ConnectionTable, row: number, callId: string): void {
  t.rows[row * ROW + FLAGS] = t.rows[row * ROW + FLAGS]! | CONN_ENGINE_DATA;
  t.callIds.set(row, callId);
  t.byCallId.set(keyOfRow(t, row, callId), row);
}

/** Nothing finds the template any more; it keeps its Call-ID for the lists. */
export function hideCallId(t: ConnectionTable, row: number): void {
  const callId = t.callIds.get(row);
  if (callId === undefined) return;
  const key = keyOfRow(t, row, callId);
  if (t.byCallId.get(key) === row) t.byCallId.delete(key);
}

/** The template is gone. */
export function forgetCallId(t: ConnectionTable, row: number): void {
  hideCallId(t, row);
  t.callIds.delete(row);
}
