import type { CountedStats, Stats } from './service.ts';

export function zeroCounters(): Stats {
  return { conns: 0, inPackets: 0, outPackets: 0, inBytes: 0, outBytes: 0 };
}

export function createStats(): CountedStats {
  return { live: zeroCounters(), folded: zeroCounters(), zeroed: zeroCounters(), rates: zeroCounters() };
}

const COUNTERS = ['conns', 'inPackets', 'outPackets', 'inBytes', 'outBytes'] as const;

/** Bytes are kept with fewer fraction bits, so that they fit (net/netfilter/ipvs/ip_vs_est.c). */
const SHIFT: Readonly<Record<keyof Stats, number>> = {
  conns: 512,
  inPackets: 512,
  outPackets: 512,
  inBytes: 16,
  outBytes: 16,
};

/** The 2-second step: the average moves a quarter of the way to what the last 2 s had, rounding down. */
export function foldStats(stats: CountedStats): void {
  const { live, folded, rates } = stats;
  for (const counter of COUNTERS) {
    const increase = live[counter] - folded[counter];
    folded[counter] = live[counter];
    rates[counter] += Math.floor((increase * SHIFT[counter] - rates[counter]) / 4);
  }
}

/** Whether another fold would change nothing. */
export function isSettled({ live, folded, rates }: CountedStats): boolean {
  return COUNTERS.every((counter) => live[counter] === folded[counter] && rates[counter] === 0);
}

/** `-Z`: the displayed counters and the rates start from here. What is not folded yet shows up later. */
export function zeroCountedStats(stats: CountedStats): void {
  for (const counter of COUNTERS) {
    stats.zeroed[counter] = stats.folded[counter];
    stats.rates[counter] = 0;
  }
}

/** What `ipvsadm -L --stats` prints now. */
export function statsOf({ folded, zeroed }: CountedStats): Stats {
  return {
    conns: folded.conns - zeroed.conns,
    inPackets: folded.inPackets - zeroed.inPackets,
    outPackets: folded.outPackets - zeroed.outPackets,
    inBytes: folded.inBytes - zeroed.inBytes,
    outBytes: folded.outBytes - zeroed.outBytes,
  };
}

/** What `ipvsadm -L --rate` prints: connections, packets and bytes (not bits) a second. */
export interface Rates {
  readonly cps: number;
  readonly inpps: number;
  readonly outpps: number;
  readonly inbps: number;
  readonly outbps: number;
}

export function ratesOf({ rates }: CountedStats): Rates {
  return {
    cps: Math.floor((rates.conns + 511) / 1024),
    inpps: Math.floor((rates.inPackets + 511) / 1024),
    outpps: Math.floor((rates.outPackets + 511) / 1024),
    inbps: Math.floor((rates.inBytes + 15) / 32),
    outbps: Math.floor((rates.outBytes + 15) / 32),
  };
}
