import { hostNamed, interfaceByName, interfaceCounters, waitingPackets, type World } from '@lvscope/cluster';
import type { CableState } from './api.ts';

/** A host's end of a cable, and the segment that it leads to. */
export function cableOf(world: World, hostName: string, nicName: string): CableState | undefined {
  const host = hostNamed(world, hostName);
  const nic = host && interfaceByName(host, nicName);
  const segment = nic && world.net.segments[nic.segment];
  if (nic === undefined || segment === undefined) return undefined;
  const { now } = world.sim;
  return {
    atNs: now,
    host: hostName,
    interface: nic.name,
    network: segment.name,
    up: nic.up,
    bandwidthBitsPerSecond: segment.bandwidthBitsPerSecond,
    delayNs: segment.delayNs,
    jitterNs: segment.jitterNs,
    loss: segment.loss,
    mtu: segment.mtu,
    queuePackets: segment.queuePackets,
    waitingPackets: waitingPackets(world.net, nic, now),
    ...interfaceCounters(world.net, nic),
    droppedPackets: nic.droppedPackets,
  };
}
