import type { Candidate, Comparison, Nobody, Reason, CandidateVerdict } from './explain-types.ts';
import type { Destination } from './service.ts';

/** What an explainer works out; `explainDecision` adds the rest. */
export interface Finding {
  readonly chosen: number | undefined;
  readonly reason: Reason;
  readonly nobody: Nobody | undefined;
  readonly candidates: readonly Candidate[];
}

interface CandidateFacts {
  readonly cost?: number;
  readonly comparison?: Comparison | undefined;
  readonly currentWeight?: number | undefined;
  readonly buckets?: number;
}

export function candidate(id: number, verdict: CandidateVerdict, facts: CandidateFacts = {}): Candidate {
  return {
    id,
    verdict,
    cost: facts.cost,
    comparison: facts.comparison,
    currentWeight: facts.currentWeight,
    buckets: facts.buckets,
  };
}

/** Why a search passes this server over, undefined where it doesn't. */
export function skipped(destination: Destination): CandidateVerdict | undefined {
  if (destination.weight <= 0) return 'skipped-weight-0';
  if (destination.overloaded) return 'skipped-overloaded';
  if (!destination.available) return 'skipped-unavailable';
  return undefined;
}

/** Why a search of the whole list found nobody usable. */
export function nobodyUsable(destinations: readonly Destination[]): Nobody {
  if (destinations.length === 0) return 'no-servers';
  if (destinations.every((one) => one.weight <= 0)) return 'all-weight-0';
  if (destinations.every((one) => one.weight > 0 && one.overloaded)) return 'all-overloaded';
  return 'none-usable';
}
