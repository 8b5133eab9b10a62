import { formatIpv4, ipv4, parseIpv4 } from '@lvscope/inet';
import type {
  HostSpec,
  InterfaceSpec,
  NetworkSpec,
  Remedy,
  Scenario,
  ServerSpec,
  TimelineEntry,
  Words,
  WorkloadSpec,
} from './document.ts';

/** The addresses of the classic set-up: VIP and gateway as in the LVS notes that every operator has read. */
export const VIP = '192.168.1.6';
export const GATEWAY = '192.168.1.1';
const LAN_PREFIX = '192.168.1.0/24';

export type Method = 'dr' | 'tun' | 'nat';
export const METHOD_OPTION: Readonly<Record<Method, '-g' | '-i' | '-m'>> = { dr: '-g', tun: '-i', nat: '-m' };

export interface PlannedServer {
  readonly method: Method;
  readonly weight: number;
  /** Further options of its rule, such as `-x 100 -y 80`. */
  readonly options?: string;
}

/** What a preset says; everything else is the classic cabling. */
export interface Plan {
  readonly name: string;
  readonly title: Words;
  readonly lesson: Words;
  readonly seed?: number;
  readonly durationSeconds?: number;
  readonly servers: readonly PlannedServer[];
  /** The service of the rules: `-t 192.168.1.6:80 -s wlc -p 300`. */
  readonly service: string;
  /** Commands on the director before the rules are loaded. */
  readonly directorSetup?: readonly string[];
  /** Further routes of the router, for destinations beyond the VIP. */
  readonly routerRoutes?: readonly string[];
  readonly directorRoutes?: readonly string[];
  /** Addresses besides the VIP that servers hold on lo, with prefix length. */
  readonly serverAddresses?: readonly string[];
  readonly serverRoutes?: readonly string[];
  readonly web?: Partial<ServerSpec>;
  readonly workloads: readonly WorkloadSpec[];
  readonly timeline?: readonly TimelineEntry[];
  readonly bandwidthMbps?: number;
  readonly packetCostNs?: number;
  /** Default: connection. */
  readonly detail?: Scenario['detail'];
  readonly remedies?: readonly Remedy[];
}

/** `count` equal servers, or one per weight. */
export function servers(method: Method, weights: readonly number[]): PlannedServer[] {
  return weights.map((weight) => ({ method, weight }));
}

export function eth(name: string, network: string, ...addresses: string[]): InterfaceSpec {
  return { name, network, addresses, mac: '' };
}

/** Address of the n-th real server (from 1) by method. */
export function serverAddress(method: Method, n: number): string {
  const base = { dr: '192.168.1.10', tun: '192.168.50.10', nat: '172.16.0.10' }[method];
  return formatIpv4(ipv4((parseIpv4(base) ?? 0) + n));
}

/** Makes the whole document of a plan: client, router, director d1, real servers rs1 to rsN. */
export function clusterOf(plan: Plan): Scenario {
  const uses = (method: Method): boolean => plan.servers.some((server) => server.method === method);
  const bandwidthMbps = plan.bandwidthMbps ?? 1000;
  const network = (name: string, prefix: string, delayUs: number): NetworkSpec => ({
    name,
    prefix,
    bandwidthMbps,
    delayUs,
    jitterUs: 0,
    loss: 0,
    queuePackets: 1000,
    mtu: 1500,
  });
  const networks: NetworkSpec[] = [
    { ...network('internet', '10.254.0.0/30', 10_000), bandwidthMbps: Math.max(bandwidthMbps, 10_000) },
    network('lan', LAN_PREFIX, 50),
  ];
  if (uses('nat')) networks.push(network('inside', '172.16.0.0/24', 50));
  if (uses('tun')) networks.push(network('remote', '192.168.50.0/24', 2_000));
  const hosts = [clientHost(), routerHost(plan, uses('tun')), directorHost(plan, uses('nat'))];
  for (const [i, server] of plan.servers.entries()) hosts.push(realServer(plan, server.method, i + 1));
  const names = plan.servers.map((_, i) => `rs${i + 1}`);
  return {
    version: 1,
    name: plan.name,
    title: plan.title,
    lesson: plan.lesson,
    seed: plan.seed ?? 1,
    durationSeconds: plan.durationSeconds ?? 300,
    detail: plan.detail ?? 'connection',
    networks,
    hosts,
    services: [{ ...WEB, ...plan.web, on: names }],
    workloads: plan.workloads,
    timeline: plan.timeline ?? [],
    assumptions: [],
    remedies: plan.remedies ?? [],
  };
}

