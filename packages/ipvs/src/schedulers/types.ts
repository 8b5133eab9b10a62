import type { Ipv4 } from '@lvscope/inet';
import type { RandomStream, SimTime } from '@lvscope/des';
import type { Destination, Service } from '../service.ts';
import type { KernelProfile } from '../kernel-profile.ts';
import type { SchedulerState } from './state.ts';

/** The kernel's module names. */
export type SchedulerName =
  | 'rr'
  | 'wrr'
  | 'lc'
  | 'wlc'
  | 'lblc'
  | 'lblcr'
  | 'dh'
  | 'sh'
  | 'sed'
  | 'nq'
  | 'mh'
  | 'fo'
  | 'ovf'
  | 'twos';

/** What a scheduler may read of the packet. */
export interface ScheduleRequest {
  readonly protocol: number;
  readonly source: Ipv4;
  readonly sourcePort: number;
  readonly destination: Ipv4;
  readonly destinationPort: number;
}

/** What a scheduler may read of the world. */
export interface SchedulerContext {
  readonly now: SimTime;
  readonly kernel: KernelProfile;
  /** Only `twos` draws. */
  readonly random: RandomStream;
  /** lblc_expiration and lblcr_expiration, seconds. */
  readonly lblcExpirationSeconds: number;
  readonly lblcrExpirationSeconds: number;
}

export type DestinationChange = 'add' | 'edit' | 'delete';

/**
 * One kernel scheduler: pure functions over the service and the state that the scheduler itself made.
 * `schedule` changes nothing but `service.schedulerState` (never counters: the caller binds).
 */
export interface Scheduler<State extends SchedulerState = SchedulerState> {
  readonly name: SchedulerName;
  /** State of a service to which the scheduler is bound now; destinations may already be there. */
  readonly init: (service: Service, context: SchedulerContext) => State;
  /** After a destination was added (it is the head now), edited, or deleted (`index` is where it stood). */
  readonly changed: (
    service: Service,
    change: DestinationChange,
    destination: Destination,
    index: number,
    context: SchedulerContext,
  ) => void;
  readonly schedule: (
    service: Service,
    request: ScheduleRequest,
    context: SchedulerContext,
  ) => Destination | undefined;
  /** lblc and lblcr clean their caches once a minute. */
  readonly everyMinute?: (service: Service, context: SchedulerContext) => void;
  /**
   * Whether the scheduler's cache holds this destination: the trash must keep it then, so that adding the
   * same server again revives it (lblc, lblcr). Absent: never.
   */
  readonly refersTo?: (service: Service, destination: number) => boolean;
}

export type { SchedulerState } from './state.ts';
