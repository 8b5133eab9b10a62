import { formatIpv4, type Ipv4 } from '@lvscope/inet';
import { type Host, interfaceByName, setInterfaceUp } from '@lvscope/net';
import { sendMessage } from '@lvscope/net';
import { noteRole } from '../ha/roles.ts';
import type { Role } from '../ha/state.ts';
import { journal } from '../processes/journal.ts';
import type { Process } from '../processes/state.ts';
import type { Programs } from '../programs.ts';
import { HOOKS } from '../wiring.ts';
import type { World } from '../world.ts';
import { dropAddress, type MovingAddress, sayAddress, takeAddress } from './addresses.ts';
import { arm, armAnother, disarm, type Due } from './due.ts';
import { notify, type NotifySetting } from './notify.ts';
import { type Advertisement, encodeAdvertisement, PROTO_VRRP, VRRP_GROUP, VRRP_TTL } from './vrrp-packet.ts';

const SECOND = 1e9;

/** What a vrrp_instance is told, with every default filled in. Times in seconds. */
export interface VrrpSetting {
  readonly name: string;
  readonly wantsMaster: boolean;
  /** Where advertisements go out: with a virtual MAC its own interface, unless vmac_xmit_base. */
  readonly device: string;
  readonly baseDevice: string;
  /** Interface with the virtual MAC; undefined: the real MAC is used. */
  readonly vmacDevice: string | undefined;
  readonly routerId: number;
  readonly priority: number;
  readonly intervalSeconds: number;
  readonly version: 2 | 3;
  readonly preempt: boolean;
  readonly preemptDelaySeconds: number;
  readonly peers: readonly Ipv4[];
  readonly source: Ipv4;
  readonly vips: readonly MovingAddress[];
  readonly garp: GarpSetting;
  /** Other interfaces that must be up. */
  readonly tracked: readonly string[];
  readonly notify: NotifySetting;
}

export interface GarpSetting {
  readonly delaySeconds: number;
  readonly repeat: number;
  /** 0: none. */
  readonly refreshSeconds: number;
  readonly refreshRepeat: number;
  readonly lowerDelaySeconds: number;
  readonly lowerRepeat: number;
  readonly intervalSeconds: number;
}

/** A VRRP instance at work. */
export interface VrrpInstanceState {
  readonly setting: VrrpSetting;
  role: Role;
  /** What the master says of its interval. */
  masterInterval: number;
  /** preempt_delay began with the first advert of lower priority and is over then, ns; -1: not begun. */
  preemptFrom: number;
  /** Addresses whose gratuitous ARP waits for garp_interval, as indexes of `vips`. */
  readonly garpQueue: number[];
  /** Before that time no gratuitous ARP is sent, ns. */
  garpFrom: number;
}

/** What the state machine works with. */
export interface VrrpCall {
  readonly world: World;
  readonly programs: Programs;
  readonly process: Process;
  readonly host: Host;
  readonly due: Due[];
  readonly instances: VrrpInstanceState[];
  /** Names of the instances that change together. */
  readonly syncGroups: readonly (readonly string[])[];
}

export function startInstance(call: VrrpCall, index: number): void {
  const one = call.instances[index]!;
  const { setting } = one;
  const now = call.world.sim.now;
  if (!isLinkUp(call, one)) return enterFault(call, index);
  if (setting.priority === 255) return enterMaster(call, index);
  setRole(call, one, 'BACKUP');
  journal(call.world, call.process, `(${setting.name}) Entering BACKUP STATE (init)`);
  notify(call, one.setting, 'backup');
  const wait = setting.wantsMaster ? setting.intervalSeconds + 1 / 256 : masterDownSeconds(one);
  arm(call.due, 'master-down', index, now + wait * SECOND);
}

function isLinkUp(call: VrrpCall, { setting }: VrrpInstanceState): boolean {
  return [setting.baseDevice, ...setting.tracked].every(
    (name) => interfaceByName(call.host, name)?.up === true,
  );
}

function setRole(call: VrrpCall, one: VrrpInstanceState, role: Role): void {
  one.role = role;
  noteRole(call.world, call.process, one.setting.name, role, one.setting.priority);
}

/** Version 3 skews by the master's interval, version 2 by a second (RFC 5798, RFC 3768). */
function skewSeconds(one: VrrpInstanceState): number {
  const { version, priority } = one.setting;
  return ((256 - priority) / 256) * (version === 3 ? one.masterInterval : 1);
}

