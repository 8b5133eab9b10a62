/** The age of a host's kernel: what its defaults are. The recordings were made with 6.1. */
export type NetKernel = '2.4' | '2.6' | '6.1';

/** The sysctls that the network stack reads; the owner of the world's registry writes them. Plain numbers. */
export interface NetSysctl {
  /** net.ipv4.ip_forward */
  ip_forward: number;
  /** net.ipv4.conf.all.arp_ignore: whether an address that is not on the asked interface is answered for. */
  arp_ignore: number;
  /** net.ipv4.ip_default_ttl */
  ip_default_ttl: number;
  ip_local_port_range: [number, number];
  tcp_syn_retries: number;
  tcp_synack_retries: number;
  tcp_retries2: number;
  /** 0 stands for 8. */
  tcp_orphan_retries: number;
  /** Seconds. */
  tcp_fin_timeout: number;
  tcp_max_syn_backlog: number;
  /** 0 never, 1 when the queue is full, 2 always. */
  tcp_syncookies: number;
  tcp_abort_on_overflow: number;
  /** 0 never, 1 always, 2 for loopback only. */
  tcp_tw_reuse: number;
  /** Kernels before 4.12 only. */
  tcp_tw_recycle: number;
  /** 0: the host neither offers timestamps nor looks at them (segments keep their length). */
  tcp_timestamps: number;
  tcp_max_tw_buckets: number;
  /** Bytes of a socket's receive and send buffer: least, at first, most. A window is half of it. */
  tcp_rmem: [number, number, number];
  tcp_wmem: [number, number, number];
  /** Seconds of silence before the first probe, between probes, and how many. */
  tcp_keepalive_time: number;
  tcp_keepalive_intvl: number;
  tcp_keepalive_probes: number;
  /** net.core.somaxconn */
  somaxconn: number;
  /** net.core.netdev_max_backlog, packets waiting for the CPU. */
  netdev_max_backlog: number;
}

/**
 * The defaults of a kernel (Documentation/networking/ip-sysctl.rst of each age). somaxconn was 128 before
 * 5.4, tcp_tw_reuse 2 since 4.19, ports from 1024 up in 2.4, tcp_max_syn_backlog by memory: that of a
 * machine with 1 GB.
 */
export function defaultSysctl(kernel: NetKernel): NetSysctl {
  const old = kernel !== '6.1';
  return {
    ip_forward: 0,
    arp_ignore: 0,
    ip_default_ttl: 64,
    ip_local_port_range: kernel === '2.4' ? [1024, 4999] : kernel === '2.6' ? [32768, 61000] : [32768, 60999],
    tcp_syn_retries: old ? 5 : 6,
    tcp_synack_retries: 5,
    tcp_retries2: 15,
    tcp_orphan_retries: 0,
    tcp_fin_timeout: 60,
    tcp_max_syn_backlog: 1024,
    tcp_syncookies: old ? 0 : 1,
    tcp_abort_on_overflow: 0,
    tcp_tw_reuse: old ? 0 : 2,
    tcp_tw_recycle: 0,
    tcp_timestamps: 1,
    tcp_max_tw_buckets: kernel === '6.1' ? 65536 : 180000,
    tcp_rmem: old ? [4096, 87380, 174760] : [4096, 131072, 6291456],
    tcp_wmem: old ? [4096, 16384, 131072] : [4096, 16384, 4194304],
    tcp_keepalive_time: 7200,
    tcp_keepalive_intvl: 75,
    tcp_keepalive_probes: 9,
    somaxconn: old ? 128 : 4096,
    netdev_max_backlog: kernel === '2.4' ? 300 : 1000,
  };
}
/** The initial retransmission time-out: 3 s until RFC 6298 came to Linux (2.6.39 and 3.1), 1 s since. */
export function initialRtoNs(kernel: NetKernel): number {
  return kernel === '6.1' ? 1e9 : 3e9;
}

/** The initial congestion window in segments (RFC 6928 came to Linux in 2.6.39). */
export function initialWindow(kernel: NetKernel): number {
  return kernel === '6.1' ? 10 : 3;
}
