import { candidate, type Finding, nobodyUsable, skipped } from './explain-candidates.ts';
import type { Candidate, DecisionState, CandidateVerdict } from './explain-types.ts';
import type { KernelProfile } from './kernel-profile.ts';
import type { Destination } from './service.ts';

type RrInput = Extract<DecisionState, { scheduler: 'rr' }>;
type WrrInput = Extract<DecisionState, { scheduler: 'wrr' }>;

/** rr: looks at the servers after the last chosen one until one is usable. */
export function explainRr(destinations: readonly Destination[], state: RrInput): Finding {
  const start = destinations.findIndex((one) => one.id === state.last);
  const verdicts = new Map<number, CandidateVerdict>();
  let chosen: number | undefined;
  for (let step = 1; step <= destinations.length && chosen === undefined; step++) {
    const one = destinations[(start + step) % destinations.length]!;
    const skip = skipped(one);
    verdicts.set(one.id, skip ?? 'chosen');
    if (skip === undefined) chosen = one.id;
  }
  return {
    chosen,
    reason: { kind: 'turn', after: start === -1 ? -1 : state.last },
    nobody: chosen === undefined ? nobodyUsable(destinations) : undefined,
    candidates: destinations.map(({ id }) => candidate(id, verdicts.get(id) ?? 'not-reached')),
  };
}

/** The next current weight when the search leaves the end of the list. */
function lowered(cw: number, state: WrrInput): number {
  return cw - state.di <= 0 ? state.mw : cw - state.di;
}

/** wrr: passes over the list with falling current weight until a server's weight reaches it. */
export function explainWrr(
  destinations: readonly Destination[],
  state: WrrInput,
  kernel: KernelProfile,
): Finding {
  const start = destinations.findIndex((one) => one.id === state.cl);
  const lookedAt = new Map<number, number>();
  // Before 3.10 the weight falls when the pointer leaves the head, also on the very first look.
  let cw = start === -1 && !kernel.wrrKeepsCurrentWeight ? lowered(state.cw, state) : state.cw;
  let passes = 0;
  let chosen: number | undefined;
  let gaveUp = false;
  const usable = destinations.some((one) => skipped(one) === undefined);
  for (let index = start + 1; usable && chosen === undefined && !gaveUp; index++) {
    if (index >= destinations.length) {
      index = 0;
      passes++;
      cw = lowered(cw, state);
    }
    const one = destinations[index]!;
    lookedAt.set(one.id, cw);
    if (skipped(one) === undefined && one.weight >= cw) chosen = one.id;
    // Before 3.10 the search ends where it began, once the weight is at its lowest, whoever comes after.
    else gaveUp = !kernel.wrrKeepsCurrentWeight && index === start && cw === state.di;
  }
  const candidates = destinations.map((one): Candidate => {
    const currentWeight = lookedAt.get(one.id);
    const facts = { currentWeight };
    if (one.id === chosen) return candidate(one.id, 'chosen', facts);
    if (usable && currentWeight === undefined) return candidate(one.id, 'not-reached', facts);
    return candidate(one.id, skipped(one) ?? 'skipped-below-current-weight', facts);
  });
  const { cw: cwBefore, mw, di } = state;
  return {
    chosen,
    reason: { kind: 'weighted-turn', after: start === -1 ? -1 : state.cl, cwBefore, cw, mw, di, passes },
    nobody: chosen !== undefined ? undefined : gaveUp ? 'gave-up' : nobodyUsable(destinations),
    candidates,
  };
}
