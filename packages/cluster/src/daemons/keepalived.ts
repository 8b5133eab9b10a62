import { type Ipv4, ipv4, parseIpv4, parseMac } from '@lvscope/inet';
import {
  addInterface,
  type Host,
  interfaceByName,
  joinGroup,
  leaveGroup,
  setInterfaceUp,
} from '@lvscope/net';
import { type KeepalivedGlobals, parseKeepalived, parsePrefix, type VrrpInstance } from '@lvscope/syntax';
import { readFile } from '../files.ts';
import { ipvsOf } from '../machines.ts';
import type { Daemon, DaemonCall } from '../processes/daemons.ts';
import { journal } from '../processes/journal.ts';
import type { Message } from '../processes/state.ts';
import { endProcess, setAlarm } from '../processes/table.ts';
import type { World } from '../world.ts';
import type { MovingAddress } from './addresses.ts';
import { checkResults } from './checks.ts';
import { type Due, nextDue, takeDue } from './due.ts';
import { poolsOf, type PoolsState } from './keepalived-checks.ts';
import {
  checkDone,
  checkDue,
  checkTimedOut,
  type PoolsCall,
  scriptDone,
  startPools,
  stopPools,
} from './keepalived-pools.ts';
import {
  advertDue,
  advertReceived,
  type GarpSetting,
  garpAgain,
  garpLower,
  garpNext,
  garpRefresh,
  linksChanged,
  masterDown,
  startInstance,
  stopInstance,
  type VrrpCall,
  type VrrpInstanceState,
  type VrrpSetting,
} from './vrrp.ts';
import { decodeAdvertisement, PROTO_VRRP, VRRP_GROUP, VRRP_TTL } from './vrrp-packet.ts';

const CONFIG_FILE = '/etc/keepalived/keepalived.conf';

interface KeepalivedState {
  readonly file: string;
  due: Due[];
  instances: VrrpInstanceState[];
  syncGroups: readonly (readonly string[])[];
  pools: PoolsState;
}

const stateOf = ({ process }: DaemonCall): KeepalivedState => process.state as KeepalivedState;
const hostOf = ({ world, process }: DaemonCall): Host => world.net.hostByName.get(process.host)!;

function vrrpCall(call: DaemonCall): VrrpCall {
  const { due, instances, syncGroups } = stateOf(call);
  return { ...call, host: hostOf(call), due, instances, syncGroups };
}

/** The checkers; undefined where the host has no IPVS. */
function poolsCall(call: DaemonCall): PoolsCall | undefined {
  const ipvs = ipvsOf(call.world, call.process.host);
  const { due, pools } = stateOf(call);
  return ipvs === undefined ? undefined : { call, ipvs, due, state: pools };
}

/** Reads the file again and begins. @returns why it cannot */
function begin(call: DaemonCall, file: string): string | undefined {
  const { world, process } = call;
  const text = readFile(world, process.host, file);
  if (text === undefined) return `Unable to find configuration file ${file} (glob returned 3)`;
  const { config, warnings } = parseKeepalived(text);
  for (const warning of warnings) journal(world, process, `(${file}: Line ${warning.line}) ${warning.text}`);
  const host = hostOf(call);
  const instances = config.instances.flatMap((instance) => {
    const setting = settingOf(host, config.globals, instance);
    if (typeof setting !== 'string') return [stateOfInstance(setting)];
    journal(world, process, `(${instance.name}) ${setting}`);
    return [];
  });
  process.state = {
    file,
    due: [],
    instances,
    syncGroups: config.syncGroups.map(({ members }) => members),
    pools: poolsOf(config),
  } satisfies KeepalivedState;
  prepareInterfaces(call);
  const vrrp = vrrpCall(call);
  for (const index of vrrp.instances.keys()) startInstance(vrrp, index);
  const pools = poolsCall(call);
  if (pools !== undefined) startPools(pools);
  setAlarm(world, process, nextDue(stateOf(call).due));
  return undefined;
}

const stateOfInstance = (setting: VrrpSetting): VrrpInstanceState => ({
  setting,
  role: 'INIT',
  masterInterval: setting.intervalSeconds,
  preemptFrom: -1,
  garpQueue: [],
  garpFrom: 0,
});

const DEFAULT_INTERVAL = 1;
const DEFAULT_PRIORITY = 100;
/** keepalived.conf(5): five at once, five more after five seconds, none later. */
const DEFAULT_GARP = { delay: 5, repeat: 5, refresh: 0, refreshRepeat: 1 };

