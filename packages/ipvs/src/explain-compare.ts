import { candidate, type Finding, nobodyUsable, skipped } from './explain-candidates.ts';
import type { Candidate, Comparison, Reason } from './explain-types.ts';
import { overhead } from './schedulers/overhead.ts';
import type { Destination } from './service.ts';

export type Measure = Extract<Reason, { kind: 'least' }>['measure'] | 'weight';

/** The left and right of "takes the lead where left > right". */
function sides(measure: Measure, one: Destination, leader: Destination): [left: number, right: number] {
  switch (measure) {
    case 'overhead':
      return [overhead(leader), overhead(one)];
    case 'weight':
      return [one.weight, leader.weight];
    default:
      return [cost(measure, leader) * one.weight, cost(measure, one) * leader.weight];
  }
}

function cost(measure: Measure, one: Destination): number {
  return measure === 'delay-per-weight' ? one.activeConns + 1 : overhead(one);
}

/** What comparing one server after the other, in list order, comes to. */
export interface Contest {
  readonly winner: Destination | undefined;
  /** Those that were as good as the winner, but later in the list. */
  readonly tied: readonly number[];
  readonly candidates: Candidate[];
}

/** Compares the servers in list order; `full` (ovf) leaves out who has more connections than weight. */
export function contest(destinations: readonly Destination[], measure: Measure, full: boolean): Contest {
  let leader: Destination | undefined;
  let tied: number[] = [];
  const candidates: Candidate[] = [];
  for (const one of destinations) {
    const facts = measure === 'weight' ? {} : { cost: cost(measure, one) };
    const skip = skipped(one) ?? (full && one.activeConns > one.weight ? 'skipped-full' : undefined);
    if (skip !== undefined) {
      candidates.push(candidate(one.id, skip, facts));
      continue;
    }
    let comparison: Comparison | undefined;
    if (leader !== undefined) {
      const [left, right] = sides(measure, one, leader);
      comparison = { leader: leader.id, left, right, tookLead: left > right };
      if (left === right) tied.push(one.id);
    }
    if (comparison === undefined || comparison.tookLead) {
      leader = one;
      tied = [];
    }
    candidates.push(candidate(one.id, 'lost', { ...facts, comparison }));
  }
  return { winner: leader, tied, candidates: crowned(candidates, leader?.id) };
}

/** The same candidates with the winner called chosen. */
export function crowned(candidates: readonly Candidate[], winner: number | undefined): Candidate[] {
  return candidates.map((one) => (one.id === winner ? { ...one, verdict: 'chosen' } : one));
}

/** lc, wlc, sed. */
export function explainLeast(
  destinations: readonly Destination[],
  measure: Extract<Reason, { kind: 'least' }>['measure'],
): Finding {
  const { winner, tied, candidates } = contest(destinations, measure, false);
  return {
    chosen: winner?.id,
    reason: { kind: 'least', measure, tied },
    nobody: winner === undefined ? nobodyUsable(destinations) : undefined,
    candidates,
  };
}

/** nq: who comes after the idle server is not looked at; without an idle one it is sed. */
export function explainNq(destinations: readonly Destination[]): Finding {
  const idle = destinations.findIndex((one) => skipped(one) === undefined && one.activeConns === 0);
  if (idle === -1) return explainLeast(destinations, 'delay-per-weight');
  const { candidates } = contest(destinations.slice(0, idle), 'delay-per-weight', false);
  const busy = candidates.map(
    (one): Candidate => (one.verdict === 'chosen' ? { ...one, verdict: 'lost' } : one),
  );
  const chosen = destinations[idle]!.id;
  const rest = destinations.slice(idle + 1).map((one) => candidate(one.id, 'not-reached'));
  return {
    chosen,
    reason: { kind: 'idle' },
    nobody: undefined,
    candidates: [...busy, candidate(chosen, 'chosen', { cost: 1 }), ...rest],
  };
}

/** fo and ovf. */
export function explainHighest(destinations: readonly Destination[], overflow: boolean): Finding {
  const { winner, tied, candidates } = contest(destinations, 'weight', overflow);
  const full = candidates.some((one) => one.verdict === 'skipped-full');
  const nobody = full ? 'all-full' : nobodyUsable(destinations);
  return {
    chosen: winner?.id,
    reason: { kind: 'highest-weight', tied },
    nobody: winner === undefined ? nobody : undefined,
    candidates,
  };
}
