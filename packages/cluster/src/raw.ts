import { injectPacket, type InjectResult, type RawPacket } from '@lvscope/net';
import { HOOKS } from './wiring.ts';
import type { World } from './world.ts';

/** Sends a hand-made packet from a host, past its sockets. */
export function rawPacket(world: World, hostName: string, packet: RawPacket): InjectResult {
  const host = world.net.hostByName.get(hostName);
  if (host === undefined) return 'no-route';
  return injectPacket(world, HOOKS, host, packet);
}