/**
 * A web server as operators of the time had it: prefork, pages of some kilobytes. It keeps a connection
 * alive for clients that ask for it, so that the load generator decides.
 */
const WEB: ServerSpec = {
  name: 'httpd',
  on: [],
  protocol: 'tcp',
  port: 80,
  workers: 150,
  serviceTimeMs: { kind: 'exponential', mean: 20 },
  responseBytes: { kind: 'lognormal', median: 6000, sigma: 0.8 },
  keepAlive: true,
  keepAliveTimeoutSeconds: 15,
  maxKeepAliveRequests: 100,
  backlog: 511,
};

function clientHost(): HostSpec {
  return {
    name: 'client',
    role: 'client',
    kernel: '6.1',
    interfaces: [eth('eth0', 'internet', '10.254.0.1/30')],
    routes: ['local 10.1.0.0/16 dev lo', 'default via 10.254.0.2 src 10.1.0.10'],
    setup: [],
    rules: '',
    packetCostNs: 0,
  };
}

function routerHost(plan: Plan, hasRemote: boolean): HostSpec {
  const interfaces = [eth('eth0', 'internet', '10.254.0.2/30'), eth('eth1', 'lan', `${GATEWAY}/24`)];
  if (hasRemote) interfaces.push(eth('eth2', 'remote', '192.168.50.254/24'));
  return {
    name: 'router',
    role: 'router',
    kernel: '6.1',
    interfaces,
    routes: ['10.1.0.0/16 via 10.254.0.1', ...(plan.routerRoutes ?? [])],
    setup: ['sysctl -w net.ipv4.ip_forward=1'],
    rules: '',
    packetCostNs: 0,
  };
}

function directorHost(plan: Plan, hasInside: boolean): HostSpec {
  const interfaces = [eth('eth0', 'lan', '192.168.1.2/24')];
  if (hasInside) interfaces.push(eth('eth1', 'inside', '172.16.0.1/24'));
  const option = /-[tuf] \S+/.exec(plan.service)?.[0] ?? '';
  const servicePort = /:(\d+)$/.exec(option)?.[1];
  const rules = [`-A ${plan.service}`];
  for (const [i, { method, weight, options }] of plan.servers.entries()) {
    const endpoint = serverAddress(method, i + 1) + (servicePort === undefined ? ':0' : `:${servicePort}`);
    const words = ['-a', option, '-r', endpoint, METHOD_OPTION[method], '-w', String(weight)];
    rules.push([...words, ...(options === undefined ? [] : [options])].join(' '));
  }
  return {
    name: 'd1',
    role: 'director',
    kernel: '6.1',
    interfaces,
    routes: [`default via ${GATEWAY}`, ...(plan.directorRoutes ?? [])],
    setup: [
      `ip addr add ${VIP}/32 dev eth0`,
      ...(hasInside ? ['sysctl -w net.ipv4.ip_forward=1'] : []),
      ...(plan.directorSetup ?? []),
    ],
    rules: `${rules.join('\n')}\n`,
    packetCostNs: plan.packetCostNs ?? 0,
  };
}

/** DR and TUN servers hold the VIP where no ARP answers for it; a NAT server needs its way back only. */
function realServer(plan: Plan, method: Method, n: number): HostSpec {
  const quietVip = ['sysctl -w net.ipv4.conf.all.arp_ignore=1', 'sysctl -w net.ipv4.conf.all.arp_announce=2'];
  const extra = plan.serverAddresses ?? [];
  const setup = {
    dr: [...quietVip, ...[`${VIP}/32`, ...extra].map((address) => `ip addr add ${address} dev lo`)],
    tun: [
      'modprobe ipip',
      'ip link set tunl0 up',
      ...quietVip,
      'sysctl -w net.ipv4.conf.tunl0.rp_filter=0',
      ...[`${VIP}/32`, ...extra].map((address) => `ip addr add ${address} dev tunl0`),
    ],
    nat: [],
  }[method];
  const where = {
    dr: { network: 'lan', length: 24, gateway: GATEWAY },
    tun: { network: 'remote', length: 24, gateway: '192.168.50.254' },
    nat: { network: 'inside', length: 24, gateway: '172.16.0.1' },
  }[method];
  return {
    name: `rs${n}`,
    role: 'realserver',
    kernel: '6.1',
    interfaces: [eth('eth0', where.network, `${serverAddress(method, n)}/${where.length}`)],
    routes: [`default via ${where.gateway}`, ...(plan.serverRoutes ?? [])],
    setup,
    rules: '',
    packetCostNs: 0,
  };
}
