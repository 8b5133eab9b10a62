export { defaultSysctl, type NetKernel, type NetSysctl } from './kernel-profile.ts';
export type {
  CloseReason,
  DropReason,
  HookResult,
  Host,
  HostRole,
  InputRule,
  InterfaceAddress,
  Listener,
  MangleRule,
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
  setSegment,
} from './configuration.ts';
export { type AddressResult, addAddress, announce, isLocal, removeAddress } from './addresses.ts';
export { addRoute, deleteRoute, lookupRoute, type RouteResult, sourceFor } from './routes.ts';
export { packetLength, type PacketPool, segmentPayload, trainBytes } from './packets.ts';
export { type SocketStateName, type SocketTable, STATE_NAMES } from './socket-table.ts';
