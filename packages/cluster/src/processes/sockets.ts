import type { Ipv4 } from '@lvscope/inet';
import {
  connect,
  type FrameWatch,
  startTap,
  type Tap,
  type TapOptions,
  udpOpen,
  watchFrames,
} from '@lvscope/net';
import { OWNER_PROCESS } from '../transport.ts';
import { HOOKS } from '../wiring.ts';
import type { World } from '../world.ts';
import type { Process } from './state.ts';
import { slotOf } from './table.ts';

export interface SocketAddress {
  readonly source?: Ipv4;
  readonly sourcePort?: number;
  readonly destination?: Ipv4;
  readonly destinationPort?: number;
}

/**
 * connect(2) by a process; what becomes of it are messages. The socket ends with the process.
 * @returns the socket, or why there is none
 */
export function openSocket(
  world: World,
  process: Process,
  address: SocketAddress & { readonly destination: Ipv4; readonly destinationPort: number },
): number | 'unreachable' | 'ports-exhausted' | 'address-in-use' {
  const host = world.net.hostByName.get(process.host)!;
  const socket = connect(world, HOOKS, host, {
    ...(address.source !== undefined && { source: address.source }),
    sourcePort: address.sourcePort ?? 0,
    destination: address.destination,
    destinationPort: address.destinationPort,
    app: OWNER_PROCESS,
    appData: process.pid,
  });
  if (typeof socket === 'number') process.sockets.push(socket);
  return socket;
}

/** A UDP socket of a process, bound, connected or both. */
export function openDatagrams(
  world: World,
  process: Process,
  address: SocketAddress,
): ReturnType<typeof udpOpen> {
  const host = world.net.hostByName.get(process.host)!;
  const socket = udpOpen(world, host, { ...address, app: OWNER_PROCESS, appData: process.pid });
  if (typeof socket === 'number') process.sockets.push(socket);
  return socket;
}

/** A packet socket of a process: `{ kind: 'tap' }` says that there is something to read (`readTap`). */
export function openTap(world: World, process: Process, options: TapOptions = {}): Tap {
  const host = world.net.hostByName.get(process.host)!;
  const wakes = { bank: world.processes.bank, timer: slotOf(world, process) };
  const tap = startTap(world.net, host, { ...options, wakes });
  process.taps.push(tap);
  return tap;
}

/**
 * A packet socket on whole frames: the process is woken at each (`takeFrames`).
 * @returns undefined at connection level, which has no frames
 */
export function openFrames(
  world: World,
  process: Process,
  interfaces: readonly number[],
): FrameWatch | undefined {
  const wakes = { bank: world.processes.bank, timer: slotOf(world, process) };
  const watch = watchFrames(world.net, interfaces, wakes);
  if (watch !== undefined) process.watches.push(watch);
  return watch;
}