/** An instance with all its defaults; or why it is left out. */
function settingOf(
  host: Host,
  globals: KeepalivedGlobals,
  { name, settings, addresses, unicastPeers, trackInterfaces }: VrrpInstance,
): VrrpSetting | string {
  const baseDevice = settings.interface ?? '';
  const nic = interfaceByName(host, baseDevice);
  if (nic === undefined) return `interface ${baseDevice} not found - ignoring`;
  const routerId = settings.virtual_router_id ?? 0;
  if (routerId < 1 || routerId > 255) return `VRID not set or out of range [1, 255] - ignoring`;
  const vmacDevice = settings.use_vmac === true ? `vrrp.${routerId}` : undefined;
  const device = vmacDevice !== undefined && settings.vmac_xmit_base !== true ? vmacDevice : baseDevice;
  const own = nic.addresses[0]?.address ?? ipv4(0);
  const vips = addresses.flatMap((line) => vipOf(line, vmacDevice ?? baseDevice));
  const version = (settings.version ?? globals.vrrp_version) === 3 ? 3 : 2;
  const interval = settings.advert_int ?? DEFAULT_INTERVAL;
  return {
    name,
    wantsMaster: settings.state === 'MASTER',
    device,
    baseDevice,
    vmacDevice,
    routerId,
    priority: settings.priority ?? DEFAULT_PRIORITY,
    // version 2 has whole seconds on the wire
    intervalSeconds: version === 3 ? interval : Math.max(1, Math.floor(interval + 0.5)),
    version,
    preempt: settings.nopreempt !== true,
    preemptDelaySeconds: settings.preempt_delay ?? 0,
    peers: unicastPeers.flatMap((text): Ipv4[] => {
      const peer = parseIpv4(text.split(' ')[0] ?? '');
      return peer === undefined ? [] : [peer];
    }),
    source: parseIpv4(settings.unicast_src_ip ?? settings.mcast_src_ip ?? '') ?? own,
    vips,
    garp: garpOf(globals, settings),
    tracked: trackInterfaces.map((line) => line.split(' ')[0] ?? ''),
    notify: {
      master: settings.notify_master ?? '',
      backup: settings.notify_backup ?? '',
      fault: settings.notify_fault ?? '',
      stop: settings.notify_stop ?? '',
      always: settings.notify ?? '',
    },
  };
}

function garpOf(globals: KeepalivedGlobals, own: VrrpInstance['settings']): GarpSetting {
  const minimal = globals.vrrp_min_garp === true;
  const repeat =
    own.garp_master_repeat ?? globals.vrrp_garp_master_repeat ?? (minimal ? 1 : DEFAULT_GARP.repeat);
  const delay = own.garp_master_delay ?? globals.vrrp_garp_master_delay ?? (minimal ? 0 : DEFAULT_GARP.delay);
  return {
    repeat,
    delaySeconds: delay,
    refreshSeconds: own.garp_master_refresh ?? globals.vrrp_garp_master_refresh ?? DEFAULT_GARP.refresh,
    refreshRepeat:
      own.garp_master_refresh_repeat ?? globals.vrrp_garp_master_refresh_repeat ?? DEFAULT_GARP.refreshRepeat,
    lowerDelaySeconds: own.garp_lower_prio_delay ?? globals.vrrp_garp_lower_prio_delay ?? delay,
    lowerRepeat: own.garp_lower_prio_repeat ?? globals.vrrp_garp_lower_prio_repeat ?? repeat,
    intervalSeconds: own.garp_interval ?? globals.vrrp_garp_interval ?? 0,
  };
}

/** `192.168.1.6[/24] [dev eth0] …`; without a length it is /32. */
function vipOf(line: string, device: string): MovingAddress[] {
  const words = line.split(/\s+/);
  const [text = ''] = words;
  const prefix = parsePrefix(text.includes('/') ? text : `${text}/32`);
  if (prefix === undefined) return [];
  const named = words[words.indexOf('dev') + 1];
  const on = words.includes('dev') && named !== undefined && !device.startsWith('vrrp.') ? named : device;
  return [{ address: prefix.address, prefixLength: prefix.prefixLength, device: on }];
}

