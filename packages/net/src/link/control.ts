import type { Host, NetInterface, Network } from '../state.ts';
import { removeNeighbour } from './create.ts';
import { macId } from './mac.ts';
import { settleWire, settleWires } from './wires.ts';
import type { ArpRule, FixedCache, InterfaceConf, NeighbourConf } from './state.ts';

/** `ip link set … arp on|off`. What is known of neighbours through the interface is forgotten. */
export function setArp(net: Network, nic: NetInterface, on: boolean): void {
  const port = net.link?.ports[nic.id];
  if (net.link === undefined || port === undefined || port.noArp !== on) return;
  port.noArp = !on;
  for (const entry of port.neighbours.values()) removeNeighbour(net.link, entry);
}

/** `ip link set … address …`: 48 bits. */
export function setMac(net: Network, nic: NetInterface, mac: number): void {
  nic.mac = mac;
  if (net.link !== undefined) net.link.ports[nic.id]!.mac = macId(net.link, mac);
  settleWire(net, nic);
}

/**
 * net.ipv4.conf.{all,default,eth0 …}.name.
 * @param device `all`, `default` (for interfaces that come later), or an interface's name
 * @returns false where the host has no such device, or at connection level
 */
export function setInterfaceConf(
  net: Network,
  host: Host,
  device: string,
  name: keyof InterfaceConf,
  value: number,
): boolean {
  if (net.link === undefined) return false;
  const settings = net.link.hosts[host.id]!;
  if (device === 'all' || device === 'default') {
    settings[device][name] = value;
    settleWires(net, host.interfaces);
    return true;
  }
  const nic = host.interfaces.find((one) => one.name === device);
  if (nic === undefined) return false;
  net.link.ports[nic.id]!.conf[name] = value;
  settleWire(net, nic);
  return true;
}

/** net.ipv4.neigh.{default,eth0 …}.name; a new base_reachable_time is drawn from at once. */
export function setNeighbourConf(
  net: Network,
  host: Host,
  device: string,
  name: keyof NeighbourConf,
  value: number,
): boolean {
  if (net.link === undefined) return false;
  if (device === 'default') {
    net.link.hosts[host.id]!.neighbourDefault[name] = value;
    return true;
  }
  const nic = host.interfaces.find((one) => one.name === device);
  if (nic === undefined) return false;
  const port = net.link.ports[nic.id]!;
  port.neighbourConf[name] = value;
  if (name === 'base_reachable_time_ms') port.reachablePeriod = -1;
  return true;
}

/**
 * Settles what the kernel draws: how long REACHABLE lasts on an interface.
 * @param share of the range from half the base time to one and a half of it, 0 to 1; -1 = drawn again
 */
export function settleReachable(net: Network, host: Host, device: string, share: number): void {
  const nic = host.interfaces.find((one) => one.name === device);
  const port = nic === undefined ? undefined : net.link?.ports[nic.id];
  if (port === undefined) return;
  port.reachableShare = share;
  port.reachablePeriod = -1;
}

/**
 * Gives an interface's cache the ways of a switch or router, or (undefined) Linux'. What it knows is
 * forgotten.
 */
export function setFixedCache(net: Network, nic: NetInterface, cache: FixedCache | undefined): void {
  const port = net.link?.ports[nic.id];
  if (net.link === undefined || port === undefined) return;
  port.fixedCache = cache === undefined ? undefined : { ...cache };
  for (const entry of port.neighbours.values()) removeNeighbour(net.link, entry);
}

/**
 * Seconds and acceptance of an interface's fixed cache; undefined where it is Linux', or at connection
 * level.
 */
export function fixedCacheOf(net: Network, nic: NetInterface): FixedCache | undefined {
  return net.link?.ports[nic.id]?.fixedCache;
}

/** `arptables -A …`; nothing at connection level. */
export function addArpRule(net: Network, host: Host, rule: ArpRule): void {
  net.link?.hosts[host.id]!.arpRules.push(rule);
}

/** `arptables -D …`: the first rule that says exactly this. @returns false where there is none */
export function deleteArpRule(net: Network, host: Host, rule: ArpRule): boolean {
  const rules = net.link?.hosts[host.id]!.arpRules ?? [];
  const at = rules.findIndex(
    (one) =>
      one.chain === rule.chain &&
      one.target === rule.target &&
      one.source === rule.source &&
      one.destination === rule.destination &&
      one.operation === rule.operation &&
      one.device === rule.device &&
      one.mangleSource === rule.mangleSource,
  );
  if (at >= 0) rules.splice(at, 1);
  return at >= 0;
}

export function listArpRules(net: Network, host: Host): readonly ArpRule[] {
  return net.link?.hosts[host.id]!.arpRules ?? [];
}

export function flushArpRules(net: Network, host: Host): void {
  const rules = net.link?.hosts[host.id]!.arpRules;
  if (rules !== undefined) rules.length = 0;
}
