import {
  addAddress,
  hostNamed,
  interfaceByName,
  removeAddress,
  setArp,
  setInterfaceMtu,
  setInterfaceUp,
  setMac,
} from '@lvscope/cluster';
import type { CommandResult, Host, NetInterface } from '@lvscope/cluster';
import { parseIpv4, parseMac } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';
import { parsePrefix } from '@lvscope/syntax';
import { DONE, failed, said, textsOf } from '../../program.ts';
import type { Call } from '../../program.ts';
import { mtuFault } from '../../text/ip-links.ts';
import { showInterface, shortList } from '../../text/ifconfig-show.ts';

/** net-tools' ifconfig: interfaces, and aliases such as lo:0, which are addresses with a label. */
export function ifconfig(call: Call): CommandResult {
  const host = hostNamed(call.world, call.host);
  const words = textsOf(call);
  const all = words.includes('-a');
  const short = words.includes('-s');
  const [name, ...settings] = words.filter((word) => word !== '-a' && word !== '-s' && word !== '-v');
  if (!host) return failed(1, 'ifconfig: no such host');
  if (name === undefined) {
    const shown = host.interfaces.filter((nic) => all || nic.up).sort((a, b) => (a.name < b.name ? -1 : 1));
    if (short) return said(shortList(call.world, shown));
    const aliases = shown.flatMap((nic) => [nic.name, ...aliasesOf(nic)].map((label) => ({ nic, label })));
    return said(aliases.map(({ nic, label }) => showInterface(call.world, nic, label)).join(''));
  }
  if (name.startsWith('-')) {
    const hint = "ifconfig: `--help' gives usage information.";
    return failed(1, `ifconfig: option \`${name}' not recognised.\n${hint}`);
  }
  const [dev = name] = name.split(':');
  const nic = interfaceByName(host, dev);
  if (settings.length === 0) {
    const known = nic && (name === dev || aliasesOf(nic).includes(name) || name.includes(':'));
    if (!nic || !known) return failed(1, `${name}: error fetching interface information: Device not found`);
    return said(showInterface(call.world, nic, name));
  }
  if (!nic) return failed(255, `${name}: ERROR while getting interface flags: No such device`);
  return configure(call, host, nic, name, settings);
}

const aliasesOf = (nic: NetInterface): string[] =>
  nic.addresses.flatMap(({ label }) => (label === undefined ? [] : [label]));

interface Settings {
  address: Ipv4 | undefined;
  prefixLength: number | undefined;
  up: boolean | undefined;
}

function configure(
  call: Call,
  host: Host,
  nic: NetInterface,
  name: string,
  words: readonly string[],
): CommandResult {
  const settings: Settings = { address: undefined, prefixLength: undefined, up: undefined };
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const value = words[i + 1] ?? '';
    const fault = take(call, host, nic, settings, word, value);
    if (fault !== undefined) return fault;
    if (VALUED.has(word)) i += word === 'hw' ? 2 : 1;
  }
  return apply(call, host, nic, name, settings);
}

/** Words with a value behind them. */
const VALUED = new Set(['netmask', 'broadcast', 'mtu', 'hw', 'metric', 'txqueuelen', 'pointopoint']);

const usage = (word: string): CommandResult =>
  failed(1, `${word}: Host name lookup failure\nifconfig: \`--help' gives usage information.`);

function take(
  { world }: Call,
  host: Host,
  nic: NetInterface,
  settings: Settings,
  word: string,
  value: string,
): CommandResult | undefined {
  switch (word) {
    case 'up':
    case 'down':
      settings.up = word === 'up';
      return undefined;
    case 'arp':
    case '-arp':
      setArp(world.net, nic, word === 'arp');
      return undefined;
    case 'netmask': {
      const mask = parseIpv4(value);
      const length = parsePrefix(`0.0.0.0/${value}`)?.prefixLength;
      if (mask === undefined || length === undefined) return usage(value);
      settings.prefixLength = length;
      return undefined;
    }
    case 'mtu':
      if (mtuFault(nic, Number(value)) !== undefined) return failed(1, 'SIOCSIFMTU: Invalid argument');
      setInterfaceMtu(world, host, nic, Number(value));
      return undefined;
    case 'hw': {
      const mac = parseMac(value);
      if (mac !== undefined) setMac(world.net, nic, mac);
      return undefined;
    }
    case 'broadcast':
    case 'metric':
    case 'txqueuelen':
    case 'pointopoint':
    case 'promisc':
    case '-promisc':
    case 'multicast':
    case 'ether':
      return undefined;
    default: {
      const prefix = parsePrefix(word);
      if (prefix === undefined) {
        const mac = parseMac(word);
        if (mac === undefined) return usage(word);
        setMac(world.net, nic, mac);
        return undefined;
      }
      settings.address = prefix.address;
      if (word.includes('/')) settings.prefixLength = prefix.prefixLength;
      return undefined;
    }
  }
}

/** Before CIDR, the first bits of an address said how long its network is (RFC 791). */
const classLength = (address: Ipv4): number => (address >>> 31 === 0 ? 8 : address >>> 30 === 2 ? 16 : 24);

function apply(
  { world }: Call,
  host: Host,
  nic: NetInterface,
  name: string,
  { address, prefixLength, up }: Settings,
): CommandResult {
  const { net } = world;
  const isAlias = name.includes(':');
  const own = nic.addresses.find(({ label }) => (isAlias ? label === name : label === undefined));
  const remove = (): void => {
    if (own !== undefined) removeAddress(net, host, nic.name, own.address, own.prefixLength);
  };
  if (isAlias && up === false) {
    if (own === undefined) return failed(255, 'SIOCSIFFLAGS: Cannot assign requested address');
    remove();
    return DONE;
  }
  const to = address ?? own?.address;
  if (address !== undefined || (prefixLength !== undefined && to !== undefined)) {
    if (to === undefined) return failed(255, 'SIOCSIFNETMASK: Cannot assign requested address');
    remove();
    const length = prefixLength ?? classLength(to);
    addAddress(net, host, nic.name, to, length, undefined, isAlias ? name : undefined);
  } else if (prefixLength !== undefined) {
    return failed(255, 'SIOCSIFNETMASK: Cannot assign requested address');
  }
  // an address brings its interface up
  if (up ?? address !== undefined) setInterfaceUp(net, host, nic.name, true);
  else if (up === false) setInterfaceUp(net, host, nic.name, false);
  return DONE;
}
