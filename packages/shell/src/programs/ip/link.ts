import {
  addInterface,
  interfaceByName,
  setArp,
  setInterfaceMtu,
  setInterfaceUp,
  setMac,
} from '@lvscope/cluster';
import type { CommandResult, Host, Network } from '@lvscope/cluster';
import type { LinkChange } from '@lvscope/syntax';
import { DONE, failed } from '../../program.ts';
import type { Call } from '../../program.ts';
import { mtuFault } from '../../text/ip-links.ts';
import { extended, netlink, noDevice } from './answers.ts';

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

export function addLink(net: Network, host: Host, name: string, type: string): CommandResult {
  if (type !== 'dummy') return extended('Unknown device type.');
  if (interfaceByName(host, name)) return netlink('File exists');
  addInterface(net, host, { name, up: false });
  return DONE;
}

/** Interfaces stay, for what the run has shown of them refers to them. */
export function deleteLink(host: Host, dev: string): CommandResult {
  const nic = interfaceByName(host, dev);
  if (!nic) return noDevice(dev);
  if (nic.segment >= 0 || dev === 'lo') return netlink('Operation not supported');
  return failed(
    1,
    `ip: an interface cannot be taken away here: ip addr flush dev ${dev}; ip link set ${dev} down`,
  );
}
