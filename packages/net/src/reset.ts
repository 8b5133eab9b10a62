import { firstMtu, setInterfaceUp, setNetem } from './configuration.ts';
import { defaultSysctl } from './kernel-profile.ts';
import { setArp, setMac } from './link/control.ts';
import { defaultInterfaceConf, defaultNeighbourConf } from './link/create.ts';
import { derivedMac } from './link/mac.ts';
import { settleWire, settleWires } from './link/wires.ts';
import { forgetPaths } from './path-cache.ts';
import type { Host, NetInterface, Network } from './state.ts';

/** What a kernel begins with: sysctls of its version, no rules, nothing learnt. Interfaces stay. */
export function forgetSettings(net: Network, host: Host): void {
  Object.assign(host.sysctl, defaultSysctl(host.kernel));
  host.exceptions.clear();
  host.redirected.clear();
  host.peerStamps.clear();
  host.filter = undefined;
  for (const rules of [host.mangle, host.redirects]) rules.length = 0;
  const settings = net.link?.hosts[host.id];
  if (settings !== undefined) {
    Object.assign(settings.all, defaultInterfaceConf());
    Object.assign(settings.default, defaultInterfaceConf());
    Object.assign(settings.neighbourDefault, defaultNeighbourConf());
    settings.arpRules.length = 0;
    settings.redirects.clear();
  }
  settleWires(net, host.interfaces);
  forgetPaths(net);
}

/**
 * An interface as a boot finds it: no netem, its first MTU, ARP on, the kernel's settings.
 * @param as up or down, and the MAC that it is given; undefined: the card's own
 */
export function restoreInterface(
  net: Network,
  host: Host,
  nic: NetInterface,
  as: { readonly up: boolean; readonly mac: number | undefined },
): void {
  setNetem(net, nic, 0, 0);
  nic.mtu = firstMtu(net.segments[nic.segment], nic.name);
  if (nic.segment >= 0) setMac(net, nic, as.mac ?? derivedMac(host.id, host.interfaces.indexOf(nic)));
  setInterfaceUp(net, host, nic.name, as.up);
  const port = net.link?.ports[nic.id];
  if (port === undefined) return;
  setArp(net, nic, true);
  Object.assign(port.conf, defaultInterfaceConf());
  Object.assign(port.neighbourConf, defaultNeighbourConf());
  port.reachablePeriod = -1;
  settleWire(net, nic);
}
