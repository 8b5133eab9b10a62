import type { ConfigWarning } from './keepalived.ts';

/** /etc/ha.d/ha.cf. Times in milliseconds. */
export interface HeartbeatConfig {
  readonly keepaliveMs: number;
  readonly deadtimeMs: number;
  readonly warntimeMs: number;
  readonly initdeadMs: number;
  readonly udpPort: number;
  readonly autoFailback: boolean;
  /** Interfaces. */
  readonly bcast: readonly string[];
  readonly ucast: readonly { readonly interface: string; readonly address: string }[];
  readonly mcast: readonly { readonly interface: string; readonly group: string }[];
  readonly nodes: readonly string[];
}

/**
 * A line of /etc/ha.d/haresources: what a node owns, taken from left to right, given up from right to
 * left.
 */
export interface ResourceGroup {
  readonly node: string;
  readonly resources: readonly HeartbeatResource[];
}

/** A script of /etc/ha.d/resource.d or /etc/init.d, and its arguments. */
export interface HeartbeatResource {
  readonly script: string;
  readonly args: readonly string[];
}

const DEFAULTS: HeartbeatConfig = {
  keepaliveMs: 2000,
  deadtimeMs: 30_000,
  warntimeMs: 10_000,
  initdeadMs: 60_000,
  udpPort: 694,
  autoFailback: true,
  bcast: [],
  ucast: [],
  mcast: [],
  nodes: [],
};

/** Directives that change nothing here. */
const PASSED_OVER =
  `debugfile logfile logfacility debug use_logd baud serial watchdog stonith stonith_host crm
  respawn apiauth hopfudge ping ping_group deadping nice_failback realtime compression traditional_compression
  conn_logd_time msgfmt autojoin uuidfrom coredumps rtprio gid uid`.split(/\s+/);

type Draft = { -readonly [K in keyof HeartbeatConfig]: HeartbeatConfig[K] };

/**
 * Reads ha.cf. Times are seconds, or milliseconds with `ms`. What is not known is named as
 * heartbeat's log does.
 */
export function parseHaCf(text: string): { config: HeartbeatConfig; warnings: readonly ConfigWarning[] } {
  const warnings: ConfigWarning[] = [];
  const draft: Draft = { ...DEFAULTS };
  let warned = false;
  for (const [i, line] of text.split(/\r\n|\r|\n/).entries()) {
    const [directive = '', ...args] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (directive === '') continue;
    if (directive === 'warntime') warned = true;
    const known = PASSED_OVER.includes(directive) || apply(draft, directive, args);
    if (!known)
      warnings.push({ line: i + 1, column: 1, text: `Illegal directive [${directive}] in /etc/ha.d/ha.cf` });
  }
  if (!warned) draft.warntimeMs = Math.floor(draft.deadtimeMs / 2);
  return { config: draft, warnings };
}

const TIMES: Readonly<Record<string, 'keepaliveMs' | 'deadtimeMs' | 'warntimeMs' | 'initdeadMs'>> = {
  keepalive: 'keepaliveMs',
  deadtime: 'deadtimeMs',
  warntime: 'warntimeMs',
  initdead: 'initdeadMs',
};

/** @returns false where the directive or its value is not known */
function apply(draft: Draft, directive: string, args: readonly string[]): boolean {
  const [first = '', second = ''] = args;
  const time = TIMES[directive];
  if (time !== undefined) {
    const ms = milliseconds(first);
    if (ms === undefined) return false;
    draft[time] = ms;
    return true;
  }
  switch (directive) {
    case 'udpport':
      draft.udpPort = Number(first);
      return /^\d{1,5}$/.test(first);
    case 'auto_failback':
      draft.autoFailback = first !== 'off';
      return ['on', 'off', 'legacy'].includes(first);
    case 'bcast':
      draft.bcast = [...draft.bcast, ...args];
      return args.length > 0;
    case 'ucast':
      draft.ucast = [...draft.ucast, { interface: first, address: second }];
      return args.length === 2;
    case 'mcast':
      draft.mcast = [...draft.mcast, { interface: first, group: second }];
      return args.length >= 2;
    case 'node':
      draft.nodes = [...draft.nodes, ...args];
      return args.length > 0;
    default:
      return false;
  }
}

function milliseconds(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text);
  if (!match) return undefined;
  return Math.floor(Number(match[1]) * (match[2] === 'ms' ? 1 : 1000));
}

/** The file's text; reading it gives the same again. */
export function printHaCf(config: HeartbeatConfig): string {
  const ms = (value: number): string => (value % 1000 === 0 ? String(value / 1000) : `${value}ms`);
  const lines = [
    `keepalive ${ms(config.keepaliveMs)}`,
    `deadtime ${ms(config.deadtimeMs)}`,
    `warntime ${ms(config.warntimeMs)}`,
    `initdead ${ms(config.initdeadMs)}`,
    `udpport ${config.udpPort}`,
    `auto_failback ${config.autoFailback ? 'on' : 'off'}`,
    ...config.bcast.map((nic) => `bcast ${nic}`),
    ...config.ucast.map((to) => `ucast ${to.interface} ${to.address}`),
    ...config.mcast.map((to) => `mcast ${to.interface} ${to.group}`),
    ...config.nodes.map((node) => `node ${node}`),
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * Reads haresources: a node's name, then its resources, `script::argument::argument`; an address alone is
 * IPaddr's. A backslash at a line's end joins the next.
 */
export function parseHaResources(text: string): ResourceGroup[] {
  const groups: ResourceGroup[] = [];
  for (const line of text.replaceAll(/\\\r?\n/g, ' ').split(/\r\n|\r|\n/)) {
    const [node = '', ...words] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (node === '') continue;
    const resources = words.map((word) => {
      const [script = '', ...args] = word.split('::');
      return /^\d+\.\d+\.\d+\.\d+/.test(script) ? { script: 'IPaddr', args: [word] } : { script, args };
    });
    groups.push({ node, resources });
  }
  return groups;
}

/** The file's text; reading it gives the same again. */
export function printHaResources(groups: readonly ResourceGroup[]): string {
  const words = ({ script, args }: HeartbeatResource): string => [script, ...args].join('::');
  return groups.map(({ node, resources }) => `${[node, ...resources.map(words)].join(' ')}\n`).join('');
}
