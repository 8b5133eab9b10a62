import type { OutageView } from '@lvscope/cluster';
import type { Plot } from '../timeline/plot.ts';
import type { Trouble } from './troubles.ts';

/** An outage that is told of in words, and where the words begin. */
export interface NamedOutage {
  readonly outage: OutageView;
  /** Pixels. */
  readonly x: number;
}

/** What the words take, pixels. */
const NAME_WIDTH = 66;
const GAP = 4;
/** Nothing shorter is spoken of, ns. */
const SHORTEST_NS = 0.5e9;
/** Nothing shorter where no request failed, ns: answers may be rare. */
const LONG_NS = 2e9;

/**
 * The outages with room for their length beside their strip, so that words lie neither on strips nor on each
 * other: of neighbours the longest has its words.
 */
export function namesWithRoom(
  outages: readonly OutageView[],
  troubles: readonly Trouble[],
  plot: Pick<Plot, 'x' | 'right'>,
): NamedOutage[] {
  const strips = [
    ...troubles.map(({ from, to }) => [plot.x(from), plot.x(to)] as const),
    ...outages.map(({ fromNs, toNs }) => [plot.x(fromNs / 1e9), plot.x(toNs / 1e9)] as const),
  ];
  const named: NamedOutage[] = [];
  const telling = outages.filter(
    (one) => one.toNs - one.fromNs >= (one.failedRequests > 0 ? SHORTEST_NS : LONG_NS),
  );
  for (const outage of telling.toSorted((a, b) => b.toNs - b.fromNs - (a.toNs - a.fromNs))) {
    const [from, to] = [plot.x(outage.fromNs / 1e9), plot.x(outage.toNs / 1e9)];
    const own = strips.filter(([left, right]) => left <= to && right >= from);
    const end = Math.max(...own.map(([, right]) => right));
    const x = Math.min(end + GAP, plot.right - NAME_WIDTH);
    const others = strips.filter((strip) => !own.includes(strip));
    const taken = [...others, ...named.map((one) => [one.x, one.x + NAME_WIDTH] as const)];
    if (taken.every(([left, right]) => right + GAP <= x || left >= x + NAME_WIDTH)) named.push({ outage, x });
  }
  return named;
}
