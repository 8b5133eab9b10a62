import type { Host, NetInterface, Network, Route } from '@lvscope/cluster';
import { formatIpv4, ipv4, netmask } from '@lvscope/inet';
import { printIpRoute } from '@lvscope/syntax';

/**
 * `ip addr show` and `ip link show`. Hardware addresses are made up from host and interface: the simulated
 * segments tell hosts apart without them.
 */
export function showInterfaces(
  net: Network,
  host: Host,
  dev: string | undefined,
  addresses: boolean,
): string {
  return host.interfaces
    .map((nic, index) => ({ nic, number: index + 1 }))
    .filter(({ nic }) => dev === undefined || nic.name === dev)
    .map(({ nic, number }) => showLink(net, nic, number, addresses) + (addresses ? showAddresses(nic) : ''))
    .join('');
}

function showLink(net: Network, nic: NetInterface, number: number, grouped: boolean): string {
  const kind = nic.name === 'lo' ? 'LOOPBACK' : nic.name.startsWith('tunl') ? 'NOARP' : 'BROADCAST,MULTICAST';
  const flags = nic.up ? `${kind},UP,LOWER_UP` : kind;
  const mtu = net.segments[nic.segment]?.mtu ?? (nic.name === 'lo' ? 65536 : kind === 'NOARP' ? 1480 : 1500);
  const queue = nic.segment < 0 ? 'noqueue' : 'fq_codel';
  const state = nic.up ? (nic.segment < 0 ? 'UNKNOWN' : 'UP') : 'DOWN';
  const name = kind === 'NOARP' ? `${nic.name}@NONE` : nic.name;
  const group = grouped ? 'group default ' : 'mode DEFAULT group default ';
  return (
    `${number}: ${name}: <${flags}> mtu ${mtu} qdisc ${queue} state ${state} ${group}qlen 1000\n` +
    `    ${hardware(nic, kind)}\n`
  );
}

function hardware(nic: NetInterface, kind: string): string {
  if (kind === 'LOOPBACK') return 'link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00';
  if (kind === 'NOARP') return 'link/ipip 0.0.0.0 brd 0.0.0.0';
  const octet = (value: number): string => (value & 255).toString(16).padStart(2, '0');
  return `link/ether 02:00:00:00:${octet(nic.host)}:${octet(nic.id)} brd ff:ff:ff:ff:ff:ff`;
}

function showAddresses(nic: NetInterface): string {
  // lo's own address is there on every host, without an entry of its own
  const loopback = { address: ipv4(0x7f000001), prefixLength: 8 };
  const first =
    nic.name === 'lo' && !nic.addresses.some(({ address }) => address === loopback.address) ? [loopback] : [];
  return [...first, ...nic.addresses]
    .map(({ address, prefixLength }) => {
      const scope = address >>> 24 === 127 ? 'host' : 'global';
      return (
        `    inet ${formatIpv4(address)}/${prefixLength} scope ${scope} ${nic.name}\n` +
        '       valid_lft forever preferred_lft forever\n'
      );
    })
    .join('');
}

/** `ip route show`: the main table, the default route first; each line ends in a blank, as the tool's do. */
export function showRoutes(host: Host): string {
  return host.routes
    .filter((route) => route.type === 'unicast')
    .sort((a, b) => Number(a.prefixLength > 0) - Number(b.prefixLength > 0) || a.network - b.network)
    .map((route) => `${showRoute(host, route)} \n`)
    .join('');
}

function showRoute(host: Host, route: Route): string {
  const text = printIpRoute({
    type: route.type,
    destination: { address: route.network, prefixLength: route.prefixLength },
    via: route.via,
    dev: route.dev,
    source: undefined,
  });
  const source = route.source === undefined ? '' : ` src ${formatIpv4(route.source)}`;
  if (route.via !== undefined) return text + source;
  return `${text}${isConnected(host, route) ? ' proto kernel' : ''} scope link${source}`;
}

/** Whether an address of the interface brought the route. */
function isConnected(host: Host, route: Route): boolean {
  const nic = host.interfaces.find(({ name }) => name === route.dev);
  return (
    nic?.addresses.some(
      ({ address, prefixLength }) =>
        prefixLength === route.prefixLength &&
        address === route.source &&
        (address & netmask(prefixLength)) >>> 0 === route.network,
    ) ?? false
  );
}
