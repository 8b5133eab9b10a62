import { type Ipv4, ipv4, parseIpv4, PROTO_SCTP, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import { FORWARD_MASQ, FORWARD_ROUTE, FORWARD_TUNNEL, type ServiceKey } from '@lvscope/ipvs';
import type { Check, KeepalivedConfig, RealServer, VirtualServer } from '@lvscope/syntax';
import type { PendingCheck } from './checks.ts';
import type { Pool, PoolServer } from './pool.ts';

/** A virtual_server at work. */
export interface PoolState extends Pool {
  /** `[192.168.1.6]:tcp:80`, as the log has it. */
  readonly label: string;
  readonly quorum: number;
  readonly hysteresis: number;
  /** Command lines that are run when the quorum is gained and lost; '' = none. */
  readonly quorumUp: string;
  readonly quorumDown: string;
  readonly sorry: SorryServer | undefined;
  /** Indexes of its servers. */
  readonly servers: number[];
  hasQuorum: boolean;
}

/** Who stands in while the quorum is lost. */
export interface SorryServer extends PoolServer {
  readonly label: string;
  /** Without its turn it is in the service with weight 0. */
  readonly inhibit: boolean;
}

export interface PoolServerState extends PoolServer {
  readonly pool: number;
  readonly label: string;
  /** When it fails, or a sorry server stands in, it gets weight 0 and is not deleted. */
  readonly inhibit: boolean;
  /** Scripts, empty for none. */
  readonly notifyUp: string;
  readonly notifyDown: string;
  /** Its weight now: MISC_CHECK with misc_dynamic changes it. */
  weight: number;
  /** Indexes of its checks, and of those that fail. */
  readonly checks: number[];
  readonly failing: number[];
}

export interface CheckState {
  readonly server: number;
  readonly kind: Check['kind'];
  readonly address: Ipv4;
  readonly port: number;
  readonly script: string;
  readonly dynamic: boolean;
  /** The status that an HTTP check wants; the simulated servers answer 200. */
  readonly status: number;
  readonly connectTimeoutSeconds: number;
  /** MISC_CHECK: how long its script may take. */
  readonly scriptTimeoutSeconds: number;
  readonly loopSeconds: number;
  readonly retry: number;
  readonly retryDelaySeconds: number;
  readonly warmupSeconds: number;
  /** Failures in a row; before the first success one is enough (`retry_it = retry`, check_api.c). */
  failures: number;
  /** MISC_CHECK: the command line under way, 0: none; and when it began, ns. */
  child: number;
  childSince: number;
}

export interface PoolsState {
  readonly pools: PoolState[];
  readonly servers: PoolServerState[];
  readonly checks: CheckState[];
  readonly pending: PendingCheck[];
}

const METHODS: Readonly<Record<string, number>> = {
  DR: FORWARD_ROUTE,
  TUN: FORWARD_TUNNEL,
  NAT: FORWARD_MASQ,
};
const PROTOCOLS: Readonly<Record<string, number>> = { TCP: PROTO_TCP, UDP: PROTO_UDP, SCTP: PROTO_SCTP };

/** Defaults of keepalived.conf(5), seconds. */
const DELAY_LOOP = 60;
const CONNECT_TIMEOUT = 5;

/** What a configuration says of virtual servers, nothing done yet. */
export function poolsOf(config: KeepalivedConfig): PoolsState {
  const state: PoolsState = { pools: [], servers: [], checks: [], pending: [] };
  for (const virtual of config.virtualServers) {
    for (const { key, label } of keysOf(config, virtual)) addPool(state, virtual, key, label);
  }
  return state;
}

function keysOf(config: KeepalivedConfig, virtual: VirtualServer): { key: ServiceKey; label: string }[] {
  const protocol = PROTOCOLS[virtual.settings.protocol ?? 'TCP'] ?? PROTO_TCP;
  const word = protocolWord(virtual);
  const [first = '', second = '0'] = virtual.key;
  const entries =
    first === 'group'
      ? (config.serverGroups.find(({ name }) => name === second)?.entries ?? [])
      : [virtual.key.join(' ')];
  return entries.flatMap((entry): { key: ServiceKey; label: string }[] => {
    const [head = '', tail = '0'] = entry.split(/\s+/);
    if (head === 'fwmark') {
      const mark = Number(tail);
      return [{ key: { kind: 'fwmark', mark, family: 4 }, label: `FWM ${mark}` }];
    }
    const address = parseIpv4(head);
    if (address === undefined) return [];
    const port = Number(tail);
    return [{ key: { kind: 'address', protocol, address, port }, label: `[${head}]:${word}:${port}` }];
  });
}

function addPool(state: PoolsState, virtual: VirtualServer, key: ServiceKey, label: string): void {
  const { settings, sorryServer } = virtual;
  const index = state.pools.length;
  const method = METHODS[settings.lvs_method ?? settings.lb_kind ?? 'NAT'] ?? FORWARD_MASQ;
  const sorryMethod = METHODS[settings.sorry_server_lvs_method ?? ''] ?? method;
  const pool: PoolState = {
    key,
    label,
    settings: {
      scheduler: settings.lvs_sched ?? settings.lb_algo ?? 'wlc',
      schedulerFlags: 0,
      persistenceSeconds: settings.persistence_timeout ?? 0,
      netmask: parseIpv4(settings.persistence_granularity ?? '') ?? ipv4(0xffff_ffff),
      prefixLength: 128,
      persistenceEngine: undefined,
      onePacket: settings.ops ?? false,
    },
    quorum: settings.quorum ?? 1,
    hysteresis: settings.hysteresis ?? 0,
    quorumUp: settings.quorum_up ?? '',
    quorumDown: settings.quorum_down ?? '',
    sorry: sorryServer && {
      address: parseIpv4(sorryServer.address) ?? ipv4(0),
      port: portOf(sorryMethod, sorryServer.port, key),
      settings: destination(sorryMethod, 1, 0, 0),
      label: `[${sorryServer.address}]:${protocolWord(virtual)}:${sorryServer.port}`,
      inhibit: settings.sorry_server_inhibit ?? false,
    },
    servers: [],
    hasQuorum: false,
  };
  state.pools.push(pool);
  for (const real of virtual.realServers) addServer(state, virtual, index, pool, real, method);
}

const protocolWord = ({ settings }: VirtualServer): string => (settings.protocol ?? 'TCP').toLowerCase();

/** As ipvsadm has it, the port of a server that is not behind NAT is the service's, 0 for a mark's. */
function portOf(method: number, port: number, key: ServiceKey): number {
  const servicePort = key.kind === 'address' ? key.port : 0;
  return method === FORWARD_MASQ ? port || servicePort : servicePort;
}

const destination = (
  method: number,
  weight: number,
  upper: number,
  lower: number,
): PoolServer['settings'] => ({
  method,
  tunnel: undefined,
  weight,
  upperThreshold: upper,
  lowerThreshold: lower,
});

function addServer(
  state: PoolsState,
  virtual: VirtualServer,
  poolIndex: number,
  pool: PoolState,
  real: RealServer,
  method: number,
): void {
  const { settings } = real;
  const weight = settings.weight ?? virtual.settings.weight ?? 1;
  const own = METHODS[settings.lvs_method ?? ''] ?? method;
  const server: PoolServerState = {
    address: parseIpv4(real.address) ?? ipv4(0),
    port: portOf(own, real.port, pool.key),
    settings: destination(own, weight, settings.uthreshold ?? 0, settings.lthreshold ?? 0),
    pool: poolIndex,
    label: `[${real.address}]:${protocolWord(virtual)}:${real.port}`,
    inhibit: settings.inhibit_on_failure ?? virtual.settings.inhibit_on_failure ?? false,
    notifyUp: settings.notify_up ?? '',
    notifyDown: settings.notify_down ?? '',
    weight,
    checks: [],
    failing: [],
  };
  const index = state.servers.push(server) - 1;
  pool.servers.push(index);
  for (const check of real.checks) {
    const place = state.checks.push(checkOf(virtual, real, index, check)) - 1;
    server.checks.push(place);
    const alpha = check.settings.alpha ?? settings.alpha ?? virtual.settings.alpha ?? false;
    if (alpha) server.failing.push(place);
  }
}

function checkOf(virtual: VirtualServer, real: RealServer, server: number, check: Check): CheckState {
  const { settings } = check;
  const inherited = { ...virtual.settings, ...real.settings };
  const misc = check.kind === 'MISC_CHECK';
  const http = check.kind === 'HTTP_GET' || check.kind === 'SSL_GET';
  const loopSeconds = settings.delay_loop ?? inherited.delay_loop ?? DELAY_LOOP;
  const retry = settings.retry ?? settings.nb_get_retry ?? inherited.retry ?? (misc ? 0 : 1);
  return {
    server,
    kind: check.kind,
    address: parseIpv4(settings.connect_ip ?? real.address) ?? ipv4(0),
    port: settings.connect_port ?? real.port,
    script: settings.misc_path ?? '',
    dynamic: settings.misc_dynamic ?? false,
    status: check.urls[0]?.status_code ?? 200,
    connectTimeoutSeconds: settings.connect_timeout ?? inherited.connect_timeout ?? CONNECT_TIMEOUT,
    scriptTimeoutSeconds: settings.misc_timeout ?? loopSeconds,
    loopSeconds,
    retry,
    retryDelaySeconds: settings.delay_before_retry ?? inherited.delay_before_retry ?? (http ? 3 : 1),
    warmupSeconds: settings.warmup ?? inherited.warmup ?? loopSeconds,
    failures: retry,
    child: 0,
    childSince: 0,
  };
}
