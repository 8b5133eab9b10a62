import type { Reason } from '@lvscope/cluster';
import * as m from '../paraglide/messages.js';
import { integer } from '../words/format.ts';
import type { Candidate, Explanation, Nobody } from '../worker/api.ts';

/** What the costs of the candidates are made of: 256·active + inactive, or active + 1. */
export type Formula = 'overhead' | 'active-plus-one';

export function formulaOf(reason: Reason): Formula | undefined {
  switch (reason.kind) {
    case 'least':
      return reason.measure === 'delay-per-weight' ? 'active-plus-one' : 'overhead';
    case 'idle':
      return 'active-plus-one';
    case 'cache':
      return reason.outcome === 'kept' ? undefined : 'overhead';
    case 'draws':
      return 'overhead';
    default:
      return undefined;
  }
}

/** `3·256 + 41 = 809` */
export function costText({ activeConns, inactConns, cost }: Candidate, formula: Formula): string {
  if (cost === undefined) return '–';
  return formula === 'overhead'
    ? `${integer(activeConns)}·256 + ${integer(inactConns)} = ${integer(cost)}`
    : `${integer(activeConns)} + 1 = ${integer(cost)}`;
}

/** The sentence that says why, made of the numbers that decided. */
export function becauseText(explanation: Explanation): string {
  const { row, template, scheduler, nobody } = explanation;
  if (nobody !== undefined) return nobodyText(nobody, scheduler);
  switch (row.cause) {
    case 'template':
      return templateText(template);
    case 'no-server':
      return m.because_nobody_usable({ scheduler });
    case 'not-eligible':
      return m.because_not_eligible();
    case 'rescheduled':
      return `${m.because_rescheduled()} ${reasonText(explanation)}`;
    case 'scheduled':
    case 'one-packet':
    case 'other':
      return reasonText(explanation);
  }
}

function templateText(template: Explanation['template']): string {
  if (template === undefined) return m.because_template_unknown();
  const { network, secondsLeft } = template;
  return secondsLeft === undefined
    ? m.because_template_of({ network })
    : m.because_template({ network, seconds: Math.ceil(secondsLeft) });
}

function reasonText(explanation: Explanation): string {
  const { scheduler, reason } = explanation;
  switch (reason.kind) {
    case 'not-asked':
      return m.because_scheduler({ scheduler });
    case 'turn':
      return reason.after < 0
        ? m.because_rr_head()
        : m.because_rr({ after: nameOf(explanation, reason.after) });
    case 'weighted-turn':
      return m.because_wrr({ cw: reason.cw });
    case 'least':
      return leastText(explanation, reason.tied);
    case 'idle':
      return m.because_nq();
    case 'highest-weight':
      return m.because_highest({ scheduler });
    case 'bucket':
      return m.because_bucket({ scheduler, index: reason.bucket, size: reason.buckets });
    case 'cache':
      return cacheText(explanation, reason);
    case 'draws':
      return m.because_draws({
        first: nameOf(explanation, reason.first),
        second: nameOf(explanation, reason.second),
      });
  }
}

function leastText(explanation: Explanation, tied: readonly number[]): string {
  const { scheduler, reason, candidates, row } = explanation;
  const winner = candidates.find((one) => one.id === row.chosen);
  const formula = formulaOf(reason);
  if (winner === undefined || formula === undefined) return m.because_scheduler({ scheduler });
  const weight = winner.weight === 1 || scheduler === 'lc' ? '' : ` ÷ ${winner.weight}`;
  const cost = `${costText(winner, formula)}${weight}`;
  if (tied.length === 0) return m.because_least({ scheduler, cost });
  return m.because_tie({ scheduler, cost, others: namesOf(explanation, tied) });
}

function cacheText(explanation: Explanation, reason: Extract<Reason, { kind: 'cache' }>): string {
  const { scheduler, row } = explanation;
  const address = row.destination.split(':')[0] ?? row.destination;
  if (reason.outcome === 'kept') return m.because_cache_kept({ scheduler, address });
  if (reason.outcome === 'over-capacity') {
    return m.because_cache_over({ scheduler, idle: nameOf(explanation, reason.halfIdle) });
  }
  return m.because_cache_new({ scheduler, address });
}

/** Longer lists of names are cut. */
const MOST_NAMES = 4;

function namesOf(explanation: Explanation, ids: readonly number[]): string {
  const names = ids.slice(0, MOST_NAMES).map((id) => nameOf(explanation, id));
  const left = ids.length - names.length;
  return left > 0 ? `${names.join(', ')} ${m.why_more({ count: left })}` : names.join(', ');
}

function nameOf({ candidates }: Explanation, id: number | undefined): string {
  return candidates.find((one) => one.id === id)?.name ?? '–';
}

function nobodyText(nobody: Nobody, scheduler: string): string {
  switch (nobody) {
    case 'no-servers':
      return m.because_no_servers();
    case 'all-weight-0':
      return m.because_all_weight_zero();
    case 'all-overloaded':
      return m.because_all_overloaded();
    case 'none-usable':
      return m.because_nobody_usable({ scheduler });
    case 'all-full':
      return m.because_all_full();
    case 'gave-up':
      return m.because_gave_up({ scheduler });
    case 'bucket-unusable':
      return m.because_bucket_unusable({ scheduler });
  }
}
