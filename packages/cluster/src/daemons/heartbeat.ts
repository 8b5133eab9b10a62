import { ipv4, parseIpv4, PROTO_UDP } from '@lvscope/inet';
import { interfaceByName, joinGroup, leaveGroup, type NetInterface, sendMessage } from '@lvscope/net';
import { type HeartbeatConfig, parseHaCf, parseHaResources, type ResourceGroup } from '@lvscope/syntax';
import { readFile } from '../files.ts';
import { noteRole } from '../ha/roles.ts';
import type { Daemon, DaemonCall } from '../processes/daemons.ts';
import { journal } from '../processes/journal.ts';
import { openDatagrams } from '../processes/sockets.ts';
import type { Message } from '../processes/state.ts';
import { endProcess, setAlarm } from '../processes/table.ts';
import { HOOKS } from '../wiring.ts';
import { type MovingAddress, sayAddress } from './addresses.ts';
import { arm, disarm, type Due, nextDue, takeDue } from './due.ts';
import { hostOf, startResource, stopResource } from './resources.ts';
import { bytesOf, fieldsOf } from './text.ts';

const HA_CF = '/etc/ha.d/ha.cf';
const HARESOURCES = '/etc/ha.d/haresources';
const MS = 1e6;

/** IPaddr2's send_arp: a request and, 100 ms later, a reply, five times 200 ms apart. */
const ARP_TIMES = 10;
const ARP_INTERVAL_MS = 100;

interface Peer {
  readonly name: string;
  status: 'unknown' | 'active' | 'dead';
  /** Resource groups that it says it holds. */
  holds: number[];
  /** Its last heartbeat, ns; -1: none yet. */
  heardAt: number;
}

interface HeartbeatState {
  readonly config: HeartbeatConfig;
  readonly groups: readonly ResourceGroup[];
  readonly peers: Peer[];
  readonly due: Due[];
  /** Indexes of the groups that this node holds. */
  readonly holds: number[];
  /** Addresses that are being announced, with how often still. */
  readonly announcing: { readonly vip: MovingAddress; left: number }[];
  sequence: number;
}

const stateOf = ({ process }: DaemonCall): HeartbeatState => process.state as HeartbeatState;
const ownNode = ({ process }: DaemonCall): string => process.host;

function begin(call: DaemonCall): string | undefined {
  const { world, process } = call;
  const text = readFile(world, process.host, HA_CF);
  if (text === undefined) return `ERROR: Cannot open config file [${HA_CF}]`;
  const { config, warnings } = parseHaCf(text);
  for (const warning of warnings) journal(world, process, `ERROR: ${warning.text}`);
  if (!config.nodes.includes(ownNode(call))) {
    return `ERROR: Current node [${ownNode(call)}] not in configuration!`;
  }
  const groups = parseHaResources(readFile(world, process.host, HARESOURCES) ?? '');
  const peers = config.nodes.filter((name) => name !== ownNode(call));
  process.state = {
    config,
    groups,
    peers: peers.map((name) => ({ name, status: 'unknown', holds: [], heardAt: -1 })),
    due: [],
    holds: [],
    announcing: [],
    sequence: 0,
  } satisfies HeartbeatState;
  journal(world, process, 'info: Heartbeat generation: 1');
  const socket = openDatagrams(world, process, { sourcePort: config.udpPort });
  if (typeof socket !== 'number') return `ERROR: glib: Error binding socket (Address already in use)`;
  for (const { nic, group } of multicasts(call)) joinGroup(nic, group);
  process.hears.push('netlink');
  noteRoles(call);
  const state = stateOf(call);
  beat(call);
  for (const index of state.peers.keys()) arm(state.due, 'init-dead', index, after(call, config.initdeadMs));
  if (state.peers.length === 0) takeOwn(call);
  setAlarm(world, process, nextDue(state.due));
  return undefined;
}

const after = ({ world }: DaemonCall, ms: number): number => world.sim.now + ms * MS;

function multicasts(call: DaemonCall): { nic: NetInterface; group: number }[] {
  return stateOf(call).config.mcast.flatMap(({ interface: name, group }) => {
    const nic = interfaceByName(hostOf(call), name);
    const address = parseIpv4(group);
    return nic === undefined || address === undefined ? [] : [{ nic, group: address }];
  });
}

