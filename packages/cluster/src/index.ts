// the world
export { type Created, createWorld } from './build.ts';
export type { ScenarioFault } from './faults.ts';
export { MOST_REAL_SERVERS } from './faults.ts';
export type { Director, Failure, Outcome, Server, Workload, World } from './world.ts';
export type { CommandLine, CommandResult, Completion, Programs } from './programs.ts';
export { type Advanced, advance, nextEventTime, stepEvent } from './loop.ts';
export { commands, execute, type Executed, type ExecuteOptions } from './execute.ts';
export { checkpoint, fingerprints, worldBytes } from './checkpoint.ts';

// programs that take time, and the prompts that they are typed at
export { act, actionsOf, type UserAction } from './processes/act.ts';
export {
  type Daemon,
  DAEMONS,
  type DaemonCall,
  daemonOn,
  type DaemonStarted,
  signalProcess,
  startDaemon,
  stopDaemon,
} from './processes/daemons.ts';
export { journal, journalOf } from './processes/journal.ts';
export { otherEndOf, sendBytes } from './transport.ts';
export { openDatagrams, openFrames, openSocket, openTap, type SocketAddress } from './processes/sockets.ts';
export type {
  JournalLine,
  LoggedCommand,
  Message,
  Process,
  ProcessTable,
  Signal,
  Sink,
} from './processes/state.ts';
export {
  addProcess,
  armAgain,
  dropSocket,
  endProcess,
  processesOf,
  processOf,
  type ProcessSpec,
  setAlarm,
  takeMessages,
  tell,
  writeLog,
} from './processes/table.ts';
export {
  closeTerminal,
  historyOf,
  interrupt,
  openTerminal,
  readTerminal,
  terminalsOf,
  type TerminalView,
  typeLine,
} from './processes/terminal.ts';

// what is seen of it
export { DEFAULT_WINDOW_SECONDS, seriesSince, view } from './view-of.ts';
export { haView } from './ha/view.ts';
export { type WeightZeroAnswer, weightZeroAnswers } from './ha/weight-zero.ts';
export type {
  CommandRecord,
  FailoverReport,
  HaDaemonView,
  HaView,
  OutageView,
  Series,
  ServerHealth,
  ServerView,
  ServiceView,
  Skew,
  SocketCounts,
  WorkloadView,
  WorldView,
} from './view.ts';
export { type DecisionRow, decisionAt, lastDecisions } from './decisions.ts';
export {
  type Alternative,
  type Candidate,
  type CandidateVerdict,
  type Comparison,
  type DecisionDestination,
  type DecisionInput,
  type Explanation,
  type Nobody,
  explainDecision,
  type Reason,
  wouldHaveChosen,
} from '@lvscope/ipvs';
export { frameMessage, type FrameReason, frameReasons, type ReasonCandidate } from './frame-reasons.ts';
export { type InterfaceRow, wiredInterfaces } from './interfaces.ts';
export { type BeliefChange, type BeliefHistory, beliefs, type HostBelief } from './beliefs.ts';
export { type DropCount, drops } from './observe.ts';
export { skewOf } from './skew.ts';

// experiments over many worlds
export { type CapacityPoint, measureCapacity } from './capacity.ts';

// what may be done to it, besides commands
export { setWorkload, type WorkloadChange } from './workload/control.ts';
export { type ServiceAction, setPower, setService } from './server/control.ts';
export {
  readSysctl,
  type SysctlRead,
  sysctlKey,
  sysctlKeys,
  type SysctlWritten,
  writeSysctl,
} from './sysctl.ts';

// connections by hand
export {
  acceptedFrom,
  closeAccepted,
  closeConnection,
  closeDatagramSocket,
  connectionOf,
  datagramSocketOf,
  type Endpoint,
  listenResponder,
  openConnection,
  openDatagramSocket,
  sendDatagramBy,
  sendFromAccepted,
  sendOnConnection,
  setHold,
  setUdpSilent,
  shutdownAccepted,
  shutdownConnection,
  unlistenResponder,
} from './probe.ts';
export type {
  Probe,
  ProbeConnection,
  ProbeDatagramSocket,
  ProbeStatus,
  ResponderConnection,
  Sighting,
} from './probe-state.ts';

