import { injectPacket, type RawPacket } from '@lvscope/net';
import { HOOKS } from './wiring.ts';
import type { World } from './world.ts';

/** Sends a hand-made packet from a host, past its sockets. @returns false where there is no route */
export function rawPacket(world: World, hostName: string, packet: RawPacket): boolean {
  const host = world.net.hostByName.get(hostName);
  if (host === undefined) return false;
  return injectPacket(world, HOOKS, host, packet);
}
