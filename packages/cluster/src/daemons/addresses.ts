import type { Ipv4 } from '@lvscope/inet';
import { addAddress, announce, gratuitousArp, type Host, interfaceByName, removeAddress } from '@lvscope/net';
import { noteAddresses } from '../machines.ts';
import type { World } from '../world.ts';

/** An address that moves between hosts. */
export interface MovingAddress {
  readonly address: Ipv4;
  readonly prefixLength: number;
  readonly device: string;
}

/** Gives the address to the host's interface (RTM_NEWADDR); one that is there already stays. */
export function takeAddress(world: World, host: Host, vip: MovingAddress): void {
  addAddress(world.net, host, vip.device, vip.address, vip.prefixLength);
  noteAddresses(world, host.name);
}

export function dropAddress(world: World, host: Host, vip: MovingAddress): void {
  removeAddress(world.net, host, vip.device, vip.address, vip.prefixLength);
  noteAddresses(world, host.name);
}

/** One gratuitous ARP for the address, a request or a reply, to all of the segment. */
export function sayAddress(
  world: World,
  host: Host,
  vip: MovingAddress,
  kind: 'request' | 'reply' = 'request',
): void {
  const nic = interfaceByName(host, vip.device);
  if (nic === undefined || !nic.up || !host.power) return;
  announce(world.net, host, vip.address);
  if (world.net.link !== undefined) gratuitousArp(world, host, nic, vip.address, kind);
}