/** Where a heartbeat goes: the interface's broadcast address, a group, or one address. */
function paths(call: DaemonCall): { nic: NetInterface; to: number }[] {
  const { config } = stateOf(call);
  const host = hostOf(call);
  const broadcasts = config.bcast.flatMap((name) => {
    const nic = interfaceByName(host, name);
    const own = nic?.addresses[0];
    if (nic === undefined || own === undefined) return [];
    return [{ nic, to: (own.address | (0xffff_ffff >>> own.prefixLength)) >>> 0 }];
  });
  const unicasts = config.ucast.flatMap(({ interface: name, address }) => {
    const nic = interfaceByName(host, name);
    const to = parseIpv4(address);
    const own = to !== undefined && host.local.has(to);
    return nic === undefined || to === undefined || own ? [] : [{ nic, to }];
  });
  return [...broadcasts, ...unicasts, ...multicasts(call).map(({ nic, group }) => ({ nic, to: group }))];
}

/** One heartbeat on every path. */
function beat(call: DaemonCall): void {
  const state = stateOf(call);
  const { config } = state;
  state.sequence++;
  say(call, 'active');
  arm(state.due, 'beat', 0, after(call, config.keepaliveMs));
}

function say(call: DaemonCall, status: string): void {
  const state = stateOf(call);
  const { world } = call;
  const lines = [
    '>>>',
    't=status',
    `st=${status}`,
    `src=${ownNode(call)}`,
    `seq=${state.sequence.toString(16)}`,
    `hold=${state.holds.join(',')}`,
    'ttl=3',
    '<<<',
    '',
  ];
  for (const { nic, to } of paths(call)) {
    sendMessage(world, HOOKS, hostOf(call), nic, {
      protocol: PROTO_UDP,
      source: nic.addresses[0]?.address ?? ipv4(0),
      sourcePort: state.config.udpPort,
      destination: to,
      destinationPort: state.config.udpPort,
      ttl: 64,
      bytes: bytesOf(lines.join('\n')),
    });
  }
}

/** A group's role on this node, as the page shows it. */
function noteRoles(call: DaemonCall): void {
  const { groups, holds } = stateOf(call);
  for (const [index, group] of groups.entries()) {
    noteRole(call.world, call.process, group.node, holds.includes(index) ? 'MASTER' : 'BACKUP');
  }
}

function acquire(call: DaemonCall, index: number): void {
  const state = stateOf(call);
  if (state.holds.includes(index)) return;
  state.holds.push(index);
  noteRoles(call);
  for (const resource of state.groups[index]!.resources) {
    const vip = startResource(call, resource);
    if (vip === undefined) continue;
    state.announcing.push({ vip, left: ARP_TIMES });
    arm(state.due, 'arp', 0, call.world.sim.now);
  }
}

/** Resources are given up in the reverse order. */
function giveUp(call: DaemonCall, index: number): void {
  const state = stateOf(call);
  const place = state.holds.indexOf(index);
  if (place < 0) return;
  state.holds.splice(place, 1);
  state.announcing.length = 0;
  for (const resource of state.groups[index]!.resources.toReversed()) stopResource(call, resource);
  noteRoles(call);
}

const groupsOf = (call: DaemonCall, node: string): number[] =>
  stateOf(call).groups.flatMap((group, index) => (group.node === node ? [index] : []));

/** What haresources gives to this node and nobody else says to hold. */
function takeOwn(call: DaemonCall): void {
  const held = stateOf(call).peers.flatMap(({ status, holds }) => (status === 'active' ? holds : []));
  for (const index of groupsOf(call, ownNode(call))) if (!held.includes(index)) acquire(call, index);
}

function peerDead(call: DaemonCall, index: number): void {
  const { world, process } = call;
  const state = stateOf(call);
  const peer = state.peers[index]!;
  if (peer.status === 'dead') return;
  peer.status = 'dead';
  peer.holds = [];
  disarm(state.due, 'init-dead', index);
  journal(world, process, `WARN: node ${peer.name}: is dead`);
  journal(world, process, `info: Resources being acquired from ${peer.name}.`);
  for (const group of groupsOf(call, peer.name)) acquire(call, group);
  takeOwn(call);
  journal(world, process, `info: Status update: Node ${peer.name} now has status dead`);
}

