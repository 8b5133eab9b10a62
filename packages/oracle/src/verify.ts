import { uncoveredReason } from './coverage.ts';
import { agrees, type Fact, type FactKind, factsOf } from './facts.ts';
import { replay } from './replay/replay.ts';
import { groupOf, type Observation, type Trace } from './trace.ts';

/** A place where the simulator said something else than the kernel. */
export interface Divergence {
  readonly step: number;
  readonly seconds: number;
  readonly op: string;
  readonly kind: FactKind;
  readonly place: string;
  readonly recorded: string;
  /** 'nothing' where the simulated answer has no such fact. */
  readonly simulated: string;
}

export interface TraceReport {
  readonly name: string;
  readonly group: string;
  readonly agree: number;
  readonly differ: number;
  readonly uncovered: number;
  /** Facts not compared, by kind, with the reason. */
  readonly uncoveredByKind: ReadonlyMap<FactKind, { readonly count: number; readonly reason: string }>;
  /** The first of them, in the order of the recording. */
  readonly divergences: readonly Divergence[];
}

const MAX_DIVERGENCES = 20;

/** Phases of the 2-second counter timer that are tried: the recordings do not tell it. */
const PHASES_MS = [0, 250, 500, 750, 1000, 1250, 1500, 1750] as const;

/**
 * Replays a trace in closed loop and compares every fact in it. Where it holds printed counters, the phase
 * of the kernel's 2-second timer is inferred: one phase for the whole trace, the one that agrees most.
 */
export function verifyTrace(trace: Trace): TraceReport {
  const recorded = trace.observations.map(factsOf);
  const group = groupOf(trace.name);
  const compared = recorded.flat().some((fact) => uncoveredReason(group, fact.kind) === undefined);
  if (!compared) return judge(trace, recorded, []);
  const needsPhase = recorded.flat().some((fact) => fact.kind === 'stats-text');
  let best: TraceReport | undefined;
  for (const phaseMs of needsPhase ? PHASES_MS : PHASES_MS.slice(0, 1)) {
    const report = judge(trace, recorded, replay(trace, phaseMs));
    if (!best || report.agree > best.agree) best = report;
    if (best.differ === 0) break;
  }
  return best ?? judge(trace, recorded, []);
}

function judge(
  trace: Trace,
  recorded: readonly (readonly Fact[])[],
  simulated: readonly Observation[],
): TraceReport {
  const group = groupOf(trace.name);
  const divergences: Divergence[] = [];
  const uncoveredByKind = new Map<FactKind, { count: number; reason: string }>();
  let agree = 0;
  let differ = 0;
  let uncovered = 0;
  for (const [i, facts] of recorded.entries()) {
    const observation = trace.observations[i];
    const answer = simulated[i];
    const mine = new Map((answer ? factsOf(answer) : []).map((fact) => [`${fact.kind} ${fact.place}`, fact]));
    for (const fact of facts) {
      const reason = uncoveredReason(group, fact.kind);
      if (reason !== undefined) {
        uncovered++;
        const { count } = uncoveredByKind.get(fact.kind) ?? { count: 0 };
        uncoveredByKind.set(fact.kind, { count: count + 1, reason });
        continue;
      }
      const other = mine.get(`${fact.kind} ${fact.place}`);
      if (other && agrees(fact.kind, fact.value, other.value)) {
        agree++;
        continue;
      }
      differ++;
      if (divergences.length < MAX_DIVERGENCES && observation) {
        divergences.push({
          step: observation.step,
          seconds: observation.t,
          op: observation.op,
          kind: fact.kind,
          place: fact.place,
          recorded: String(fact.value),
          simulated: other ? String(other.value) : 'nothing',
        });
      }
    }
  }
  return { name: trace.name, group, agree, differ, uncovered, uncoveredByKind, divergences };
}
