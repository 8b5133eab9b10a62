import { nextFloat } from '@lvscope/des';
import type { NetInterface, Segment } from './state.ts';

/** How likely a packet that an interface sends is lost: by the segment, or by the interface's netem. */
export function lossOf(segment: Segment, nic: NetInterface): number {
  return segment.loss + nic.netemLoss - segment.loss * nic.netemLoss;
}

/**
 * A packet that an interface sends, delayed by the segment's jitter. It never overtakes the one before: what
 * varies on a real line is the wait in queues, and those keep the order.
 *
 * @param at when it would be through without jitter, ns
 */
export function withJitter(segment: Segment, nic: NetInterface, at: number): number {
  if (segment.jitterNs === 0) return at;
  const drawn = at + Math.floor(nextFloat(segment.jitterStream) * segment.jitterNs);
  nic.jitteredUntil = Math.max(drawn, nic.jitteredUntil);
  return nic.jitteredUntil;
}
