export { createIpvs, type IpvsOptions } from './ipvs.ts';
export type { Defence, Ipvs, SyncDaemon, SyncOptions, Timeouts } from './state.ts';
export type { IpvsError, IpvsResult } from './errors.ts';
export { KERNEL_PROFILES, type KernelProfile, type KernelVersion } from './kernel-profile.ts';
export {
  CAUSE_BACKUP_ONLY,
  CAUSE_BYPASS,
  CAUSE_DROP_PACKET,
  CAUSE_EXISTING,
  CAUSE_ICMP_RELATED,
  CAUSE_NO_CALL_ID,
  CAUSE_NO_DESTINATION,
  CAUSE_NO_SERVER,
  CAUSE_NODEST_EXPIRED,
  CAUSE_NOT_ELIGIBLE,
  CAUSE_NOT_MINE,
  CAUSE_ONE_PACKET,
  CAUSE_REPLY,
  CAUSE_RESCHEDULED,
  CAUSE_SCHEDULED,
  CAUSE_TEMPLATE,
  FORWARD_BYPASS,
  FORWARD_LOCAL,
  FORWARD_MASQ,
  FORWARD_ROUTE,
  FORWARD_TUNNEL,
  type Packet,
  VERDICT_ACCEPT,
  VERDICT_DROP,
  VERDICT_FORWARD,
  VERDICT_TRANSLATE,
  VERDICT_UNREACHABLE,
  type Verdict,
  type VerdictCode,
} from './packet.ts';
export { type CauseName, causeName } from './cause-name.ts';
export { forwardHook, localIn } from './hooks.ts';
export { type IcmpDirection, icmpIn } from './icmp.ts';
export { knowsConnection } from './lookup.ts';
export { expireConnections, forgetConnections } from './expiry.ts';
export { countDecisions, decision, lastDecision } from './decision-ring.ts';
export { liveOfService, liveTotals } from './account.ts';
export { setAvailableMemory, tick } from './tick.ts';
export {
  type CountedStats,
  type Destination,
  SCHED_FLAG_1,
  SCHED_FLAG_2,
  SCHED_FLAG_3,
  type Service,
  type ServiceKey,
  type Stats,
  type TunnelOptions,
} from './service.ts';
export {
  addService,
  deleteService,
  editService,
  flush,
  type ServiceSettings,
  type ServiceSpec,
  services,
  totals,
  zeroStats,
} from './services.ts';
export { findService } from './service-index.ts';
export {
  addDestination,
  type DestinationKey,
  type DestinationSettings,
  deleteDestination,
  editDestination,
  findDestination,
} from './destinations.ts';
export {
  daemons,
  refusesDaemons,
  setLocalAddresses,
  setSysctl,
  setTimeouts,
  startSyncDaemon,
  stopSyncDaemon,
  timeouts,
} from './settings.ts';
export {
  outcomeOf,
  type WeightZeroCase,
  type WeightZeroCell,
  type WeightZeroOutcome,
  weightZeroTable,
} from './weight-zero.ts';
export { receiveSync } from './sync-backup.ts';
export { SYNC_PORT, type SyncDatagram, syncThreads } from './sync-master.ts';
export { decodeSync, encodeSync, type SyncMessage, type SyncRecord } from './sync-message.ts';
export { getSysctl, IPVS_SYSCTLS, type SysctlDescription, type SysctlName } from './sysctl.ts';
export { callIdOf } from './call-id.ts';
export { type ConnectionRow, connectionRow, connectionRows, countConnections } from './listing.ts';
export { type Rates, ratesOf, statsOf } from './estimator.ts';
export {
  CONN_INACTIVE,
  CONN_NOOUTPUT,
  CONN_ONE_PACKET,
  CONN_SYNC,
  CONN_TEMPLATE,
} from './table.ts';
export { explainDecision } from './explain.ts';
export { wouldHaveChosen } from './explain-others.ts';
export type {
  Alternative,
  CacheOutcome,
  Candidate,
  CandidateVerdict,
  Comparison,
  DecisionDestination,
  DecisionInput,
  DecisionState,
  Explanation,
  Nobody,
  Probe,
  Reason,
} from './explain-types.ts';
export { isSchedulerName, overhead, SCHEDULERS } from './schedulers/index.ts';
export type { Scheduler, SchedulerName, SchedulerState } from './schedulers/types.ts';
