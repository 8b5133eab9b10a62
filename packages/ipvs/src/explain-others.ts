import { contextOf, serviceOf } from './explain-service.ts';
import type { Alternative, DecisionInput } from './explain-types.ts';
import { SCHEDULERS } from './schedulers/index.ts';
import { drawn, lessLoaded, usableWeight } from './schedulers/twos.ts';
import { isUsable } from './schedulers/usable.ts';
import type { Service } from './service.ts';

type Chances = NonNullable<Alternative['chances']>;

/** How likely twos takes each server: all pairs of draws, each pair decided by twos itself. */
function twosChances(service: Service): Chances {
  const total = usableWeight(service.destinations);
  const probability = new Map<number, number>();
  const draws: { upTo: number; share: number }[] = [];
  let upTo = 0;
  for (const one of service.destinations) {
    if (!isUsable(one)) continue;
    upTo += one.weight;
    // The first server owns the draw 0 besides as many draws as it has weight.
    draws.push({ upTo, share: (one.weight + (draws.length === 0 ? 1 : 0)) / (total + 1) });
  }
  for (const first of draws) {
    for (const second of draws) {
      const one = drawn(service.destinations, first.upTo);
      const other = drawn(service.destinations, second.upTo);
      if (one === undefined || other === undefined) continue;
      const { id } = lessLoaded(one, other);
      probability.set(id, (probability.get(id) ?? 0) + first.share * second.share);
    }
  }
  return service.destinations.map(({ id }) => ({ id, probability: probability.get(id) ?? 0 }));
}

function likeliest(chances: Chances): number | undefined {
  let best: Chances[number] | undefined;
  for (const one of chances) {
    if (one.probability > (best?.probability ?? 0)) best = one;
  }
  return best?.id;
}

/**
 * What every other scheduler of the kernel would have chosen for the same request, list and counters, had it
 * been bound to the service at that moment. The real schedulers are run, over a copy.
 */
export function wouldHaveChosen(input: DecisionInput): Alternative[] {
  const context = contextOf(input);
  const alternatives: Alternative[] = [];
  for (const scheduler of Object.values(SCHEDULERS)) {
    const { name } = scheduler;
    if (name === input.scheduler || !context.kernel.schedulers.includes(name)) continue;
    const service = serviceOf(input, name, 0);
    if (name === 'twos') {
      const chances = twosChances(service);
      alternatives.push({ scheduler: name, freshState: true, id: likeliest(chances), chances });
    } else {
      const id = scheduler.schedule(service, input.request, context)?.id;
      alternatives.push({ scheduler: name, freshState: true, id, chances: undefined });
    }
  }
  return alternatives;
}
