import { removeAddress } from './addresses.ts';
import { setInterfaceUp } from './configuration.ts';
import { forgetPaths } from './path-cache.ts';
import type { Host, NetInterface, Network } from './state.ts';

/**
 * `ip link del` of an interface without a segment: its addresses and routes go with it. What was seen of it
 * keeps its number in `net.interfaces`.
 */
export function removeInterface(net: Network, host: Host, nic: NetInterface): void {
  for (const { address, prefixLength } of nic.addresses.slice()) {
    removeAddress(net, host, nic.name, address, prefixLength);
  }
  setInterfaceUp(net, host, nic.name, false);
  host.routes = host.routes.filter((route) => route.dev !== nic.name);
  host.interfaces.splice(host.interfaces.indexOf(nic), 1);
  forgetPaths(net);
}
