import {
  type Host,
  type InterfaceConf,
  type NeighbourConf,
  type Network,
  setInterfaceConf,
  setNeighbourConf,
} from '@lvscope/net';

const INTERFACE: ReadonlySet<string> = new Set<keyof InterfaceConf>([
  'arp_ignore',
  'arp_announce',
  'arp_filter',
  'arp_accept',
  'arp_notify',
  'drop_gratuitous_arp',
  'rp_filter',
  'accept_local',
  'send_redirects',
  'accept_redirects',
  'secure_redirects',
  'shared_media',
  'hidden',
]);

const NEIGHBOUR: ReadonlySet<string> = new Set<keyof NeighbourConf>([
  'base_reachable_time_ms',
  'delay_first_probe_time',
  'retrans_time_ms',
  'ucast_solicit',
  'mcast_solicit',
  'gc_stale_time',
  'locktime',
  'unres_qlen',
]);

/**
 * Tells packet level what was written to net.ipv4.conf.* or net.ipv4.neigh.*; at connection level, nobody.
 */
export function applyLinkSysctl(net: Network, host: Host, key: string, value: number): void {
  const match = /^net\.ipv4\.(conf|neigh)\.([^.]+)\.([^.]+)$/.exec(key);
  const [, group = '', device = '', name = ''] = match ?? [];
  if (group === 'conf' && INTERFACE.has(name)) {
    setInterfaceConf(net, host, device, name as keyof InterfaceConf, value);
  } else if (group === 'neigh' && name === 'base_reachable_time') {
    setNeighbourConf(net, host, device, 'base_reachable_time_ms', value * 1000);
  } else if (group === 'neigh' && name === 'retrans_time') {
    setNeighbourConf(net, host, device, 'retrans_time_ms', value * 10); // in 1/100 s
  } else if (group === 'neigh' && NEIGHBOUR.has(name)) {
    setNeighbourConf(net, host, device, name as keyof NeighbourConf, value);
  }
}
