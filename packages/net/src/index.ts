export { defaultSysctl, type NetKernel, type NetSysctl } from './kernel-profile.ts';
export type {
  CloseReason,
  DropReason,
  HookResult,
  Host,
  HostRole,
  InterfaceAddress,
  Listener,
  NetEventKinds,
  NetHooks,
  NetInterface,
  NetWorld,
  Network,
  PacketId,
  Route,
  Segment,
  SocketId,
  Tap,
  TapRecord,
} from './state.ts';
export {
  addHost,
  addInterface,
  addSegment,
  createNetwork,
  hostByName,
  interfaceByName,
  type SegmentOptions,
  setHostPower,
  setInterfaceUp,
  setNetem,
  setSegment,
} from './configuration.ts';
export { type AddressResult, addAddress, announce, isLocal, removeAddress } from './addresses.ts';
export { forgetSettings, restoreInterface } from './reset.ts';
export {
  addRoute,
  deleteRoute,
  lookupRoute,
  type Refusal,
  refusalOf,
  type RouteResult,
  sourceFor,
} from './routes.ts';
export * as packetRow from './packet-row.ts';
export {
  interfaceCounters,
  type InterfaceCounters,
} from './link/wires.ts';
export { waitingPackets } from './link/send-queue.ts';
export { packetLength, type PacketPool, readPacket, segmentPayload, trainBytes } from './packets.ts';
export { type SocketStateName, type SocketTable, STATE_NAMES } from './socket-table.ts';
export {
  addRule,
  deleteRule,
  filterTable,
  type FilterHook,
  type FilterPolicy,
  flushRules,
  type PacketMatch,
  type PacketRule,
  packetRule,
  type RejectWith,
  type RuleChain,
  rulesOf,
  type RuleTable,
  type RuleTarget,
  setFilterPolicy,
} from './rules.ts';
export { handleEvent } from './receive.ts';
export { acceptNext, unlisten } from './accept-queue.ts';
export { findListener, listen, type ListenOptions } from './listeners.ts';
export {
  abort,
  close,
  connect,
  type ConnectError,
  type ConnectOptions,
  send,
  setKeepAlive,
  setNoDelay,
  setReading,
  shutdown,
} from './tcp-calls.ts';
export {
  udpClose,
  type UdpDestination,
  udpOpen,
  type UdpOptions,
  udpSend,
  type UdpSendResult,
} from './udp.ts';
export { exceptionFor, forgetExceptions, gatewayFor, type RouteException } from './route-exceptions.ts';
export {
  broadcastsOf,
  groupMac,
  isMulticast,
  joinGroup,
  leaveGroup,
  type MessagePacket,
  sendMessage,
} from './groups.ts';
export { setInterfaceMtu } from './mtu.ts';
export { removeInterface } from './remove-interface.ts';
export { messageNumbered, messageOf } from './messages.ts';
export { injectPacket, type InjectResult, type RawPacket } from './inject.ts';
export {
  isQueued,
  listSockets,
  setSocketApp,
  setSocketAppData,
  socketApp,
  socketAppData,
  socketCount,
  socketGeneration,
  socketHost,
  socketState,
  type SocketTuple,
  socketTuple,
  unreadBytes,
  unsentBytes,
} from './sockets.ts';
export {
  deliverLocally,
  forwardPacket,
  type SendResult,
  sendTo,
  type SendTarget,
  translateDestination,
  translateSource,
} from './forward.ts';
export { icmpError, icmpUnreachable } from './icmp.ts';
export { dropPacket } from './drop.ts';
export { sendReset } from './tcp-output.ts';
export { readTap, startTap, stopTap, type TapOptions } from './taps.ts';
export { forgetPaths } from './path-cache.ts';
export { type LinkEventKinds, turnToPackets } from './link/create.ts';
export { BROADCAST_MAC, macId } from './link/mac.ts';
export {
  type FrameRecord,
  framesSeen,
  type FrameQuery,
  type IpRecord,
  keepFrames,
  type QuotedRecord,
} from './link/frame-ring.ts';
export { endWatch, takeFrames, watchFrames } from './link/frame-watch.ts';
export { framesUnderway } from './link/frames.ts';
export { frameNotes, noteDecision } from './link/frame-notes.ts';
export { arpByHand, type ArpPacket, askByHand, gratuitousArp } from './link/arp.ts';
export {
  addArpRule,
  deleteArpRule,
  listArpRules,
  flushArpRules,
  setArp,
  setInterfaceConf,
  setMac,
  setNeighbourConf,
  settleReachable,
  setFixedCache,
  fixedCacheOf,
} from './link/control.ts';
export { type NeighbourChange, neighbourChanges, watchNeighbours } from './link/neighbour-watch.ts';
export {
  deleteNeighbour,
  flushNeighbours,
  listNeighbours,
  type NeighbourRow,
  replaceNeighbour,
} from './link/neighbour-table.ts';
export {
  ARP_REPLY,
  ARP_REQUEST,
  type ArpRule,
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  type FixedCache,
  FRAME_ENDS,
  type FrameEnd,
  type FrameWatch,
  type FrameNote,
  type InterfaceConf,
  type LinkLayer,
  type NeighbourConf,
  type NudState,
} from './link/state.ts';
export { shortenFixedCache } from './link/neighbours.ts';
export { sendEcho } from './icmp-echo.ts';
