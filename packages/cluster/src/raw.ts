import { type InjectedPacket, injectPacket } from '@lvscope/net';
import { HOOKS } from './wiring.ts';
import type { World } from './world.ts';

export type RawPacket = InjectedPacket;

/** Sends a hand-made packet from a host, past its sockets. @returns false where there is no route */
export function rawPacket(world: World, hostName: string, packet: RawPacket): boolean {
  const host = world.net.hostByName.get(hostName);
  if (host === undefined) return false;
  injectPacket(world, HOOKS, host, packet);
  return true;
}
