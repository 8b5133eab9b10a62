import type { HostSpec } from '@lvscope/scenario';

/** One leaf of a host's inspector: a tool, and the command that is asked. */
export interface Look {
  readonly name: string;
  readonly line: string;
}

const SYSCTLS = [
  'net.ipv4.ip_forward',
  'net.ipv4.conf.all.arp_ignore',
  'net.ipv4.conf.all.arp_announce',
  'net.ipv4.conf.lo.arp_ignore',
  'net.ipv4.conf.lo.arp_announce',
  'net.ipv4.conf.all.rp_filter',
];

/** What of each wired interface matters for who answers for an address, and for whom. */
const OF_INTERFACES = ['arp_ignore', 'arp_announce', 'rp_filter'];

const OF_DIRECTORS = [
  'net.ipv4.vs.expire_nodest_conn',
  'net.ipv4.vs.expire_quiescent_template',
  'net.ipv4.vs.conn_reuse_mode',
  'net.ipv4.vs.sloppy_tcp',
  'net.ipv4.vs.sync_threshold',
];

const OF_SERVERS = [
  'net.core.somaxconn',
  'net.ipv4.tcp_max_syn_backlog',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_tw_reuse',
];

/** What an operator would look at first on a host of this kind. */
export function looksOf(host: HostSpec): Look[] {
  const looks: Look[] = [
    { name: 'ip addr', line: 'ip addr' },
    { name: 'ip route', line: 'ip route' },
    { name: 'ip neigh', line: 'ip neigh' },
    { name: 'ss', line: 'ss -tan' },
    { name: 'sysctl', line: `sysctl ${sysctlsOf(host).join(' ')}` },
    { name: 'ps', line: 'ps -ef' },
  ];
  return host.role === 'director' ? [{ name: 'ipvsadm', line: 'ipvsadm -Ln' }, ...looks] : looks;
}

function sysctlsOf(host: HostSpec): string[] {
  const wired = host.interfaces.filter((one) => one.network !== '').map(({ name }) => name);
  const own = wired.flatMap((nic) => OF_INTERFACES.map((key) => `net.ipv4.conf.${nic}.${key}`));
  const more = { client: OF_SERVERS, router: [], director: OF_DIRECTORS, realserver: OF_SERVERS }[host.role];
  return [...SYSCTLS, ...own, ...more];
}