function heard(call: DaemonCall, fields: ReadonlyMap<string, string>): void {
  const { world, process } = call;
  const state = stateOf(call);
  const index = state.peers.findIndex(({ name }) => name === fields.get('src'));
  const peer = state.peers[index];
  if (peer === undefined) return;
  if (fields.get('st') === 'dead') return peerDead(call, index);
  const before = peer.status;
  peer.status = 'active';
  peer.holds = (fields.get('hold') ?? '')
    .split(',')
    .filter((one) => one !== '')
    .map(Number);
  disarm(state.due, 'init-dead', index);
  arm(state.due, 'dead', index, after(call, state.config.deadtimeMs));
  wasLate(call, peer);
  if (before !== 'active') {
    journal(world, process, `info: Status update for node ${peer.name}: status active`);
    if (before === 'dead') journal(world, process, `info: Link ${peer.name} up.`);
  }
  settle(call, peer);
}

/** warntime warns of nobody who is silent, but of a heartbeat that comes at last (HBDoMsg_T_STATUS). */
function wasLate(call: DaemonCall, peer: Peer): void {
  const { world, process } = call;
  const { warntimeMs } = stateOf(call).config;
  const interval = peer.heardAt < 0 ? 0 : Math.floor((world.sim.now - peer.heardAt) / MS);
  peer.heardAt = world.sim.now;
  if (interval <= warntimeMs) return;
  journal(world, process, `WARN: Late heartbeat: Node ${peer.name}: interval ${interval} ms`);
}

/**
 * Who holds what, now that both are heard: the owner gets its own back, and of two holders the other
 * gives up.
 */
function settle(call: DaemonCall, peer: Peer): void {
  const { world, process } = call;
  const state = stateOf(call);
  for (const group of groupsOf(call, peer.name)) {
    if (!state.holds.includes(group)) continue;
    if (peer.holds.includes(group)) {
      journal(world, process, 'ERROR: Both machines own foreign resources!');
      giveUp(call, group);
    } else if (state.config.autoFailback) {
      journal(world, process, `info: ${ownNode(call)} wants to go standby [foreign]`);
      giveUp(call, group);
      say(call, 'active');
    }
  }
  if (state.config.autoFailback || state.peers.every(({ holds }) => holds.length === 0)) takeOwn(call);
}

function wake(call: DaemonCall, messages: readonly Message[]): void {
  const { world, process } = call;
  const state = stateOf(call);
  for (const message of messages) {
    if (message.kind === 'datagram' && message.content !== undefined) heard(call, fieldsOf(message.content));
  }
  for (let due = takeDue(state.due, world.sim.now); due !== undefined; ) {
    carryOut(call, due);
    due = takeDue(state.due, world.sim.now);
  }
  setAlarm(world, process, nextDue(state.due));
}

function carryOut(call: DaemonCall, { kind, index }: Due): void {
  switch (kind) {
    case 'beat':
      return beat(call);
    case 'init-dead':
    case 'dead':
      return peerDead(call, index);
    case 'arp':
      return announceNext(call);
  }
}

function announceNext(call: DaemonCall): void {
  const state = stateOf(call);
  for (const one of state.announcing) {
    if (one.left === 0) continue;
    sayAddress(call.world, hostOf(call), one.vip, one.left % 2 === 0 ? 'request' : 'reply');
    one.left--;
  }
  if (state.announcing.some(({ left }) => left > 0)) arm(state.due, 'arp', 0, after(call, ARP_INTERVAL_MS));
}

/**
 * heartbeat 2 with haresources: who is not heard for `deadtime` is dead, and its resources are taken
 * over.
 */
export const HEARTBEAT: Daemon = {
  start: begin,
  wake,
  signal: (call, signal) => {
    const { world, process } = call;
    if (signal !== 'TERM' && signal !== 'INT') return;
    journal(world, process, 'info: Heartbeat shutdown in progress.');
    for (const index of stateOf(call).holds.slice()) giveUp(call, index);
    say(call, 'dead');
    for (const { nic, group } of multicasts(call)) leaveGroup(nic, group);
    journal(world, process, 'info: Heartbeat shutdown complete.');
    endProcess(world, process, 0);
  },
  status: (call) => {
    const { peers, holds, groups } = stateOf(call);
    return [
      ...peers.map(({ name, status }) => `node ${name}: ${status}`),
      ...holds.map((index) => `holds the resources of ${groups[index]!.node}`),
    ];
  },
};
