import { explainLblc, explainLblcr } from './explain-cache.ts';
import { candidate, type Finding } from './explain-candidates.ts';
import { explainHighest, explainLeast, explainNq } from './explain-compare.ts';
import { explainTwos } from './explain-draws.ts';
import { explainHash } from './explain-hash.ts';
import { contextOf, serviceOf } from './explain-service.ts';
import { explainRr, explainWrr } from './explain-turn.ts';
import type { DecisionInput, Explanation } from './explain-types.ts';
import {
  CAUSE_BYPASS,
  CAUSE_NO_SERVER,
  CAUSE_ONE_PACKET,
  CAUSE_RESCHEDULED,
  CAUSE_SCHEDULED,
} from './packet.ts';

/** Causes of verdicts that the scheduler was asked for. */
const ASKED: readonly number[] = [
  CAUSE_SCHEDULED,
  CAUSE_RESCHEDULED,
  CAUSE_NO_SERVER,
  CAUSE_BYPASS,
  CAUSE_ONE_PACKET,
];

function find(input: DecisionInput): Finding {
  const context = contextOf(input);
  const service = serviceOf(input, input.scheduler, input.schedulerFlags);
  const { destinations } = service;
  const { state } = input;
  switch (state.scheduler) {
    case 'rr':
      return explainRr(destinations, state);
    case 'wrr':
      return explainWrr(destinations, state, context.kernel);
    case 'lc':
      return explainLeast(destinations, 'overhead');
    case 'wlc':
      return explainLeast(destinations, 'overhead-per-weight');
    case 'sed':
      return explainLeast(destinations, 'delay-per-weight');
    case 'nq':
      return explainNq(destinations);
    case 'fo':
      return explainHighest(destinations, false);
    case 'ovf':
      return explainHighest(destinations, true);
    case 'lblc':
      return explainLblc(destinations, state.cached);
    case 'lblcr':
      return explainLblcr(destinations, state.set);
    case 'twos':
      return explainTwos(destinations, state);
    case 'sh':
    case 'dh':
    case 'mh':
      return explainHash(service, input.request, context);
  }
}

/** The scheduler had no say: the cause names the server. */
function notAsked(input: DecisionInput): Finding {
  const { chosen, cause } = input;
  return {
    chosen,
    reason: { kind: 'not-asked', cause },
    nobody: undefined,
    candidates: input.destinations.map(({ id }) => candidate(id, id === chosen ? 'chosen' : 'not-asked')),
  };
}

/**
 * Why a decision fell as it did: the rule, and for every server the integers that were compared. It is worked
 * out from the recorded inputs alone and holds no sentences; those are the reader's.
 */
export function explainDecision(input: DecisionInput): Explanation {
  const finding = ASKED.includes(input.cause) ? find(input) : notAsked(input);
  return { scheduler: input.scheduler, agrees: finding.chosen === input.chosen, ...finding };
}
