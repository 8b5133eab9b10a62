import { contextOf, serviceOf } from '../../explain-service.ts';
import type { DecisionInput, DecisionState } from '../../explain-types.ts';
import { CAUSE_NO_SERVER, CAUSE_SCHEDULED } from '../../packet.ts';
import type { Service } from '../../service.ts';
import { SCHEDULERS } from '../index.ts';
import type { LblcrEntry } from '../state.ts';
import type { ScheduleRequest, SchedulerContext, SchedulerState } from '../types.ts';
import { contextAt, from, ip } from './pool.ts';

/**
 * What the scheduler remembers, cut to what a decision about this request reads. Take it before `schedule`;
 * of twos after, for its draws.
 */
function decisionState(state: SchedulerState, request: ScheduleRequest): DecisionState {
  switch (state.scheduler) {
    case 'rr':
      return { scheduler: 'rr', last: state.last };
    case 'wrr':
      return { scheduler: 'wrr', cl: state.cl, cw: state.cw, mw: state.mw, di: state.di };
    case 'lblc':
      return { scheduler: 'lblc', cached: state.cache.get(request.destination)?.destination };
    case 'lblcr':
      return { scheduler: 'lblcr', set: state.cache.get(request.destination)?.set.slice() };
    case 'twos':
      return { scheduler: 'twos', draw1: state.draw1, draw2: state.draw2 };
    default:
      return { scheduler: state.scheduler };
  }
}

/** The recorded part of a scheduler's state, laid over the fresh state of a service from `serviceOf`. */
function restoreState(service: Service, input: DecisionInput): void {
  const { state } = input;
  const now = input.time;
  const live = service.schedulerState;
  if (state.scheduler === 'rr' && live.scheduler === 'rr') {
    live.last = state.last;
  } else if (state.scheduler === 'wrr' && live.scheduler === 'wrr') {
    const index = service.destinations.findIndex((one) => one.id === state.cl);
    Object.assign(live, { cl: state.cl, index, cw: state.cw, mw: state.mw, di: state.di });
  } else if (state.scheduler === 'lblc' && live.scheduler === 'lblc' && state.cached !== undefined) {
    live.cache.set(input.request.destination, { destination: state.cached, lastUse: now });
  } else if (state.scheduler === 'lblcr' && live.scheduler === 'lblcr' && state.set !== undefined) {
    const entry: LblcrEntry = { set: [...state.set], lastUse: now, lastMod: now };
    live.cache.set(input.request.destination, entry);
  } else if (state.scheduler === 'twos' && live.scheduler === 'twos') {
    live.draw1 = state.draw1;
    live.draw2 = state.draw2;
  }
}

/** Schedules, and records what the decision saw. */
export function decide(
  service: Service,
  request: ScheduleRequest = from(ip('10.0.0.1')),
  context: SchedulerContext = contextAt(),
): DecisionInput {
  const destinations = service.destinations.map((one) => ({ ...one }));
  const before = decisionState(service.schedulerState, request);
  const chosen = SCHEDULERS[service.scheduler].schedule(service, request, context)?.id;
  return {
    service: service.key,
    scheduler: service.scheduler,
    schedulerFlags: service.schedulerFlags,
    kernel: context.kernel.version,
    request,
    time: context.now,
    destinations,
    state: before.scheduler === 'twos' ? decisionState(service.schedulerState, request) : before,
    cause: chosen === undefined ? CAUSE_NO_SERVER : CAUSE_SCHEDULED,
    chosen,
  };
}

/** The real scheduler over the recorded inputs alone. */
export function takenAgain(input: DecisionInput): number | undefined {
  const service = serviceOf(input, input.scheduler, input.schedulerFlags);
  restoreState(service, input);
  return SCHEDULERS[input.scheduler].schedule(service, input.request, contextOf(input))?.id;
}
