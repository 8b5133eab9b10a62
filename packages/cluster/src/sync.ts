import { type Ipv4, parseIpv4, PROTO_UDP } from '@lvscope/inet';
import {
  daemons,
  type IpvsResult,
  receiveSync,
  refusesDaemons,
  startSyncDaemon,
  stopSyncDaemon,
  syncThreads,
  type SyncDaemon,
  type SyncOptions,
  tick,
} from '@lvscope/ipvs';
import {
  interfaceByName,
  joinGroup,
  leaveGroup,
  messageOf,
  type PacketId,
  sendMessage,
  udpClose,
  udpOpen,
} from '@lvscope/net';
import { OWNER_SYNC, ownerCode } from './transport.ts';
import { HOOKS } from './wiring.ts';
import type { Director, World } from './world.ts';

const NO_DEVICE: IpvsResult = { code: 'ENODEV', what: 'daemon' };

function directorNamed(world: World, name: string): Director | undefined {
  return world.directors.find((director) => director.name === name);
}

/** The kernel threads of one sync daemon, by their sockets. */
export interface SyncSockets {
  readonly role: SyncDaemon['role'];
  readonly interface: string;
  /** Where the daemons meet. */
  readonly group: Ipv4;
  readonly port: number;
  readonly ttl: number;
  readonly sockets: readonly number[];
}

/**
 * `ipvsadm --start-daemon` on a director: a backup hears the group from now on, a master speaks to it
 * from its
 * interface's first address.
 * @returns ENODEV without such a director or interface, and what `startSyncDaemon` refuses
 */
export function startSync(
  world: World,
  hostName: string,
  role: SyncDaemon['role'],
  interfaceName: string,
  syncId: number,
  options: Partial<SyncOptions> = {},
): IpvsResult {
  const director = directorNamed(world, hostName);
  if (director === undefined) return NO_DEVICE;
  const host = world.net.hosts[director.host]!;
  const nic = interfaceByName(host, interfaceName);
  // the kernel looks at the families first (ip_vs_genl_new_daemon)
  if (nic === undefined) return refusesDaemons(director.ipvs) ?? NO_DEVICE;
  const said = { ...options, mtu: nic.mtu };
  const refused = startSyncDaemon(director.ipvs, world.sim, role, interfaceName, syncId, said);
  if (refused !== undefined) return refused;
  const daemon = daemons(director.ipvs).find((one) => one.role === role);
  const group = parseIpv4(daemon?.group ?? '');
  // no IPv6 packet is simulated: a daemon of such a group hears and says nothing
  if (daemon === undefined || group === undefined) return undefined;
  const { port: first, ttl } = daemon;
  const sockets: number[] = [];
  for (let thread = 0; thread < syncThreads(director.ipvs); thread++) {
    const port = first + thread;
    const app = ownerCode(OWNER_SYNC, world.directors.indexOf(director));
    const socket =
      role === 'backup'
        ? udpOpen(world, host, { source: group, sourcePort: port, app })
        : udpOpen(world, host, {
            source: nic.addresses[0]?.address ?? 0,
            destination: group,
            destinationPort: port,
            app,
          });
    if (typeof socket === 'number') sockets.push(socket);
    if (role === 'backup') joinGroup(nic, group);
  }
  director.sync.push({ role, interface: interfaceName, group, port: first, ttl, sockets });
  return undefined;
}

/** `ipvsadm --stop-daemon`. @returns ESRCH where none of this role runs */
export function stopSync(world: World, hostName: string, role: SyncDaemon['role']): IpvsResult {
  const director = directorNamed(world, hostName);
  if (director === undefined) return NO_DEVICE;
  const refused = stopSyncDaemon(director.ipvs, role);
  if (refused !== undefined) return refused;
  const at = director.sync.findIndex((threads) => threads.role === role);
  const threads = director.sync[at];
  if (threads === undefined) return undefined;
  director.sync.splice(at, 1);
  const nic = interfaceByName(world.net.hosts[director.host]!, threads.interface);
  for (const socket of threads.sockets) {
    udpClose(world, socket);
    if (role === 'backup' && nic !== undefined) leaveGroup(nic, threads.group);
  }
  return undefined;
}

/** A periodic job of a director's IPVS; what its master daemon has to say leaves now. */
export function directorTick(world: World, director: Director, job: number): void {
  const { ipvs } = director;
  tick(ipvs, world.sim, job);
  if (ipvs.syncOut.length === 0) return;
  const host = world.net.hosts[director.host]!;
  const threads = director.sync.find(({ role }) => role === 'master');
  for (const { interface: name, port, bytes } of ipvs.syncOut.splice(0)) {
    const nic = interfaceByName(host, name);
    if (nic === undefined || threads === undefined) continue;
    sendMessage(world, HOOKS, host, nic, {
      protocol: PROTO_UDP,
      source: nic.addresses[0]?.address ?? 0,
      sourcePort: masterPort(world, threads, port),
      destination: threads.group,
      destinationPort: port,
      ttl: threads.ttl,
      bytes,
    });
  }
}

function masterPort(world: World, threads: SyncSockets, port: number): number {
  const socket = threads.sockets[port - threads.port];
  return socket === undefined ? port : world.net.sockets.localPort[socket]!;
}

/** A datagram for a sync daemon. */
export function syncDatagram(world: World, directorIndex: number, packet: PacketId): void {
  const director = world.directors[directorIndex];
  const bytes = messageOf(world.net, packet);
  if (director !== undefined && bytes !== undefined) receiveSync(director.ipvs, world.sim, bytes);
}
