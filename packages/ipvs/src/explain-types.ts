import type { SimTime } from '@lvscope/des';
import type { KernelVersion } from './kernel-profile.ts';
import type { ScheduleRequest, SchedulerName } from './schedulers/types.ts';
import type { Destination, ServiceKey } from './service.ts';

/** What a decision saw of one server. */
export type DecisionDestination = Readonly<
  Pick<
    Destination,
    | 'id'
    | 'address'
    | 'port'
    | 'weight'
    | 'lastWeight'
    | 'activeConns'
    | 'inactConns'
    | 'overloaded'
    | 'available'
  >
>;

/** What the scheduler remembered before the decision, cut to what the decision reads. */
export type DecisionState =
  | { readonly scheduler: 'rr'; readonly last: number }
  | {
      readonly scheduler: 'wrr';
      readonly cl: number;
      readonly cw: number;
      readonly mw: number;
      readonly di: number;
    }
  /** The entry of the packet's destination address. */
  | { readonly scheduler: 'lblc'; readonly cached: number | undefined }
  | { readonly scheduler: 'lblcr'; readonly set: readonly number[] | undefined }
  /** The numbers that this decision drew. */
  | { readonly scheduler: 'twos'; readonly draw1: number; readonly draw2: number }
  /** Nothing, or tables that follow from the list. */
  | { readonly scheduler: 'lc' | 'wlc' | 'sed' | 'nq' | 'fo' | 'ovf' | 'sh' | 'dh' | 'mh' };

/** Everything that one decision read: plain data, enough to take it again. */
export interface DecisionInput {
  readonly service: ServiceKey;
  readonly scheduler: SchedulerName;
  readonly schedulerFlags: number;
  readonly kernel: KernelVersion;
  readonly request: ScheduleRequest;
  readonly time: SimTime;
  /** In list order, counters as they were before the new connection was bound. */
  readonly destinations: readonly DecisionDestination[];
  readonly state: DecisionState;
  /** CAUSE_* */
  readonly cause: number;
  /** Destination id; undefined where nobody was chosen. */
  readonly chosen: number | undefined;
}

/** What became of one server in the decision. */
export type CandidateVerdict =
  | 'chosen'
  /** Compared, and another one was better or, being equal, earlier. */
  | 'lost'
  | 'skipped-weight-0'
  | 'skipped-overloaded'
  | 'skipped-unavailable'
  /** wrr: weight below the current weight. */
  | 'skipped-below-current-weight'
  /** ovf: more active connections than weight. */
  | 'skipped-full'
  /** The search ended before it came here. */
  | 'not-reached'
  /** The rule never looked at it: another bucket, not in the cached set, not drawn, or no search at all. */
  | 'not-asked';

/** One strict comparison: this server took the lead where `left > right`; where equal the leader stayed. */
export interface Comparison {
  /** Id of the best so far. */
  readonly leader: number;
  /** wlc, sed: leader's cost × this weight. lc: leader's cost. fo, ovf: this weight. */
  readonly left: number;
  /** wlc, sed: this cost × leader's weight. lc: this cost. fo, ovf: leader's weight. */
  readonly right: number;
  readonly tookLead: boolean;
}

export interface Candidate {
  readonly id: number;
  readonly verdict: CandidateVerdict;
  /** lc, wlc, lblc, lblcr, twos: 256 × active + inactive; sed, nq: active + 1; others undefined. */
  readonly cost: number | undefined;
  /** undefined where it was compared with nobody (the first one, or skipped). */
  readonly comparison: Comparison | undefined;
  /** wrr: the current weight when the search last looked at it. */
  readonly currentWeight: number | undefined;
  /** sh, dh (of 256), mh (of 4093): buckets that it owns. */
  readonly buckets: number | undefined;
}

/** One look into a hash table. */
export interface Probe {
  readonly bucket: number;
  /** Owner of the bucket, undefined where it is empty. */
  readonly id: number | undefined;
  readonly usable: boolean;
}

