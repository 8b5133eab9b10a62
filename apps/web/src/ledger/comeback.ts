import type { ServiceView, ServerView } from '@lvscope/cluster';
import { rowAt, type SeriesRows } from '../state/series.ts';

/** Farther ahead nothing is said. Seconds. */
const HORIZON_SECONDS = 600;
/** Over this long the present rate of new connections is measured. Seconds. */
const RATE_SECONDS = 10;

/**
 * When a server that is held back by inactive connections will have no more of them by weight than the least
 * loaded of the others: each inactive connection leaves `timeoutSeconds` after it came,
 * and the others go on getting what they get now.
 * @returns seconds from the last sample on; undefined where the samples do not tell
 */
export function comebackSeconds(
  rows: SeriesRows,
  service: ServiceView,
  held: ServerView,
  timeoutSeconds: number,
): number | undefined {
  const others = service.servers.filter((one) => one.weight > 0 && one.destinationId !== held.destinationId);
  const now = rows.time.at(-1);
  if (now === undefined || others.length === 0) return undefined;
  const expected = (server: ServerView, ahead: number): number => {
    // while it is held back it gets nothing
    const rate =
      server === held
        ? 0
        : (connsAt(rows, server, now) - connsAt(rows, server, now - RATE_SECONDS)) / RATE_SECONDS;
    const came = connsAt(rows, server, now) + rate * ahead;
    const leftAt = now + ahead - timeoutSeconds;
    const left =
      leftAt <= now ? connsAt(rows, server, leftAt) : connsAt(rows, server, now) + rate * (leftAt - now);
    return Math.max(0, came - left) / server.weight;
  };
  for (let ahead = 1; ahead <= HORIZON_SECONDS; ahead++) {
    const least = Math.min(...others.map((server) => expected(server, ahead)));
    if (expected(held, ahead) <= least) return ahead;
  }
  return undefined;
}

/** Shares of the new connections of the last seconds by destination id; empty where there were none. */
export function recentShares(rows: SeriesRows, service: ServiceView): ReadonlyMap<number, number> {
  const now = rows.time.at(-1);
  if (now === undefined) return new Map();
  const counts = service.servers.map((server) => {
    const count = connsAt(rows, server, now) - connsAt(rows, server, now - RATE_SECONDS);
    return [server.destinationId, count] as const;
  });
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  return total <= 0 ? new Map() : new Map(counts.map(([id, count]) => [id, count / total]));
}

/** Connections scheduled to a server up to a time in seconds; between samples in proportion. */
function connsAt(rows: SeriesRows, server: ServerView, seconds: number): number {
  const values = rows.columns.get(`${server.seriesKeys[0] ?? ''}:conns`);
  const row = rowAt(rows, seconds);
  if (values === undefined || row < 0) return 0;
  const value = values[row] ?? 0;
  const next = values[row + 1];
  const from = rows.time[row] ?? 0;
  const to = rows.time[row + 1];
  if (next === undefined || to === undefined || to <= from) return Number.isNaN(value) ? 0 : value;
  const between = value + ((next - value) * (seconds - from)) / (to - from);
  return Number.isNaN(between) ? 0 : between;
}
