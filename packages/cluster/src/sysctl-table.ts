import type { NetKernel, NetSysctl } from '@lvscope/net';

/** Where a sysctl's value lives. */
export interface SysctlEntry {
  /** Field of the network stack; undefined = only stored, nothing in the simulator reads it. */
  readonly net?: keyof NetSysctl;
  readonly default: string;
  readonly min?: number;
  readonly max?: number;
  /** Kernels that have the file; undefined = all. */
  readonly kernels?: readonly NetKernel[];
  /** How many numbers the file holds. */
  readonly numbers: number;
}

const INT_MAX = 0x7fffffff;

function live(net: keyof NetSysctl, min: number, max: number, numbers = 1): SysctlEntry {
  return { net, default: '', min, max, numbers };
}

function stored(value: string): SysctlEntry {
  return { default: value, numbers: value.split(' ').length };
}

/** Keys that every host has, besides those of its interfaces and of IPVS. Defaults are those of 6.1. */
export const HOST_SYSCTLS: ReadonlyMap<string, SysctlEntry> = new Map<string, SysctlEntry>([
  ['net.core.netdev_max_backlog', live('netdev_max_backlog', 0, INT_MAX)],
  ['net.core.rmem_max', stored('212992')],
  ['net.core.somaxconn', live('somaxconn', 0, INT_MAX)],
  ['net.core.wmem_max', stored('212992')],
  ['net.ipv4.ip_default_ttl', live('ip_default_ttl', 1, 255)],
  ['net.ipv4.ip_forward', live('ip_forward', 0, INT_MAX)],
  ['net.ipv4.ip_local_port_range', live('ip_local_port_range', 1, 65535, 2)],
  ['net.ipv4.ip_nonlocal_bind', stored('0')],
  ['net.ipv4.tcp_abort_on_overflow', live('tcp_abort_on_overflow', 0, 255)],
  ['net.ipv4.tcp_fin_timeout', live('tcp_fin_timeout', 0, INT_MAX)],
  ['net.ipv4.tcp_keepalive_intvl', live('tcp_keepalive_intvl', 1, 32767)],
  ['net.ipv4.tcp_keepalive_probes', live('tcp_keepalive_probes', 1, 127)],
  ['net.ipv4.tcp_keepalive_time', live('tcp_keepalive_time', 1, 32767)],
  ['net.ipv4.tcp_max_syn_backlog', live('tcp_max_syn_backlog', 0, INT_MAX)],
  ['net.ipv4.tcp_max_tw_buckets', live('tcp_max_tw_buckets', 0, INT_MAX)],
  ['net.ipv4.tcp_mem', stored('22899 30533 45798')],
  ['net.ipv4.tcp_orphan_retries', live('tcp_orphan_retries', 0, 255)],
  ['net.ipv4.tcp_retries2', live('tcp_retries2', 0, 255)],
  ['net.ipv4.tcp_rmem', live('tcp_rmem', 1, INT_MAX, 3)],
  ['net.ipv4.tcp_sack', stored('1')],
  ['net.ipv4.tcp_syn_retries', live('tcp_syn_retries', 1, 127)],
  ['net.ipv4.tcp_synack_retries', live('tcp_synack_retries', 0, 255)],
  ['net.ipv4.tcp_syncookies', live('tcp_syncookies', 0, 2)],
  ['net.ipv4.tcp_timestamps', live('tcp_timestamps', 0, INT_MAX)],
  ['net.ipv4.tcp_tw_recycle', { ...live('tcp_tw_recycle', 0, INT_MAX), kernels: ['2.4', '2.6'] }],
  ['net.ipv4.tcp_tw_reuse', live('tcp_tw_reuse', 0, 2)],
  ['net.ipv4.tcp_window_scaling', stored('1')],
  ['net.ipv4.tcp_wmem', live('tcp_wmem', 1, INT_MAX, 3)],
]);

/** net.ipv4.conf.{all,default,eth0 …}: Documentation/networking/ip-sysctl.rst. */
export const INTERFACE_SYSCTLS: ReadonlyMap<string, string> = new Map([
  ['accept_local', '0'],
  ['accept_redirects', '1'],
  ['accept_source_route', '0'],
  ['arp_accept', '0'],
  ['arp_announce', '0'],
  ['arp_evict_nocarrier', '1'],
  ['arp_filter', '0'],
  ['arp_ignore', '0'],
  ['arp_notify', '0'],
  ['forwarding', '0'],
  ['log_martians', '0'],
  ['promote_secondaries', '0'],
  ['proxy_arp', '0'],
  ['rp_filter', '0'],
  ['secure_redirects', '1'],
  ['send_redirects', '1'],
  ['shared_media', '1'],
]);

/** net.ipv4.neigh.{default,eth0 …}: kept for whoever reads them. */
export const NEIGHBOUR_SYSCTLS: ReadonlyMap<string, string> = new Map([
  ['anycast_delay', '100'],
  ['app_solicit', '0'],
  ['base_reachable_time', '30'],
  ['base_reachable_time_ms', '30000'],
  ['delay_first_probe_time', '5'],
  ['gc_stale_time', '60'],
  ['interval_probe_time_ms', '5000'],
  ['locktime', '100'],
  ['mcast_resolicit', '0'],
  ['mcast_solicit', '3'],
  ['proxy_delay', '80'],
  ['proxy_qlen', '64'],
  ['retrans_time', '100'],
  ['retrans_time_ms', '1000'],
  ['ucast_solicit', '3'],
  ['unres_qlen', '101'],
  ['unres_qlen_bytes', '212992'],
]);