/** The rule that decided. */
export type Reason =
  /** No scheduler was asked: template, existing connection and so on. */
  | { readonly kind: 'not-asked'; readonly cause: number }
  /** rr: the next usable after `after` (-1 = the head of the list). */
  | { readonly kind: 'turn'; readonly after: number }
  /**
   * wrr: the first after `after` with weight ≥ `cw`. At each of the `passes` ends of the list the current
   * weight fell by `di`, from below `di` back to `mw`.
   */
  | {
      readonly kind: 'weighted-turn';
      readonly after: number;
      readonly cwBefore: number;
      readonly cw: number;
      readonly mw: number;
      readonly di: number;
      readonly passes: number;
    }
  /** The least cost; of `tied` (without the chosen one) the chosen stood first in the list. */
  | {
      readonly kind: 'least';
      readonly measure: 'overhead' | 'overhead-per-weight' | 'delay-per-weight';
      readonly tied: readonly number[];
    }
  /** nq: the first without active connections. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'highest-weight'; readonly tied: readonly number[] }
  /** sh, dh, mh. */
  | {
      readonly kind: 'bucket';
      /** What was hashed: an address, plus the port with -b …-port. */
      readonly key: number;
      readonly bucket: number;
      readonly buckets: number;
      readonly fallback: boolean;
      /** The first looks, at most 32; the last is the one that decided where `looks` is not more. */
      readonly probes: readonly Probe[];
      readonly looks: number;
    }
  /** lblc, lblcr: the address's server or set, and whether it was kept. */
  | {
      readonly kind: 'cache';
      readonly cached: readonly number[];
      /** The cached server, or the least loaded usable one of the set. */
      readonly member: number | undefined;
      readonly outcome: CacheOutcome;
      /** With `over-capacity`: a server with less than half its weight in active connections. */
      readonly halfIdle: number | undefined;
      /** Where wlc's rule picked anew: who tied with the chosen one. */
      readonly tied: readonly number[];
    }
  /** twos: two servers drawn, the second taken only where `left > right` (32-bit products). */
  | {
      readonly kind: 'draws';
      readonly total: number;
      readonly draw1: number;
      readonly draw2: number;
      readonly first: number | undefined;
      readonly second: number | undefined;
      readonly left: number;
      readonly right: number;
    };

/** kept: used again. Otherwise wlc picked anew because … */
export type CacheOutcome = 'kept' | 'no-entry' | 'gone' | 'weight-0' | 'none-usable' | 'over-capacity';

/** Why nobody was chosen. */
export type Nobody =
  | 'no-servers'
  | 'all-weight-0'
  | 'all-overloaded'
  /** Some have weight 0, the others are overloaded. */
  | 'none-usable'
  /** ovf: every usable server has more active connections than weight. */
  | 'all-full'
  /** wrr before 3.10: back where the search began, with the usable ones still ahead of it. */
  | 'gave-up'
  /** sh, dh, mh: others are usable, but this client's bucket belongs to one that isn't. */
  | 'bucket-unusable';

export interface Explanation {
  readonly scheduler: SchedulerName;
  /** Destination id by the rule; undefined where nobody could be chosen. */
  readonly chosen: number | undefined;
  /** Whether that is what was recorded; false would be a bug of the simulator. */
  readonly agrees: boolean;
  readonly reason: Reason;
  readonly nobody: Nobody | undefined;
  /** One per server, in list order. */
  readonly candidates: readonly Candidate[];
}

/** What another scheduler would choose, bound at that moment: fresh state, no flags. */
export interface Alternative {
  readonly scheduler: SchedulerName;
  readonly freshState: true;
  /** Destination id; for twos the likeliest (of equals the first in the list). */
  readonly id: number | undefined;
  /** twos only: how likely each server is, in list order. */
  readonly chances: readonly { readonly id: number; readonly probability: number }[] | undefined;
}
