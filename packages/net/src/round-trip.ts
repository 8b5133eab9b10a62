import type { SocketTable } from './socket-table.ts';
import type { SocketId } from './state.ts';

/**
 * Jacobson's estimate (RFC 6298) in microseconds; the sample in ns. A sample also ends the backing off of the
 * time-out: an acknowledgement alone does not, as it may be of what was sent again (Karn).
 */
export function addRttSample(t: SocketTable, s: SocketId, rttNs: number): void {
  const rtt = Math.max(1, Math.floor(rttNs / 1000));
  t.backoff[s] = 0;
  if (t.srttUs[s] === 0) {
    t.srttUs[s] = rtt;
    t.rttvarUs[s] = rtt >> 1;
    return;
  }
  const error = rtt - t.srttUs[s]!;
  t.srttUs[s] = Math.max(1, t.srttUs[s]! + (error >> 3));
  t.rttvarUs[s] = t.rttvarUs[s]! + ((Math.abs(error) - t.rttvarUs[s]!) >> 2);
}

/**
 * The handshake is over. Where its SYN or SYN-ACK had to be sent more than once again the way is bad, and
 * slow start begins with a single segment (tcp_init_transfer).
 * @param repeats how often it was sent again
 */
export function endHandshake(t: SocketTable, s: SocketId, repeats: number): void {
  t.retries[s] = 0;
  if (repeats > 1) t.cwnd[s] = 1;
}
