import type { ServerView, ServiceView } from '@lvscope/cluster';

/** What there is to say about how new connections are spread: numbers, no sentences. */
export type SkewStory =
  | { readonly kind: 'quiet' }
  | { readonly kind: 'too-few-servers' }
  /** Fewer connections than it takes to tell. */
  | { readonly kind: 'sparse'; readonly count: number; readonly servers: number }
  /** A server of weight 0 gets new connections all the same. */
  | {
      readonly kind: 'despite-zero';
      readonly server: ServerView;
      readonly share: number;
      readonly persistent: boolean;
    }
  /** Persistence holds few clients to few servers. */
  | {
      readonly kind: 'held-by-persistence';
      readonly top: ServerView;
      readonly jain: number;
      readonly sources: number | undefined;
      readonly masked: boolean;
    }
  /** The scheduler counts inactive connections, and this server still has many. */
  | { readonly kind: 'held-back'; readonly server: ServerView; readonly jain: number }
  /** The scheduler hashes or caches by address. */
  | {
      readonly kind: 'by-address';
      readonly top: ServerView;
      readonly jain: number;
      readonly key: 'source' | 'destination';
    }
  /** The scheduler fills one server after another by design. */
  | { readonly kind: 'one-by-one'; readonly top: ServerView; readonly jain: number }
  | { readonly kind: 'uneven'; readonly top: ServerView; readonly jain: number }
  /** The last seconds are even; the window still remembers what was before. */
  | { readonly kind: 'settling'; readonly jain: number }
  | { readonly kind: 'even'; readonly jain: number };

/** Jain's index from which on a spread counts as even. */
export const EVEN_FROM = 0.95;

const COUNTS_INACTIVE: ReadonlySet<string> = new Set(['lc', 'wlc', 'lblc', 'lblcr', 'twos']);
const BY_SOURCE: ReadonlySet<string> = new Set(['sh', 'mh']);
const BY_DESTINATION: ReadonlySet<string> = new Set(['dh', 'lblc', 'lblcr']);
const ONE_BY_ONE: ReadonlySet<string> = new Set(['fo', 'ovf']);

/**
 * Finds the reason for a service's skew in its own numbers.
 * @param recentShare by destination id: share of the new connections of the last seconds
 */
export function skewStory(
  service: ServiceView,
  sources: number | undefined,
  recentShare: ReadonlyMap<number, number> = new Map(),
): SkewStory {
  const despite = despiteZero(service, recentShare);
  if (despite !== undefined) return despite;
  const able = service.servers.filter((server) => server.weight > 0);
  if (able.length < 2) return { kind: 'too-few-servers' };
  const count = able.reduce((sum, server) => sum + server.newConns, 0);
  if (count > 0 && count < 2 * able.length) return { kind: 'sparse', count, servers: able.length };
  const jain = service.skew?.jain;
  const top = able.toSorted((a, b) => b.newConns - a.newConns)[0];
  if (jain === undefined || top === undefined) return { kind: 'quiet' };
  if (service.persistenceSeconds === 0) {
    // the window may still look even when the last seconds do not
    const held = heldBack(service, able, recentShare);
    if (held !== undefined) return { kind: 'held-back', server: held, jain };
  }
  if (jain >= EVEN_FROM) return { kind: 'even', jain };
  if (evenLately(able, recentShare)) return { kind: 'settling', jain };
  if (service.persistenceSeconds > 0) {
    return { kind: 'held-by-persistence', top, jain, sources, masked: service.netmask !== '255.255.255.255' };
  }
  if (BY_SOURCE.has(service.scheduler)) return { kind: 'by-address', top, jain, key: 'source' };
  if (BY_DESTINATION.has(service.scheduler)) return { kind: 'by-address', top, jain, key: 'destination' };
  if (ONE_BY_ONE.has(service.scheduler)) return { kind: 'one-by-one', top, jain };
  return { kind: 'uneven', top, jain };
}

/** From which share of the new connections on a server of weight 0 is worth a word. */
const WORTH_A_WORD = 0.02;

/** The server of weight 0 that gets most: no scheduler chooses it, so something else leads there. */
function despiteZero(service: ServiceView, recentShare: ReadonlyMap<number, number>): SkewStory | undefined {
  const shares = service.servers
    .filter((server) => server.weight === 0)
    // the window remembers what was before the weight was 0
    .map((server) => ({ server, share: recentShare.get(server.destinationId) ?? 0 }));
  const [most] = shares.toSorted((a, b) => b.share - a.share);
  if (most === undefined || most.share < WORTH_A_WORD) return undefined;
  return { kind: 'despite-zero', ...most, persistent: service.persistenceSeconds > 0 };
}

/** Whether every server got about its share in the last seconds. */
function evenLately(able: readonly ServerView[], recentShare: ReadonlyMap<number, number>): boolean {
  if (recentShare.size === 0) return false;
  return able.every((server) => {
    const share = recentShare.get(server.destinationId) ?? 0;
    return Math.abs(share - server.fairShare) < server.fairShare * 0.35;
  });
}

/**
 * The server that gets far less than its share because its inactive connections make its overhead,
 * 256·active + inactive, the largest by weight (net/netfilter/ipvs/ip_vs_wlc.c).
 */
function heldBack(
  service: ServiceView,
  able: readonly ServerView[],
  recentShare: ReadonlyMap<number, number>,
): ServerView | undefined {
  if (!COUNTS_INACTIVE.has(service.scheduler) || BY_DESTINATION.has(service.scheduler)) return undefined;
  const loads = able.map((server) => ({ server, load: overheadByWeight(server, service.scheduler) }));
  const [first, second] = loads.toSorted((a, b) => b.load - a.load);
  if (first === undefined || second === undefined) return undefined;
  const { server } = first;
  const share = recentShare.get(server.destinationId) ?? server.share;
  const byInactive = server.inactConns > 256 * server.activeConns;
  const heaviest = first.load > second.load * 1.05;
  return share < server.fairShare * 0.5 && heaviest && byInactive ? server : undefined;
}

function overheadByWeight(server: ServerView, scheduler: string): number {
  const overhead = server.activeConns * 256 + server.inactConns;
  return scheduler === 'lc' ? overhead : overhead / server.weight;
}