function masterDownSeconds(one: VrrpInstanceState): number {
  return 3 * one.masterInterval + skewSeconds(one);
}

/** Nothing was heard of the master for long enough. */
export function masterDown(call: VrrpCall, index: number): void {
  const one = call.instances[index]!;
  if (one.role !== 'BACKUP') return;
  journal(call.world, call.process, `(${one.setting.name}) Receive advertisement timeout`);
  enterMaster(call, index);
}

function enterMaster(call: VrrpCall, index: number): void {
  const one = call.instances[index]!;
  const { world, process, host, due } = call;
  const { setting } = one;
  disarm(due, 'master-down', index);
  setRole(call, one, 'MASTER');
  one.masterInterval = setting.intervalSeconds;
  journal(world, process, `(${setting.name}) Entering MASTER STATE`);
  const vmac = setting.vmacDevice === undefined ? undefined : interfaceByName(host, setting.vmacDevice);
  if (vmac !== undefined) setInterfaceUp(world.net, host, vmac.name, true);
  journal(world, process, `(${setting.name}) setting VIPs.`);
  for (const vip of setting.vips) takeAddress(world, host, vip);
  advertise(call, index, setting.priority);
  garp(call, index, setting.garp.repeat);
  if (setting.garp.delaySeconds > 0) {
    arm(due, 'garp-again', index, world.sim.now + setting.garp.delaySeconds * SECOND);
  }
  if (setting.garp.refreshSeconds > 0) {
    arm(due, 'garp-refresh', index, world.sim.now + setting.garp.refreshSeconds * SECOND);
  }
  notify(call, one.setting, 'master');
  together(call, index, 'BACKUP', enterMaster);
}

/** What the members of its sync groups that are in a role do likewise. */
function together(
  call: VrrpCall,
  index: number,
  role: Role,
  doIt: (call: VrrpCall, index: number) => void,
): void {
  const { name } = call.instances[index]!.setting;
  for (const group of call.syncGroups) {
    if (!group.includes(name)) continue;
    for (const [i, other] of call.instances.entries()) {
      if (group.includes(other.setting.name) && other.role === role) doIt(call, i);
    }
  }
}

function advertise(call: VrrpCall, index: number, priority: number): void {
  const { world, host } = call;
  const { setting } = call.instances[index]!;
  const nic = interfaceByName(host, setting.device);
  if (nic === undefined) return;
  const { version, routerId, intervalSeconds, source } = setting;
  const addresses = setting.vips.map(({ address }) => address);
  for (const destination of setting.peers.length > 0 ? setting.peers : [VRRP_GROUP]) {
    const advert = { version, routerId, priority, intervalSeconds, addresses };
    sendMessage(world, HOOKS, host, nic, {
      protocol: PROTO_VRRP,
      source,
      sourcePort: 0,
      destination,
      destinationPort: 0,
      ttl: VRRP_TTL,
      bytes: encodeAdvertisement(advert, source, destination),
    });
  }
  if (priority > 0) arm(call.due, 'advert', index, world.sim.now + intervalSeconds * SECOND);
}

/** The master's interval is over. */
export function advertDue(call: VrrpCall, index: number): void {
  const one = call.instances[index]!;
  if (one.role === 'MASTER') advertise(call, index, one.setting.priority);
}

/**
 * Gratuitous ARP for each address, `times` over. With garp_interval only the first goes at once; an address
 * waits once at most, however often it is to be said (`garp_gna_pending`, vrrp_arp.c).
 */
function garp(call: VrrpCall, index: number, times: number): void {
  const one = call.instances[index]!;
  const { world, process } = call;
  const { name, vips, garp: setting } = one.setting;
  for (let round = 0; round < times; round++) {
    for (const [i, { address, device }] of vips.entries()) {
      if (round === 0) {
        const where = `on ${device} for ${formatIpv4(address)}`;
        journal(world, process, `(${name}) Sending/queueing gratuitous ARPs ${where}`);
      }
      if (setting.intervalSeconds === 0 || world.sim.now >= one.garpFrom) garpNow(call, one, i);
      else if (!one.garpQueue.includes(i)) one.garpQueue.push(i);
    }
  }
  if (one.garpQueue.length > 0) arm(call.due, 'garp-next', index, one.garpFrom);
}

