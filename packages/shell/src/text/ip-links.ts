import { interfaceCounters } from '@lvscope/cluster';
import type { Host, NetInterface, World } from '@lvscope/cluster';
import { formatIpv4, formatMac, netmask } from '@lvscope/inet';
import type { IpOptions } from '@lvscope/syntax';
import { tableOf } from './number-columns.ts';

/** An Ethernet header, which the counters of a device hold and those of the simulation do not. */
const ETHERNET_BYTES = 14;

interface Shown {
  readonly world: World;
  readonly host: Host;
  /** undefined: all. */
  readonly dev: string | undefined;
  readonly up: boolean;
  readonly options: IpOptions;
}

/** `ip addr show` and `ip link show`, with -s, -d, -br, -4 and -o. */
export function showInterfaces(shown: Shown, what: 'addr' | 'link'): string {
  const { host, dev, up, options } = shown;
  return host.interfaces
    .filter((nic) => (dev === undefined || nic.name === dev) && (nic.up || !up))
    .filter((nic) => what === 'link' || !options.inetOnly || addressesOf(nic).length > 0)
    .map((nic) => {
      if (options.brief) return brief(shown, nic, what);
      const text = showOne(shown, nic, what);
      return options.oneline ? oneLine(text) : text;
    })
    .join('');
}

const oneLine = (text: string): string => `${text.trimEnd().replaceAll('\n', '\\')}\n`;

/** lo's own address is there on every host, without an entry of its own. */
export function addressesOf(nic: NetInterface): NetInterface['addresses'] {
  const loopback = { address: 0x7f000001 as NetInterface['addresses'][number]['address'], prefixLength: 8 };
  const own = nic.addresses.some(({ address }) => address === loopback.address);
  return nic.name === 'lo' && !own ? [loopback, ...nic.addresses] : nic.addresses;
}

const isTunnel = (nic: NetInterface): boolean => nic.name.startsWith('tun');

export function isArpOff(world: World, nic: NetInterface): boolean {
  return world.net.link?.ports[nic.id]?.noArp ?? false;
}

function flagsOf(world: World, nic: NetInterface): string {
  const names =
    nic.name === 'lo'
      ? ['LOOPBACK']
      : isTunnel(nic)
        ? ['NOARP']
        : ['BROADCAST', ...(nic.segment < 0 ? [] : ['MULTICAST'])];
  const dummy = nic.segment < 0 && nic.name !== 'lo' && !isTunnel(nic);
  if (dummy || (nic.segment >= 0 && isArpOff(world, nic))) names.push('NOARP');
  return [...names, ...(nic.up ? ['UP', 'LOWER_UP'] : [])].join(',');
}

/** Why the kernel does not take this MTU for the interface; undefined: it does. lo and dummies take any. */
export function mtuFault(nic: NetInterface, mtu: number): string | undefined {
  if (nic.segment < 0 && !isTunnel(nic)) return undefined;
  if (!(mtu >= 68)) return 'mtu less than device minimum';
  return mtu > 65_535 ? 'mtu greater than device maximum' : undefined;
}

const stateOf = (nic: NetInterface): string => (nic.up ? (nic.segment < 0 ? 'UNKNOWN' : 'UP') : 'DOWN');

const nameOf = (nic: NetInterface): string => (isTunnel(nic) ? `${nic.name}@NONE` : nic.name);

export const macOf = (nic: NetInterface): string => formatMac(nic.mac);

function brief({ world }: Shown, nic: NetInterface, what: 'addr' | 'link'): string {
  const head = `${nameOf(nic).padEnd(16)} ${stateOf(nic).padEnd(14)} `;
  if (what === 'link') {
    const mac = isTunnel(nic) ? '0.0.0.0' : macOf(nic);
    return `${head}${mac} <${flagsOf(world, nic)}> \n`;
  }
  const texts = addressesOf(nic).map((one) => `${formatIpv4(one.address)}/${one.prefixLength} `);
  return `${head}${texts.join('')}\n`;
}

function showOne(shown: Shown, nic: NetInterface, what: 'addr' | 'link'): string {
  const { world, options } = shown;
  const queue = !nic.up ? 'noop' : nic.segment < 0 ? 'noqueue' : 'fq_codel';
  const group = what === 'addr' ? 'group default' : 'mode DEFAULT group default';
  const head = `${nic.index}: ${nameOf(nic)}: <${flagsOf(world, nic)}> mtu ${nic.mtu} qdisc ${queue}`;
  const first = `${head} state ${stateOf(nic)} ${group} qlen 1000\n`;
  const details = options.details ? detailsOf(nic) : '';
  const link = what === 'addr' && options.inetOnly ? '' : `    ${hardware(nic)}${details}\n`;
  const counters = options.statistics > 0 ? countersOf(world, nic) : '';
  return first + link + (what === 'addr' ? showAddresses(nic) : '') + counters;
}

function hardware(nic: NetInterface): string {
  if (nic.name === 'lo') return 'link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00';
  if (isTunnel(nic)) return 'link/ipip 0.0.0.0 brd 0.0.0.0';
  return `link/ether ${macOf(nic)} brd ff:ff:ff:ff:ff:ff`;
}

function detailsOf(nic: NetInterface): string {
  const [least, most] = nic.name === 'lo' || isTunnel(nic) ? [0, 0] : [68, 65535];
  const bounds = ` promiscuity 0  allmulti 0 minmtu ${least} maxmtu ${most} `;
  return isTunnel(nic) ? `${bounds}\n    ipip any remote any local any ttl inherit nopmtudisc ` : bounds;
}

function showAddresses(nic: NetInterface): string {
  const all = addressesOf(nic);
  return all
    .map(({ address, prefixLength, scope, label }, i) => {
      const network = (address & netmask(prefixLength)) >>> 0;
      const secondary = all
        .slice(0, i)
        .some(
          (one) =>
            one.prefixLength === prefixLength && (one.address & netmask(prefixLength)) >>> 0 === network,
        );
      const where = scope ?? (address >>> 24 === 127 ? 'host' : 'global');
      const name = `${secondary ? 'secondary ' : ''}${label ?? nic.name}`;
      return (
        `    inet ${formatIpv4(address)}/${prefixLength} scope ${where} ${name}\n` +
        '       valid_lft forever preferred_lft forever\n'
      );
    })
    .join('');
}

/** iproute2 ipaddress.c, print_stats64: the columns are as wide as the widest of both directions. */
function countersOf(world: World, nic: NetInterface): string {
  const bytes = (sum: number, packets: number): number =>
    nic.segment < 0 ? sum : sum + ETHERNET_BYTES * packets;
  const { droppedPackets } = nic;
  const { receivedBytes, receivedPackets, sentBytes, sentPackets } = interfaceCounters(world.net, nic);
  const received = [bytes(receivedBytes, receivedPackets), receivedPackets, 0, 0, 0, 0];
  const sent = [bytes(sentBytes, sentPackets), sentPackets, 0, droppedPackets, 0, 0];
  const [rx, rxValues, tx, txValues] = tableOf(
    [
      ['bytes', 'packets', 'errors', 'dropped', 'missed', 'mcast'],
      received.map(String),
      ['bytes', 'packets', 'errors', 'dropped', 'carrier', 'collsns'],
      sent.map(String),
    ],
    [6, 7, 6, 7, 7, 7],
  );
  return `    RX: ${rx}           \n        ${rxValues} \n    TX: ${tx}           \n        ${txValues} \n`;
}
