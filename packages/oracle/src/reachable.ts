import { number, records, text, type Trace } from './trace.ts';

const DEFAULT_BASE_SECONDS = 30;
const TRAFFIC: readonly string[] = ['open', 'udp', 'raw', 'probe'];

/**
 * What the router's kernel drew, where a recording shows it: how long its entry stayed REACHABLE, from
 * the answer
 * that made it so to the middle of the interval in which it was first seen to be something else.
 * @returns the share of the range from half the base time to one and a half of it, by host
 */
export function recordedReachable(trace: Trace): Readonly<Record<string, number>> {
  let since: number | undefined;
  let before = 0;
  for (const observation of trace.observations) {
    // the first packet through the router makes the entry
    if (TRAFFIC.includes(observation.op)) since ??= observation.t;
    if (observation.op !== 'probe') continue;
    for (const probe of records(observation, 'probes')) {
      const at = number(probe, 't') ?? 0;
      const state = text(probe, 'neigh').split(' ').at(-1);
      if ((state === 'STALE' || state === 'DELAY') && since !== undefined) {
        const base = baseSeconds(trace);
        const share = ((before + at) / 2 - since - base / 2) / base;
        return share > 0 && share < 1 ? { router: share } : {};
      }
      before = at;
    }
  }
  return {};
}

function baseSeconds(trace: Trace): number {
  for (const { ns, cmd } of trace.setup) {
    const set = /base_reachable_time_ms=(\d+)/.exec(cmd);
    if (ns === 'router' && set) return Number(set[1]) / 1000;
  }
  return DEFAULT_BASE_SECONDS;
}
