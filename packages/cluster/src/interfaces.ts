import { formatMac } from '@lvscope/inet';
import type { World } from './world.ts';

/** An interface that is plugged into a segment, with what a reader of frames wants to know of it. */
export interface InterfaceRow {
  /** Its number in frame records. */
  readonly id: number;
  /** `d1:eth0` */
  readonly label: string;
  readonly host: string;
  readonly name: string;
  readonly network: string;
  readonly mac: number;
  readonly macText: string;
  /** Of its segment: bits a second (0 = unlimited), and ns from interface to interface. */
  readonly bandwidthBitsPerSecond: number;
  readonly delayNs: number;
}

/** All interfaces with a cable, in the order in which they were made. */
export function wiredInterfaces(world: World): InterfaceRow[] {
  const { net } = world;
  return net.interfaces
    .filter((nic) => nic.segment >= 0)
    .map((nic) => {
      const segment = net.segments[nic.segment]!;
      const host = net.hosts[nic.host]!.name;
      // at packet level `ip link set … address` changes the port's
      const port = net.link?.ports[nic.id];
      const mac = port === undefined ? nic.mac : net.link!.macs[port.mac]!;
      return {
        id: nic.id,
        label: `${host}:${nic.name}`,
        host,
        name: nic.name,
        network: segment.name,
        mac,
        macText: formatMac(mac),
        bandwidthBitsPerSecond: segment.bandwidthBitsPerSecond,
        delayNs: segment.delayNs,
      };
    });
}
