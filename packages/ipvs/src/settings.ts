import type { Simulation } from '@lvscope/des';
import type { Ipv4 } from '@lvscope/inet';
import { updateDefence } from './defence.ts';
import { hasMixedFamilies } from './families.ts';
import type { IpvsError, IpvsResult } from './errors.ts';
import type { Ipvs, SyncDaemon, SyncOptions, Timeouts } from './state.ts';
import { TCP_ESTABLISHED, TCP_FIN_WAIT } from './states/tcp.ts';
import { createSyncMaster, SYNC_PORT } from './sync-master.ts';
import { storeSysctl } from './sysctl.ts';
import { startSync } from './ticks.ts';

/** INT_MAX / HZ: what the kernel can turn into jiffies. */
const LONGEST_SECONDS = 8_589_934;

/**
 * `ipvsadm --set`: seconds, 0 keeps. Running timers stay; the next packet of a connection takes the new
 * value.
 * @returns EINVAL outside 0 to 8 589 934
 */
export function setTimeouts(ipvs: Ipvs, tcp: number, tcpFin: number, udp: number): IpvsResult {
  for (const value of [tcp, tcpFin, udp]) {
    if (!(value >= 0 && value <= LONGEST_SECONDS)) return { code: 'EINVAL', what: 'timeout' };
  }
  if (tcp !== 0) ipvs.tcp.timeouts[TCP_ESTABLISHED] = tcp;
  if (tcpFin !== 0) ipvs.tcp.timeouts[TCP_FIN_WAIT] = tcpFin;
  if (udp !== 0) ipvs.udpTimeout = udp;
  return undefined;
}

/** `ipvsadm -L --timeout`, seconds. */
export function timeouts(ipvs: Ipvs): Timeouts {
  return {
    tcp: ipvs.tcp.timeouts[TCP_ESTABLISHED]!,
    tcpFin: ipvs.tcp.timeouts[TCP_FIN_WAIT]!,
    udp: ipvs.udpTimeout,
  };
}

/** `ipvsadm -L --daemon`. */
export function daemons(ipvs: Ipvs): readonly SyncDaemon[] {
  return ipvs.daemons;
}

/**
 * `ipvsadm --start-daemon`. @returns EEXIST where one of this role runs, EINVAL for a syncid outside 0 to
 * 255, and where a service has a server of the other address family: no message could name it
 */
export function startSyncDaemon(
  ipvs: Ipvs,
  sim: Simulation,
  role: SyncDaemon['role'],
  interfaceName: string,
  syncId: number,
  options: Partial<SyncOptions> = {},
): IpvsResult {
  if (!(syncId >= 0 && syncId <= 255)) return { code: 'EINVAL', what: 'daemon' };
  const refused = refusesDaemons(ipvs);
  if (refused !== undefined) return refused;
  if (ipvs.daemons.some((d) => d.role === role)) return { code: 'EEXIST', what: 'daemon' };
  const group = options.group || '224.0.0.81';
  const daemon: SyncDaemon = {
    role,
    interface: interfaceName,
    syncId,
    maxLength: syncLength(role, group, options),
    group,
    port: options.port || SYNC_PORT,
    ttl: options.ttl || 1,
  };
  if (role === 'backup') {
    ipvs.daemons.push(daemon);
    return undefined;
  }
  ipvs.daemons.unshift(daemon);
  ipvs.syncMaster = createSyncMaster(ipvs, daemon);
  startSync(ipvs, sim);
  return undefined;
}

/** Why no daemon can run at all. */
export function refusesDaemons(ipvs: Ipvs): IpvsResult {
  return hasMixedFamilies(ipvs) ? { code: 'EINVAL', what: 'daemon' } : undefined;
}

/** The bytes of a daemon's datagrams (start_sync_thread): a backup takes at least an ordinary frame's. */
function syncLength(role: SyncDaemon['role'], group: string, options: Partial<SyncOptions>): number {
  const headers = group.includes(':') ? 48 : 28;
  const { maxLength = 0, mtu = 1500 } = options;
  if (maxLength > 0) return Math.min(Math.max(maxLength, role === 'backup' ? 1024 : 1), 65535 - headers);
  return (role === 'backup' ? Math.min(Math.max(mtu, 1500), 65535) : 1500) - headers;
}

/** `ipvsadm --stop-daemon`. @returns ESRCH where none of this role runs */
export function stopSyncDaemon(ipvs: Ipvs, role: SyncDaemon['role']): IpvsResult {
  const index = ipvs.daemons.findIndex((d) => d.role === role);
  if (index < 0) return { code: 'ESRCH', what: 'daemon' };
  ipvs.daemons.splice(index, 1);
  // what it had not sent yet is lost
  if (role === 'master') ipvs.syncMaster = undefined;
  return undefined;
}

/**
 * A write to /proc/sys/net/ipv4/vs/`name`; the defence modes take effect at once.
 * @returns ENOENT for an unknown name, EINVAL for what the kernel does not take
 */
export function setSysctl(ipvs: Ipvs, sim: Simulation, name: string, text: string): IpvsError | undefined {
  const refused = storeSysctl(ipvs, name, text);
  if (refused !== undefined) return refused;
  if (name === 'drop_entry' || name === 'drop_packet' || name === 'secure_tcp') updateDefence(ipvs, sim);
  return undefined;
}

/** The director's own addresses: cache_bypass sends nothing there. */
export function setLocalAddresses(
  ipvs: Ipvs,
  addresses: readonly Ipv4[],
  broadcasts: readonly Ipv4[] = [],
): void {
  ipvs.localAddresses.clear();
  for (const address of addresses) ipvs.localAddresses.add(address);
  ipvs.localBroadcasts.clear();
  for (const address of broadcasts) ipvs.localBroadcasts.add(address);
}