// for the operator's tools
export { bootHost, rebootHost } from './power.ts';
export { startSync, stopSync } from './sync.ts';
export { hostNamed, ipvsOf, noteAddresses } from './machines.ts';
export { filePaths, readFile, removeFile, writeFile } from './files.ts';

export {
  addDestination,
  addService,
  type ConnectionRow,
  CONN_SYNC,
  connectionRows,
  countConnections,
  daemons,
  deleteDestination,
  deleteService,
  type Destination,
  type DestinationKey,
  type DestinationSettings,
  editDestination,
  editService,
  findDestination,
  findService,
  flush,
  FORWARD_LOCAL,
  FORWARD_MASQ,
  FORWARD_ROUTE,
  FORWARD_TUNNEL,
  getSysctl,
  IPVS_SYSCTLS,
  type Ipvs,
  type IpvsError,
  type IpvsResult,
  isSchedulerName,
  liveTotals,
  type Rates,
  ratesOf,
  type SchedulerName,
  type Service,
  type ServiceKey,
  type ServiceSettings,
  type ServiceSpec,
  services,
  setTimeouts,
  type Stats,
  statsOf,
  type SyncDaemon,
  timeouts,
  totals,
  type TunnelOptions,
  zeroStats,
} from '@lvscope/ipvs';
export {
  addAddress,
  type AddressResult,
  addRoute,
  announce,
  addRule,
  deleteRoute,
  deleteRule,
  filterTable,
  type FilterHook,
  flushRules,
  packetRule,
  type PacketRule,
  rulesOf,
  type RuleChain,
  type RuleTable,
  setFilterPolicy,
  type Host,
  interfaceByName,
  interfaceCounters,
  listSockets,
  type NetInterface,
  type Network,
  type RawPacket,
  readTap,
  removeAddress,
  removeInterface,
  type Route,
  type RouteResult,
  setHostPower,
  setInterfaceMtu,
  setInterfaceUp,
  setNetem,
  socketState,
  socketTuple,
  unreadBytes,
  unsentBytes,
  waitingPackets,
  startTap,
  stopTap,
  type Tap,
  type TapRecord,
} from '@lvscope/net';
export { rawPacket } from './raw.ts';
export {
  addInterface,
  exceptionFor,
  forgetExceptions,
  lookupRoute,
  refusalOf,
  type RouteException,
  sourceFor,
} from '@lvscope/net';
export {
  CAUSE_NO_SERVER,
  CAUSE_NOT_ELIGIBLE,
  CAUSE_ONE_PACKET,
  CAUSE_RESCHEDULED,
  CAUSE_SCHEDULED,
  CAUSE_TEMPLATE,
} from '@lvscope/ipvs';
// packet level: what is seen of frames, and done by tools
export {
  ARP_REPLY,
  ARP_REQUEST,
  type ArpPacket,
  BROADCAST_MAC,
  type ArpRule,
  addArpRule,
  deleteArpRule,
  listArpRules,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  flushArpRules,
  type FrameEnd,
  type FrameQuery,
  type FrameRecord,
  type FrameWatch,
  framesSeen,
  framesUnderway,
  type IpRecord,
  keepFrames,
  listNeighbours,
  type NeighbourRow,
  type NudState,
  type QuotedRecord,
  setArp,
  setMac,
  settleReachable,
  takeFrames,
} from '@lvscope/net';
export {
  announceAddress,
  askWho,
  cacheLifetime,
  deleteNeighbour,
  type Echo,
  flushNeighbours,
  ping,
  replaceNeighbour,
  sendArpFrame,
  setCacheLifetime,
} from './arp-tools.ts';
