import { addAddress, interfaceByName, removeAddress } from '@lvscope/cluster';
import type { AddressResult, CommandResult, Host, Network } from '@lvscope/cluster';
import { inPrefix } from '@lvscope/inet';
import type { IpCommand } from '@lvscope/syntax';
import { DONE, failed, said } from '../../program.ts';
import { netlink, noDevice } from './answers.ts';

type Change = IpCommand & { readonly kind: 'addr-add' | 'addr-change' | 'addr-replace' | 'addr-del' };

export function changeAddress(net: Network, host: Host, command: Change): CommandResult {
  const { dev, label } = command;
  const { address, prefixLength } = command.address;
  if (command.kind === 'addr-del') {
    return answer(removeAddress(net, host, dev, address, prefixLength), dev);
  }
  if (label !== undefined && !label.startsWith(dev)) {
    return failed(1, `"dev" (${dev}) must match "label" (${label}).`);
  }
  const scope = command.scope === 'host' || command.scope === 'link' ? command.scope : undefined;
  const added = addAddress(net, host, dev, address, prefixLength, scope, label);
  // change and replace of an address that is there change its lifetime only
  return added === 'exists' && command.kind !== 'addr-add' ? DONE : answer(added, dev);
}

function answer(result: AddressResult, dev: string): CommandResult {
  switch (result) {
    case 'ok':
      return DONE;
    case 'no-such-device':
      return noDevice(dev);
    case 'exists':
      return netlink('File exists');
    case 'no-such-address':
      return netlink('Cannot assign requested address');
  }
}

export function flushAddresses(
  net: Network,
  host: Host,
  { dev, to }: IpCommand & { readonly kind: 'addr-flush' },
  talkative: boolean,
): CommandResult {
  const nic = interfaceByName(host, dev);
  if (!nic) return failed(1, `Device "${dev}" does not exist.`);
  const going = nic.addresses.filter(
    ({ address }) => to === undefined || inPrefix(address, to.address, to.prefixLength),
  );
  for (const { address, prefixLength } of going) removeAddress(net, host, dev, address, prefixLength);
  if (!talkative) return DONE;
  if (going.length === 0) return said('Nothing to flush.\n');
  const count = going.length;
  return said(`\n*** Round 1, deleting ${count} addresses ***\n*** Flush is complete after 1 round ***\n`);
}
