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