/** Joins the group where advertisements come in, and makes the interfaces of virtual MACs. */
function prepareInterfaces(call: DaemonCall): void {
  const { world, process } = call;
  const host = hostOf(call);
  process.hears.push(PROTO_VRRP, 'netlink');
  for (const { setting } of stateOf(call).instances) {
    const nic = interfaceByName(host, setting.baseDevice);
    if (nic !== undefined) joinGroup(nic, VRRP_GROUP);
    if (setting.vmacDevice === undefined || nic === undefined) continue;
    // 00:00:5e:00:01:VRID (RFC 5798), a macvlan on the same wire
    const mac = parseMac(`00:00:5e:00:01:${setting.routerId.toString(16).padStart(2, '0')}`);
    const segment = world.net.segments[nic.segment];
    if (interfaceByName(host, setting.vmacDevice) === undefined && segment && mac !== undefined) {
      addInterface(world.net, host, { name: setting.vmacDevice, segment, mac });
    }
    const vmac = interfaceByName(host, setting.vmacDevice);
    if (vmac !== undefined) setInterfaceUp(world.net, host, vmac.name, false);
    quietBase(world, host, setting);
  }
}

/** keepalived sets arp_ignore=1 on both interfaces, so that only the virtual MAC answers for its address. */
function quietBase(world: World, host: Host, { baseDevice, vmacDevice }: VrrpSetting): void {
  const { link } = world.net;
  for (const name of [baseDevice, vmacDevice ?? '']) {
    const nic = interfaceByName(host, name);
    if (nic !== undefined && link !== undefined) link.ports[nic.id]!.conf.arp_ignore = 1;
  }
}

function wake(call: DaemonCall, messages: readonly Message[]): void {
  const { world, process } = call;
  const state = stateOf(call);
  const vrrp = vrrpCall(call);
  for (const message of messages) {
    if (message.kind === 'netlink') linksChanged(vrrp);
    else if (message.kind === 'packet' && message.ttl === VRRP_TTL) {
      const advert = decodeAdvertisement(message.content);
      if (advert !== undefined) advertReceived(vrrp, message.device, message.from, advert);
    }
  }
  const pools = poolsCall(call);
  if (pools !== undefined) {
    for (const result of checkResults(world, process, state.pools.pending, messages))
      checkDone(pools, result);
    for (const message of messages) if (message.kind === 'child') scriptDone(pools, message.pid, message.rc);
  }
  for (let due = takeDue(state.due, world.sim.now); due !== undefined; ) {
    carryOut(vrrp, pools, due);
    due = takeDue(state.due, world.sim.now);
  }
  setAlarm(world, process, nextDue(state.due));
}

function carryOut(vrrp: VrrpCall, pools: PoolsCall | undefined, { kind, index }: Due): void {
  switch (kind) {
    case 'master-down':
      return masterDown(vrrp, index);
    case 'advert':
      return advertDue(vrrp, index);
    case 'garp-again':
      return garpAgain(vrrp, index);
    case 'garp-next':
      return garpNext(vrrp, index);
    case 'garp-refresh':
      return garpRefresh(vrrp, index);
    case 'garp-lower':
      return garpLower(vrrp, index);
    case 'check':
      return pools && checkDue(pools, index);
    case 'check-timeout':
      return pools && checkTimedOut(pools, index);
  }
}

function end(call: DaemonCall): void {
  const vrrp = vrrpCall(call);
  const pools = poolsCall(call);
  for (const [index, { setting }] of vrrp.instances.entries()) {
    stopInstance(vrrp, index);
    const nic = interfaceByName(hostOf(call), setting.baseDevice);
    if (nic !== undefined) leaveGroup(nic, VRRP_GROUP);
  }
  if (pools !== undefined) stopPools(pools);
}

/** keepalived 2: VRRP and health checks in one process. */
export const KEEPALIVED: Daemon = {
  start: (call, args) => {
    const at = args.findIndex((arg) => arg === '-f' || arg === '--use-file');
    journal(call.world, call.process, 'Starting Keepalived v2.2.7');
    return begin(call, at < 0 ? CONFIG_FILE : (args[at + 1] ?? CONFIG_FILE));
  },
  wake,
  signal: (call, signal) => {
    const { world, process } = call;
    if (signal === 'HUP') {
      const { file } = stateOf(call);
      journal(world, process, 'Reloading ...');
      end(call);
      process.hears.length = 0;
      const reason = begin(call, file);
      if (reason !== undefined) journal(world, process, reason);
      return;
    }
    if (signal !== 'TERM' && signal !== 'INT') return;
    journal(world, process, 'Stopping');
    end(call);
    endProcess(world, process, 0);
  },
  status: (call) =>
    stateOf(call).instances.map(
      ({ setting, role }) => `(${setting.name}) ${role}, priority ${setting.priority}`,
    ),
};
