import { candidate, type Finding, nobodyUsable } from './explain-candidates.ts';
import { contest } from './explain-compare.ts';
import type { CacheOutcome, Candidate, Reason } from './explain-types.ts';
import { isOverCapacity, someHalfIdle } from './schedulers/overhead.ts';
import { byId } from './schedulers/usable.ts';
import type { Destination } from './service.ts';

type CacheReason = Extract<Reason, { kind: 'cache' }>;
type CacheFacts = Pick<CacheReason, 'cached' | 'member' | 'outcome'>;

/** lblc: the address's own server, else wlc's rule. */
export function explainLblc(destinations: readonly Destination[], cached: number | undefined): Finding {
  if (cached === undefined) {
    return pickedAnew(destinations, { cached: [], member: undefined, outcome: 'no-entry' });
  }
  const server = byId(destinations, cached);
  const outcome = lblcOutcome(server, destinations);
  const facts: CacheFacts = { cached: [cached], member: cached, outcome };
  if (outcome !== 'kept') return pickedAnew(destinations, facts);
  const candidates = destinations.map(({ id }) => candidate(id, id === cached ? 'chosen' : 'not-asked'));
  return kept(facts, cached, candidates);
}

function lblcOutcome(server: Destination | undefined, all: readonly Destination[]): CacheOutcome {
  if (server === undefined) return 'gone';
  if (server.weight <= 0) return 'weight-0';
  return isOverCapacity(server, all) ? 'over-capacity' : 'kept';
}

/** lblcr: the least loaded of the address's set, else wlc's rule. */
export function explainLblcr(
  destinations: readonly Destination[],
  set: readonly number[] | undefined,
): Finding {
  if (set === undefined) {
    return pickedAnew(destinations, { cached: [], member: undefined, outcome: 'no-entry' });
  }
  const present = set.map((id) => byId(destinations, id)).filter((one) => one !== undefined);
  const within = contest(present, 'overhead-per-weight', false);
  const least = within.winner;
  if (least === undefined) {
    return pickedAnew(destinations, { cached: set, member: undefined, outcome: 'none-usable' });
  }
  const facts = { cached: set, member: least.id };
  if (isOverCapacity(least, destinations)) {
    return pickedAnew(destinations, { ...facts, outcome: 'over-capacity' });
  }
  const candidates = destinations.map(
    ({ id }) => within.candidates.find((one) => one.id === id) ?? candidate(id, 'not-asked'),
  );
  return kept({ ...facts, outcome: 'kept' }, least.id, candidates);
}

function kept(facts: CacheFacts, chosen: number, candidates: readonly Candidate[]): Finding {
  const reason: CacheReason = { kind: 'cache', ...facts, halfIdle: undefined, tied: [] };
  return { chosen, reason, nobody: undefined, candidates };
}

function pickedAnew(destinations: readonly Destination[], facts: CacheFacts): Finding {
  const { winner, tied, candidates } = contest(destinations, 'overhead-per-weight', false);
  const halfIdle = facts.outcome === 'over-capacity' ? someHalfIdle(destinations)?.id : undefined;
  return {
    chosen: winner?.id,
    reason: { kind: 'cache', ...facts, halfIdle, tied },
    nobody: winner === undefined ? nobodyUsable(destinations) : undefined,
    candidates,
  };
}