function garpNow({ world, host, process }: VrrpCall, one: VrrpInstanceState, vip: number): void {
  const { vips, garp: setting } = one.setting;
  const said = vips[vip]!;
  sayAddress(world, host, said);
  one.garpFrom = world.sim.now + setting.intervalSeconds * SECOND;
  journal(world, process, `Sending gratuitous ARP on ${said.device} for ${formatIpv4(said.address)}`);
}

/** The next of the gratuitous ARPs that keep their distance. */
export function garpNext(call: VrrpCall, index: number): void {
  const one = call.instances[index]!;
  const next = one.garpQueue.shift();
  if (next === undefined || one.role !== 'MASTER') return;
  garpNow(call, one, next);
  if (one.garpQueue.length > 0) arm(call.due, 'garp-next', index, one.garpFrom);
}

/** garp_master_delay is over: the second round. */
export function garpAgain(call: VrrpCall, index: number): void {
  const one = call.instances[index]!;
  if (one.role === 'MASTER') garp(call, index, one.setting.garp.repeat);
}

export function garpRefresh(call: VrrpCall, index: number): void {
  const one = call.instances[index]!;
  if (one.role !== 'MASTER') return;
  garp(call, index, one.setting.garp.refreshRepeat);
  const again = call.world.sim.now + one.setting.garp.refreshSeconds * SECOND;
  arm(call.due, 'garp-refresh', index, again);
}

/** What a master must forget to do when it is one no longer. */
const MASTERS_WORK = ['advert', 'garp-again', 'garp-next', 'garp-refresh', 'garp-lower'];

function leaveMaster(call: VrrpCall, index: number): void {
  const one = call.instances[index]!;
  const { world, process, host, due } = call;
  for (const kind of MASTERS_WORK) disarm(due, kind, index);
  one.garpQueue.length = 0;
  journal(world, process, `(${one.setting.name}) removing VIPs.`);
  for (const vip of one.setting.vips) dropAddress(world, host, vip);
  const vmac =
    one.setting.vmacDevice === undefined ? undefined : interfaceByName(host, one.setting.vmacDevice);
  if (vmac !== undefined) setInterfaceUp(world.net, host, vmac.name, false);
}

function enterBackup(call: VrrpCall, index: number): void {
  const one = call.instances[index]!;
  journal(call.world, call.process, `(${one.setting.name}) Entering BACKUP STATE`);
  const wasMaster = one.role === 'MASTER';
  setRole(call, one, 'BACKUP');
  if (wasMaster) leaveMaster(call, index);
  notify(call, one.setting, 'backup');
  arm(call.due, 'master-down', index, call.world.sim.now + masterDownSeconds(one) * SECOND);
  if (wasMaster) together(call, index, 'MASTER', enterBackup);
}

function enterFault(call: VrrpCall, index: number): void {
  const one = call.instances[index]!;
  journal(call.world, call.process, `(${one.setting.name}) Entering FAULT STATE`);
  const wasMaster = one.role === 'MASTER';
  setRole(call, one, 'FAULT');
  disarm(call.due, 'master-down', index);
  if (wasMaster) {
    advertise(call, index, 0);
    leaveMaster(call, index);
  }
  notify(call, one.setting, 'fault');
  if (wasMaster) together(call, index, 'MASTER', enterBackup);
}

/** The host's interfaces may have changed: an instance whose own is down is in FAULT. */
export function linksChanged(call: VrrpCall): void {
  for (const [index, one] of call.instances.entries()) {
    const up = isLinkUp(call, one);
    if (up && one.role === 'FAULT') enterBackup(call, index);
    else if (!up && one.role !== 'FAULT') {
      journal(call.world, call.process, `Netlink reports ${one.setting.baseDevice} down`);
      enterFault(call, index);
    }
  }
}

/** SIGTERM: a master says so with priority 0, so that nobody has to wait. */
export function stopInstance(call: VrrpCall, index: number): void {
  const one = call.instances[index]!;
  if (one.role === 'MASTER') {
    advertise(call, index, 0);
    journal(call.world, call.process, `(${one.setting.name}) sent 0 priority`);
    leaveMaster(call, index);
  }
  setRole(call, one, 'DOWN');
  notify(call, one.setting, 'stop');
}

