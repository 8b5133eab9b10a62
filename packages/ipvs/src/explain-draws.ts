import { candidate, type Finding, nobodyUsable, skipped } from './explain-candidates.ts';
import type { DecisionState } from './explain-types.ts';
import { overhead } from './schedulers/overhead.ts';
import { drawn, usableWeight } from './schedulers/twos.ts';
import type { Destination } from './service.ts';

type TwosInput = Extract<DecisionState, { scheduler: 'twos' }>;

/** twos: the two servers that were drawn, and their products. */
export function explainTwos(destinations: readonly Destination[], state: TwosInput): Finding {
  const { draw1, draw2 } = state;
  const total = usableWeight(destinations);
  const first = total === 0 ? undefined : drawn(destinations, draw1);
  const second = total === 0 ? undefined : drawn(destinations, draw2);
  const both = first !== undefined && second !== undefined;
  const left = both ? Math.imul(second.weight, overhead(first)) : 0;
  const right = both ? Math.imul(first.weight, overhead(second)) : 0;
  const chosen = both ? (left > right ? second.id : first.id) : undefined;
  return {
    chosen,
    reason: { kind: 'draws', total, draw1, draw2, first: first?.id, second: second?.id, left, right },
    nobody: chosen === undefined ? nobodyUsable(destinations) : undefined,
    candidates: destinations.map((one) => {
      const facts = { cost: overhead(one) };
      if (one.id === chosen) return candidate(one.id, 'chosen', facts);
      if (one.id === first?.id || one.id === second?.id) return candidate(one.id, 'lost', facts);
      return candidate(one.id, skipped(one) ?? 'not-asked', facts);
    }),
  };
}
