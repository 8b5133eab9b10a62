import {
  addInterface,
  interfaceByName,
  removeInterface,
  setArp,
  setInterfaceMtu,
  setInterfaceUp,
  setMac,
} from '@lvscope/cluster';
import type { CommandResult, Host, Network } from '@lvscope/cluster';
import type { LinkChange } from '@lvscope/syntax';
import { DONE } from '../../program.ts';
import type { Call } from '../../program.ts';
import { mtuFault } from '../../text/ip-links.ts';
import { extended, netlink, noDevice } from './answers.ts';
import { onlyFallbackTunnel } from './tunnel.ts';

export function setLink(
  { world }: Call,
  host: Host,
  dev: string,
  changes: readonly LinkChange[],
): CommandResult {
  const { net } = world;
  const nic = interfaceByName(host, dev);
  if (!nic) return noDevice(dev);
  for (const change of changes) {
    if (change.kind === 'arp') setArp(net, nic, change.on);
    else if (change.kind === 'address') setMac(net, nic, change.mac);
    else if (change.kind === 'mtu') {
      const fault = mtuFault(nic, change.bytes);
      if (fault !== undefined) return extended(`${fault}.`);
      setInterfaceMtu(world, host, nic, change.bytes);
    } else setInterfaceUp(net, host, dev, change.kind === 'up');
  }
  return DONE;
}

/** IFNAMSIZ, without the 0 at the end. */
const LONGEST_NAME = 15;

export function addLink(net: Network, host: Host, name: string, type: string): CommandResult {
  if (type !== 'dummy' && type !== 'ipip') return extended('Unknown device type.');
  if (name.length > LONGEST_NAME) return extended('Attribute failed policy validation.');
  if (interfaceByName(host, name)) return netlink('File exists');
  if (type === 'ipip') return onlyFallbackTunnel();
  addInterface(net, host, { name, up: false });
  return DONE;
}

/** A dummy goes; tunl0 belongs to the module ipip, which keeps it and says nothing. */
export function deleteLink(net: Network, host: Host, dev: string): CommandResult {
  const nic = interfaceByName(host, dev);
  if (!nic) return noDevice(dev);
  if (nic.segment >= 0 || dev === 'lo') return netlink('Operation not supported');
  if (dev !== 'tunl0') removeInterface(net, host, nic);
  return DONE;
}
