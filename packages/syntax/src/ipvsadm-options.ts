import type { PoptOption } from './popt.ts';

/** Every option of ipvsadm 1.31 by the name that its own messages use, or its own. */
export type CommandTag =
  | 'add-service'
  | 'edit-service'
  | 'delete-service'
  | 'flush'
  | 'list'
  | 'zero'
  | 'add-server'
  | 'edit-server'
  | 'delete-server'
  | 'set'
  | 'restore'
  | 'save'
  | 'start-daemon'
  | 'stop-daemon';

/** Options that are counted and checked against the command; in the order in which ipvsadm checks them. */
export const CHECKED_OPTIONS = [
  'numeric',
  'connection',
  'service-address',
  'scheduler',
  'persistent',
  'netmask',
  'real-server',
  'forwarding-method',
  'weight',
  'u-threshold',
  'l-threshold',
  'mcast-interface',
  'timeout',
  'daemon',
  'stats',
  'rate',
  'thresholds',
  'persistent-conn',
  'nosort',
  'syncid',
  'exact',
  'ops',
  'pe',
  'sched-flags',
  'mcast-group',
  'mcast-port',
  'mcast-ttl',
  'sync-maxlen',
  'tun-info',
  'tun-type',
  'tun-port',
  'tun-nocsum',
  'tun-csum',
  'tun-remcsum',
] as const;

export type CheckedOption = (typeof CHECKED_OPTIONS)[number];

export type Tag =
  | CommandTag
  | 'help'
  | 'version'
  | 'tcp'
  | 'udp'
  | 'sctp'
  | 'fwmark'
  | 'ipv6'
  | 'masquerading'
  | 'ipip'
  | 'gatewaying'
  | 'sort'
  | Exclude<CheckedOption, 'service-address' | 'forwarding-method'>;

const flag = (tag: Tag, short?: string, long: string = tag): PoptOption<Tag> =>
  short === undefined ? { tag, long, argument: 'none' } : { tag, long, short, argument: 'none' };

const value = (tag: Tag, short?: string, long: string = tag): PoptOption<Tag> =>
  short === undefined ? { tag, long, argument: 'required' } : { tag, long, short, argument: 'required' };

export const IPVSADM_OPTIONS: readonly PoptOption<Tag>[] = [
  flag('add-service', 'A'),
  flag('edit-service', 'E'),
  flag('delete-service', 'D'),
  flag('flush', 'C', 'clear'),
  flag('list', 'L'),
  flag('list', 'l'),
  flag('zero', 'Z'),
  flag('add-server', 'a'),
  flag('edit-server', 'e'),
  flag('delete-server', 'd'),
  flag('set'),
  flag('help', 'h'),
  flag('version', 'v'),
  flag('restore', 'R'),
  flag('save', 'S'),
  value('start-daemon'),
  value('stop-daemon'),
  value('tcp', 't', 'tcp-service'),
  value('udp', 'u', 'udp-service'),
  value('sctp', undefined, 'sctp-service'),
  value('fwmark', 'f', 'fwmark-service'),
  flag('ipv6', '6'),
  value('scheduler', 's'),
  { tag: 'persistent', long: 'persistent', short: 'p', argument: 'optional' },
  value('netmask', 'M'),
  value('real-server', 'r'),
  flag('masquerading', 'm'),
  flag('ipip', 'i'),
  flag('gatewaying', 'g'),
  value('weight', 'w'),
  value('u-threshold', 'x'),
  value('l-threshold', 'y'),
  flag('numeric', 'n'),
  flag('connection', 'c'),
  value('mcast-interface'),
  value('mcast-group'),
  value('mcast-port'),
  value('mcast-ttl'),
  value('syncid'),
  value('sync-maxlen'),
  flag('timeout'),
  flag('daemon'),
  flag('stats'),
  flag('rate'),
  flag('thresholds'),
  flag('persistent-conn'),
  flag('nosort'),
  flag('sort'),
  flag('exact'),
  flag('ops', 'o'),
  value('pe'),
  value('sched-flags', 'b'),
  flag('tun-info'),
  value('tun-type'),
  value('tun-port'),
  flag('tun-nocsum'),
  flag('tun-csum'),
  flag('tun-remcsum'),
];

/** What a command says to an option: it needs it, takes it, or takes one of several. The rest is illegal. */
export type Stance = 'needed' | 'free' | 'exclusive';

type Stances = Readonly<Partial<Record<CheckedOption, Stance>>>;

const SERVICE: Stances = { 'service-address': 'needed' };

const SERVICE_SETTINGS: Stances = {
  ...SERVICE,
  scheduler: 'free',
  persistent: 'free',
  netmask: 'free',
  ops: 'free',
  pe: 'free',
  'sched-flags': 'free',
};

const SERVER: Stances = { ...SERVICE, 'real-server': 'needed' };

const SERVER_SETTINGS: Stances = {
  ...SERVER,
  'forwarding-method': 'free',
  weight: 'free',
  'u-threshold': 'free',
  'l-threshold': 'free',
  'tun-type': 'free',
  'tun-port': 'free',
  'tun-nocsum': 'free',
  'tun-csum': 'free',
  'tun-remcsum': 'free',
};

/** Which option goes with which command (ipvsadm's own table, as its messages show it). */
export const STANCES: Readonly<Record<CommandTag, Stances>> = {
  'add-service': SERVICE_SETTINGS,
  'edit-service': SERVICE_SETTINGS,
  'delete-service': SERVICE,
  flush: {},
  list: {
    numeric: 'free',
    connection: 'exclusive',
    'service-address': 'exclusive',
    timeout: 'exclusive',
    daemon: 'exclusive',
    stats: 'free',
    rate: 'free',
    thresholds: 'free',
    'persistent-conn': 'free',
    nosort: 'free',
    syncid: 'free',
    exact: 'free',
    'tun-info': 'free',
  },
  'add-server': SERVER_SETTINGS,
  'delete-server': SERVER,
  'edit-server': SERVER_SETTINGS,
  set: {},
  'start-daemon': {
    'mcast-interface': 'free',
    syncid: 'free',
    'mcast-group': 'free',
    'mcast-port': 'free',
    'mcast-ttl': 'free',
    'sync-maxlen': 'free',
  },
  'stop-daemon': { syncid: 'free' },
  restore: {},
  save: { numeric: 'free' },
  zero: { 'service-address': 'free' },
};