/** An advertisement came in. @param from its IP source */
export function advertReceived(call: VrrpCall, device: string, from: Ipv4, advert: Advertisement): void {
  for (const [index, one] of call.instances.entries()) {
    const { setting } = one;
    if (setting.routerId !== advert.routerId) continue;
    if (setting.device !== device && setting.baseDevice !== device) continue;
    if (setting.version !== advert.version) {
      const theirs = `VRRP version ${advert.version} received from ${formatIpv4(from)}`;
      journal(call.world, call.process, `(${setting.name}) invalid version: ${theirs}`);
    } else if (advert.version === 2 && advert.intervalSeconds !== setting.intervalSeconds) {
      // version 2 drops it (vrrp_check_packet), so that both may end as masters
      const theirs = `mine=${setting.intervalSeconds} sec rcv'd=${advert.intervalSeconds} sec`;
      journal(call.world, call.process, `(${setting.name}) advertisement interval mismatch ${theirs}`);
    } else if (one.role === 'BACKUP') backupHears(call, index, from, advert);
    else if (one.role === 'MASTER') masterHears(call, index, from, advert);
  }
}

function backupHears(call: VrrpCall, index: number, from: Ipv4, advert: Advertisement): void {
  const one = call.instances[index]!;
  const { world, process, due } = call;
  const { name, priority, preempt } = one.setting;
  const { now } = world.sim;
  if (advert.priority === 0) {
    journal(world, process, `(${name}) Backup received priority 0 advertisement`);
    return arm(due, 'master-down', index, now + skewSeconds(one) * SECOND);
  }
  if (advert.priority >= priority || !preempt || waitsToPreempt(one, now)) {
    one.masterInterval = one.setting.version === 3 ? advert.intervalSeconds : one.setting.intervalSeconds;
    preemptDelay(call, one, advert.priority);
    return arm(due, 'master-down', index, now + masterDownSeconds(one) * SECOND);
  }
  const whom = `(${advert.priority}) advert from ${formatIpv4(from)}`;
  journal(world, process, `(${name}) received lower priority ${whom} - discarding`);
}

const waitsToPreempt = ({ setting, preemptFrom }: VrrpInstanceState, now: number): boolean =>
  setting.preemptDelaySeconds > 0 && (preemptFrom < 0 || preemptFrom > now);

/** preempt_delay counts from the first advert of lower priority; one that is higher ends it. */
function preemptDelay({ world, process }: VrrpCall, one: VrrpInstanceState, heard: number): void {
  const { name, priority, preemptDelaySeconds } = one.setting;
  if (preemptDelaySeconds === 0) return;
  if (heard >= priority) {
    if (one.preemptFrom >= 0) journal(world, process, `(${name}) stop preempt delay`);
    one.preemptFrom = -1;
  } else if (one.preemptFrom < 0) {
    journal(world, process, `(${name}) start preempt delay (${preemptDelaySeconds.toFixed(6)})`);
    one.preemptFrom = world.sim.now + preemptDelaySeconds * SECOND;
  }
}

function masterHears(call: VrrpCall, index: number, from: Ipv4, advert: Advertisement): void {
  const one = call.instances[index]!;
  const { world, process, due } = call;
  const { name, priority, source, garp: setting } = one.setting;
  if (advert.priority === 0) return advertise(call, index, priority);
  const lower = advert.priority < priority || (advert.priority === priority && from < source);
  if (lower) {
    const whom = `from ${formatIpv4(from)} with lower priority ${advert.priority}, ours ${priority}`;
    journal(world, process, `(${name}) Received advert ${whom}, forcing new election`);
    advertise(call, index, priority);
    if (setting.lowerRepeat === 0) return;
    garp(call, index, setting.lowerRepeat);
    const again = world.sim.now + setting.lowerDelaySeconds * SECOND;
    if (setting.lowerDelaySeconds > 0) armAnother(due, 'garp-lower', index, again);
    return;
  }
  const whom = `from ${formatIpv4(from)} with higher priority ${advert.priority}, ours ${priority}`;
  journal(world, process, `(${name}) Master received advert ${whom}`);
  one.masterInterval = one.setting.version === 3 ? advert.intervalSeconds : one.setting.intervalSeconds;
  enterBackup(call, index);
}

/** garp_lower_prio_delay is over. */
export function garpLower(call: VrrpCall, index: number): void {
  const one = call.instances[index]!;
  if (one.role === 'MASTER') garp(call, index, one.setting.garp.lowerRepeat);
}
