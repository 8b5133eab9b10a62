import type { Simulation } from '@lvscope/des';
import type { Ipv4 } from '@lvscope/inet';
import { updateDefence } from './defence.ts';
import { hasMixedFamilies } from './families.ts';
import type { IpvsError, IpvsResult } from './errors.ts';
import type { Ipvs, SyncDaemon, Timeouts } from './state.ts';
import { TCP_ESTABLISHED, TCP_FIN_WAIT } from './states/tcp.ts';
import { createSyncMaster } from './sync-master.ts';
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
): IpvsResult {
  if (!(syncId >= 0 && syncId <= 255)) return { code: 'EINVAL', what: 'daemon' };
  if (hasMixedFamilies(ipvs)) return { code: 'EINVAL', what: 'daemon' };
  if (ipvs.daemons.some((d) => d.role === role)) return { code: 'EEXIST', what: 'daemon' };
  const daemon: SyncDaemon = { role, interface: interfaceName, syncId };
  if (role === 'backup') {
    ipvs.daemons.push(daemon);
    return undefined;
  }
  ipvs.daemons.unshift(daemon);
  ipvs.syncMaster = createSyncMaster(ipvs, daemon);
  startSync(ipvs, sim);
  return undefined;
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
export function setLocalAddresses(ipvs: Ipvs, addresses: readonly Ipv4[]): void {
  ipvs.localAddresses.clear();
  for (const address of addresses) ipvs.localAddresses.add(address);
}
