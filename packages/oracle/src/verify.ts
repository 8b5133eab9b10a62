import { uncoveredReason } from './coverage.ts';
import { markDrawnVictims } from './drop-entry.ts';
import { agrees, type Fact, type FactKind, factsOf } from './facts.ts';
import { type Phase, replay } from './replay/replay.ts';
import { recordedReachable } from './reachable.ts';
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
  /** Of the machine that was recorded, as `uname -r` names it. */
  readonly kernel: string;
  readonly agree: number;
  readonly differ: number;
  readonly uncovered: number;
  /** Facts not compared, by kind, with the reason. */
  readonly uncoveredByKind: ReadonlyMap<FactKind, { readonly count: number; readonly reason: string }>;
  /** The first of them, in the order of the recording. */
  readonly divergences: readonly Divergence[];
  /** Where the recording machine's clocks stood, as inferred; undefined where nothing was replayed. */
  readonly phase?: Phase;
}

const MAX_DIVERGENCES = 20;

/** How many worlds of other random draws are tried for a recording that looks at neighbour caches. */
const MAX_DRAWS = 64;

/**
 * Replays a trace in closed loop and compares every fact in it. Where the answers differ, the numbers
 * that no trace tells (`Phase`) are searched for those that agree most: one set for the whole trace.
 * @param known where an earlier search ended: looked at first, since a search may take a hundred replays
 */
export function verifyTrace(trace: Trace, known?: Phase): TraceReport {
  const recorded = markDrawnVictims(trace, trace.observations.map(factsOf));
  const group = groupOf(trace.name);
  const compared = recorded.flat().some((fact) => uncoveredReason(group, fact.kind) === undefined);
  if (!compared) return judge(trace, recorded, [], 0);
  const neighbours = recorded.flat().some((fact) => fact.kind === 'neighbour');
  const counters = recorded
    .flat()
    .some((fact) => fact.kind === 'stats-text' || fact.kind === 'unsorted-stats-text');
  if (known) {
    const report = judge(trace, recorded, replay(trace, known), 0);
    if (report.differ === 0) return { ...report, phase: known };
  }
  const first: Phase = { counterMs: 0, clockMs: 0, draw: 1, reachable: recordedReachable(trace) };
  let best = judge(trace, recorded, replay(trace, first), Number.POSITIVE_INFINITY);
  const found = { ...first };
  const attempt = (phase: Phase): void => {
    if (best.differ === 0) return;
    const report = judge(trace, recorded, replay(trace, phase), best.differ);
    if (report.differ >= best.differ) return;
    best = report;
    Object.assign(found, phase);
  };
  const tryCounters = (): void => {
    for (let counterMs = 0; counters && counterMs < 2000; counterMs += 100) attempt({ ...found, counterMs });
  };
  const tryClock = (from: number, count: number, stride: number): void => {
    for (let i = 0; i < count; i++) attempt({ ...found, clockMs: (from + i * stride + 16384) % 16384 });
  };
  const tryDraws = (): void => {
    for (let draw = 1; neighbours && draw <= MAX_DRAWS; draw++) attempt({ ...found, reachable: {}, draw });
  };
  const tryReachable = (): void => {
    if (!neighbours) return;
    const attemptShare = (host: string, share: number): void => {
      attempt({ ...found, reachable: { ...found.reachable, [host]: share } });
    };
    const { router } = first.reachable;
    if (router !== undefined) {
      for (const [host, share] of sharesNear(router)) attemptShare(host, share);
      // a timer of half a minute goes off up to 2 s late, as the clock stands
      for (let clockMs = 0; clockMs < 2048; clockMs += 32) {
        for (const late of [1 / 64, 1 / 32, 1 / 20]) {
          attempt({ ...found, clockMs, reachable: { ...found.reachable, router: router - late } });
        }
      }
    }
    for (const host of Object.keys(trace.topology.rs)) {
      for (let share = 1 / 32; share < 1; share += 1 / 16) attemptShare(host, share);
    }
  };
  tryCounters();
  tryReachable();
  tryDraws();
  // timers of seconds fire at multiples of 256 ms, of a minute or two at 2048 ms, longer ones at 16384 ms
  for (let longest = 0; longest < 16384; longest += 2048) tryClock(longest, 64, 32);
  tryClock(found.clockMs - 128, 64, 4);
  tryClock(found.clockMs, 8, 256);
  tryClock(found.clockMs, 8, 2048);
  tryClock(found.clockMs - 4, 8, 1);
  // a step may end with the very event that a timer brought
  tryClock(found.clockMs - 1, 16, 0.125);
  tryCounters();
  return { ...best, phase: found };
}

/** What was seen of the router leaves some tenths of a second open. */
function sharesNear(share: number): [string, number][] {
  const steps = [1, -1, 2, -2, 3, -3, 4, -4];
  return steps.map((step) => ['router', share + step / 256]);
}

/** Compares answers as they come; stops when more than `limit` facts differ. */
function judge(
  trace: Trace,
  recorded: readonly (readonly Fact[])[],
  answers: Iterable<Observation>,
  limit: number,
): TraceReport {
  const group = groupOf(trace.name);
  const divergences: Divergence[] = [];
  const uncoveredByKind = new Map<FactKind, { count: number; reason: string }>();
  const sum = { agree: 0, differ: 0, uncovered: 0 };
  const simulated: Iterator<Observation, unknown> = answers[Symbol.iterator]();
  for (const [i, facts] of recorded.entries()) {
    const observation = trace.observations[i];
    const answer = simulated.next();
    const mine = new Map(
      (answer.done === true ? [] : factsOf(answer.value)).map((fact) => [`${fact.kind} ${fact.place}`, fact]),
    );
    for (const fact of facts) {
      const reason = uncoveredReason(group, fact.kind);
      if (reason !== undefined) {
        sum.uncovered++;
        const { count } = uncoveredByKind.get(fact.kind) ?? { count: 0 };
        uncoveredByKind.set(fact.kind, { count: count + 1, reason });
        continue;
      }
      const other = mine.get(`${fact.kind} ${fact.place}`);
      if (other && agrees(fact.kind, fact.value, other.value)) {
        sum.agree++;
        continue;
      }
      sum.differ++;
      if (divergences.length < MAX_DIVERGENCES && observation) {
        divergences.push(divergenceOf(observation, fact, other));
      }
    }
    if (sum.differ > limit) break;
  }
  simulated.return?.();
  return { name: trace.name, group, kernel: trace.kernel, ...sum, uncoveredByKind, divergences };
}

function divergenceOf(observation: Observation, fact: Fact, other: Fact | undefined): Divergence {
  return {
    step: observation.step,
    seconds: observation.t,
    op: observation.op,
    kind: fact.kind,
    place: fact.place,
    recorded: String(fact.value),
    simulated: other ? String(other.value) : 'nothing',
  };
}
