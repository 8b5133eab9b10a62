import { TICK_NS } from '@lvscope/des';
import type { Host, NetWorld } from './state.ts';

/** net.ipv4.icmp_ratelimit: one error a second to the same host in the long run … */
const PERIOD_TICKS = 250;
/** … and six in a row after a rest (XRLIM_BURST_FACTOR, net/ipv4/inetpeer.c). */
const BURST = 6;
/** net.ipv4.icmp_msgs_per_sec and icmp_msgs_burst, over all destinations. */
const PER_SECOND = 1000;
const GLOBAL_BURST = 50;
/** What is left is topped up when at least so much time has passed: HZ / 50. */
const TOP_UP_TICKS = 5;

/** Token buckets of a host's ICMP errors; times in ticks. */
export interface IcmpRate {
  credit: number;
  stamp: number;
  readonly peers: Map<number, { tokens: number; last: number }>;
}

export const createIcmpRate = (): IcmpRate => ({ credit: 0, stamp: -PERIOD_TICKS, peers: new Map() });

/**
 * Whether the host may send another ICMP error to this address (icmp_global_allow, inet_peer_xrlim_allow).
 * The kernel takes one credit of the global bucket on average, drawn at random; here it is always one.
 */
export function icmpAllowed(world: NetWorld, host: Host, to: number): boolean {
  const rate = host.icmpRate;
  const now = Math.floor(world.sim.now / TICK_NS);
  return takeGlobal(rate, now) && takePeer(rate, now, to);
}

function takeGlobal(rate: IcmpRate, now: number): boolean {
  const passed = Math.min(now - rate.stamp, PERIOD_TICKS);
  if (passed >= TOP_UP_TICKS) {
    rate.credit = Math.min(GLOBAL_BURST, rate.credit + Math.floor((PER_SECOND * passed) / PERIOD_TICKS));
    rate.stamp = now;
  }
  if (rate.credit <= 0) return false;
  rate.credit--;
  return true;
}

function takePeer(rate: IcmpRate, now: number, to: number): boolean {
  let peer = rate.peers.get(to);
  if (peer === undefined) {
    peer = { tokens: BURST * PERIOD_TICKS, last: now };
    rate.peers.set(to, peer);
  }
  peer.tokens = Math.min(BURST * PERIOD_TICKS, peer.tokens + now - peer.last);
  peer.last = now;
  if (peer.tokens < PERIOD_TICKS) return false;
  peer.tokens -= PERIOD_TICKS;
  return true;
}
