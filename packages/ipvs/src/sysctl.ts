import type { IpvsError } from './errors.ts';
import type { Ipvs, SysctlValues } from './state.ts';

export type SysctlName =
  | 'am_droprate'
  | 'amemthresh'
  | 'backup_only'
  | 'cache_bypass'
  | 'conn_reuse_mode'
  | 'conntrack'
  | 'drop_entry'
  | 'drop_packet'
  | 'expire_nodest_conn'
  | 'expire_quiescent_template'
  | 'ignore_tunneled'
  | 'lblc_expiration'
  | 'lblcr_expiration'
  | 'nat_icmp_send'
  | 'pmtu_disc'
  | 'run_estimation'
  | 'schedule_icmp'
  | 'secure_tcp'
  | 'sloppy_sctp'
  | 'sloppy_tcp'
  | 'snat_reroute'
  | 'sync_persist_mode'
  | 'sync_ports'
  | 'sync_qlen_max'
  | 'sync_refresh_period'
  | 'sync_retries'
  | 'sync_sock_size'
  | 'sync_threshold'
  | 'sync_version';

/** One file of /proc/sys/net/ipv4/vs. */
export interface SysctlDescription {
  readonly name: SysctlName;
  /** As the file reads on a fresh kernel. */
  readonly default: string;
  readonly min: number;
  readonly max: number;
  /** `pair`: two numbers; `power`: a power of two. */
  readonly type: 'int' | 'pair' | 'power';
}

const INT_MAX = 0x7fffffff;

function int(name: SysctlName, value: number, min = -INT_MAX - 1, max = INT_MAX): SysctlDescription {
  return { name, default: String(value), min, max, type: 'int' };
}

/** Seconds that the kernel keeps as ticks, 250 a second: what it can turn into them. */
function seconds(name: SysctlName, value: number): SysctlDescription {
  return int(name, value, -8_589_934, 8_589_934);
}

/** All of /proc/sys/net/ipv4/vs as 6.1 has it (recording misconf-sysctl-defaults), sorted by name. */
export const IPVS_SYSCTLS: readonly SysctlDescription[] = [
  int('am_droprate', 10),
  int('amemthresh', 1024),
  int('backup_only', 0),
  int('cache_bypass', 0),
  int('conn_reuse_mode', 1),
  int('conntrack', 0),
  int('drop_entry', 0, 0, 3),
  int('drop_packet', 0, 0, 3),
  int('expire_nodest_conn', 0),
  int('expire_quiescent_template', 0),
  int('ignore_tunneled', 0),
  seconds('lblc_expiration', 86400),
  seconds('lblcr_expiration', 86400),
  int('nat_icmp_send', 0),
  int('pmtu_disc', 1),
  int('run_estimation', 1),
  int('schedule_icmp', 0),
  int('secure_tcp', 0, 0, 3),
  int('sloppy_sctp', 0),
  int('sloppy_tcp', 0),
  int('snat_reroute', 1),
  int('sync_persist_mode', 0),
  { name: 'sync_ports', default: '1', min: 1, max: INT_MAX, type: 'power' },
  int('sync_qlen_max', 7258),
  seconds('sync_refresh_period', 0),
  int('sync_retries', 0, 0, 3),
  int('sync_sock_size', 0),
  { name: 'sync_threshold', default: '3 50', min: 0, max: INT_MAX, type: 'pair' },
  int('sync_version', 1, 0, 1),
];

const BY_NAME = new Map<string, SysctlDescription>(IPVS_SYSCTLS.map((s) => [s.name, s]));

export function defaultSysctls(): SysctlValues {
  const values: Partial<SysctlValues> = { sync_period: 50 };
  for (const s of IPVS_SYSCTLS) values[s.name] = Number.parseInt(s.default, 10);
  return values as SysctlValues;
}

/** What the file reads, without the newline; undefined where there is no such file. */
export function getSysctl(ipvs: Ipvs, name: string): string | undefined {
  const description = BY_NAME.get(name);
  if (description === undefined) return undefined;
  const value = ipvs.sysctls[description.name];
  return description.type === 'pair' ? `${value} ${ipvs.sysctls.sync_period}` : String(value);
}

/** Numbers as the kernel reads them: decimal, 0x hexadecimal or 0 octal, blanks between. */
function parseNumbers(text: string): number[] | undefined {
  const numbers: number[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const match = /^(-?)(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)$/i.exec(word);
    if (!match) return undefined;
    const digits = match[2]!;
    const octal = /^0[0-7]+$/.test(digits);
    const size = octal ? Number.parseInt(digits, 8) : Number(digits);
    numbers.push(match[1] === '-' ? -size : size);
  }
  return numbers;
}

const INVALID: IpvsError = { code: 'EINVAL', what: 'sysctl' };

/**
 * Checks and stores what is written to a file; what must happen at once is the caller's.
 * @returns ENOENT for an unknown name, EINVAL for what the kernel does not take
 */
export function storeSysctl(ipvs: Ipvs, name: string, text: string): IpvsError | undefined {
  const description = BY_NAME.get(name);
  if (description === undefined) return { code: 'ENOENT', what: 'sysctl' };
  const numbers = parseNumbers(text);
  const value = numbers?.[0];
  if (numbers === undefined || value === undefined) return INVALID;
  if (value < description.min || value > description.max) return INVALID;
  if (description.type === 'power' && (value & (value - 1)) !== 0) return INVALID;
  if (description.type === 'pair') {
    const period = numbers[1] ?? ipvs.sysctls.sync_period;
    if (period < 0 || (period !== 0 && value >= period)) return INVALID;
    ipvs.sysctls.sync_period = period;
  }
  ipvs.sysctls[description.name] = value;
  return undefined;
}
