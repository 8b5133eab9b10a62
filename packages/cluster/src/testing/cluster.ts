import { seconds, type SimTime } from '@lvscope/des';
import type {
  ClosedWorkload,
  HostSpec,
  InterfaceSpec,
  NetworkSpec,
  OpenWorkload,
  Quantity,
  Scenario,
  ServerSpec,
  TimelineEntry,
} from '@lvscope/scenario';
import { createWorld } from '../build.ts';
import { advance } from '../loop.ts';
import type { World } from '../world.ts';
import { testPrograms } from './programs.ts';

export const VIP = '192.168.1.6';
export const constant = (value: number): Quantity => ({ kind: 'constant', value });

export interface Plan {
  /** `-s rr -p 300` */
  readonly service?: string;
  readonly method?: 'dr' | 'nat' | 'tun';
  /** One server a weight. */
  readonly weights?: readonly number[];
  readonly server?: Partial<ServerSpec>;
  readonly workload?: ClosedWorkload | OpenWorkload;
  readonly more?: readonly (ClosedWorkload | OpenWorkload)[];
  readonly timeline?: readonly TimelineEntry[];
  readonly seed?: number;
  readonly protocol?: 'tcp' | 'udp';
  readonly directorSetup?: readonly string[];
  readonly detail?: 'connection' | 'packet';
}

const common = {
  name: 'load',
  on: 'client',
  targets: [`${VIP}:80`],
  requestBytes: constant(250),
  requestsPerConnection: constant(1),
  keepAlive: false,
  timeoutSeconds: 10,
  startSeconds: 0,
  stopSeconds: 0,
} as const;

/** `ab -c`: users who ask again at once, or after `think` seconds. */
export function closed(
  sources: number,
  concurrency: number,
  change: Partial<ClosedWorkload> = {},
): ClosedWorkload {
  return {
    ...common,
    kind: 'closed',
    protocol: 'tcp',
    sources: { first: '10.1.0.10', count: sources },
    concurrency,
    total: 0,
    thinkSeconds: { kind: 'exponential', mean: 0.1 },
    ...change,
  };
}

/** Pages as they come. */
export function open(
  sources: number,
  ratePerSecond: number,
  change: Partial<OpenWorkload> = {},
): OpenWorkload {
  return {
    ...common,
    kind: 'open',
    protocol: 'tcp',
    sources: { first: '10.1.0.10', count: sources },
    ratePerSecond,
    objectsPerPage: constant(1),
    parallel: 6,
    ...change,
  };
}

const HOST = { kernel: '6.1', setup: [], rules: '', packetCostNs: 0, routes: [] } as const;

function eth(name: string, network: string, ...addresses: string[]): InterfaceSpec {
  return { name, network, addresses, mac: '' };
}

function wire(name: string, prefix: string, delayUs: number): NetworkSpec {
  return { name, prefix, bandwidthMbps: 1000, delayUs, jitterUs: 0, loss: 0, queuePackets: 1000, mtu: 1500 };
}

type Method = NonNullable<Plan['method']>;

/** Where servers stand: beside the director, behind it, or beyond the router. */
const PLACES: Readonly<Record<Method, { network: string; prefix: string; gateway: string }>> = {
  dr: { network: 'lan', prefix: '192.168.1.', gateway: '192.168.1.1' },
  nat: { network: 'inside', prefix: '172.16.0.', gateway: '172.16.0.1' },
  tun: { network: 'remote', prefix: '192.168.50.', gateway: '192.168.50.254' },
};

function clientAndRouter(method: Method): HostSpec[] {
  const remote = method === 'tun' ? [eth('eth2', 'remote', '192.168.50.254/24')] : [];
  return [
    {
      ...HOST,
      name: 'client',
      role: 'client',
      interfaces: [eth('eth0', 'internet', '10.254.0.1/30')],
      routes: ['local 10.1.0.0/16 dev lo', 'default via 10.254.0.2'],
    },
    {
      ...HOST,
      name: 'router',
      role: 'router',
      interfaces: [eth('eth0', 'internet', '10.254.0.2/30'), eth('eth1', 'lan', '192.168.1.1/24'), ...remote],
      routes: ['10.1.0.0/16 via 10.254.0.1'],
      setup: ['sysctl -w net.ipv4.ip_forward=1'],
    },
  ];
}

function director(plan: Plan): HostSpec {
  const method = plan.method ?? 'dr';
  const { prefix } = PLACES[method];
  const option = `${plan.protocol === 'udp' ? '-u' : '-t'} ${VIP}:80`;
  const flag = { dr: '-g', nat: '-m', tun: '-i' }[method];
  const weights = plan.weights ?? WEIGHTS;
  const rules = weights.map((w, i) => `-a ${option} -r ${prefix}${11 + i}:80 ${flag} -w ${w}`);
  const inside = method === 'nat' ? [eth('eth1', 'inside', '172.16.0.1/24')] : [];
  const extra = plan.directorSetup ?? [];
  return {
    ...HOST,
    name: 'd1',
    role: 'director',
    interfaces: [eth('eth0', 'lan', '192.168.1.2/24'), ...inside],
    routes: ['default via 192.168.1.1'],
    setup: [`ip addr add ${VIP}/32 dev eth0`, 'sysctl -w net.ipv4.ip_forward=1', ...extra],
    rules: [`-A ${option} ${plan.service ?? '-s rr'}`, ...rules].join('\n'),
  };
}

function realServer(method: Method, n: number): HostSpec {
  const { network, prefix, gateway } = PLACES[method];
  const quiet = ['sysctl -w net.ipv4.conf.all.arp_ignore=1', 'sysctl -w net.ipv4.conf.all.arp_announce=2'];
  const setup = {
    dr: [...quiet, `ip addr add ${VIP}/32 dev lo`],
    tun: [...quiet, 'ip link set tunl0 up', `ip addr add ${VIP}/32 dev tunl0`],
    nat: [],
  }[method];
  return {
    ...HOST,
    name: `rs${n}`,
    role: 'realserver',
    interfaces: [eth('eth0', network, `${prefix}${10 + n}/24`)],
    routes: [`default via ${gateway}`],
    setup,
  };
}

const WEIGHTS: readonly number[] = [1, 1, 1];

/** client – router – director d1 and servers rs1 … rsN, as the notes of every operator draw it. */
export function scenarioOf(plan: Plan): Scenario {
  const method = plan.method ?? 'dr';
  const names = (plan.weights ?? WEIGHTS).map((_, i) => `rs${i + 1}`);
  const { network, prefix } = PLACES[method];
  const more = method === 'dr' ? [] : [wire(network, `${prefix}0/24`, 50)];
  return {
    version: 1,
    name: 'test',
    title: { en: '', zh: '' },
    lesson: { en: '', zh: '' },
    seed: plan.seed ?? 1,
    durationSeconds: 60,
    detail: plan.detail ?? 'connection',
    networks: [wire('internet', '10.254.0.0/30', 5000), wire('lan', '192.168.1.0/24', 50), ...more],
    hosts: [...clientAndRouter(method), director(plan), ...names.map((_, i) => realServer(method, i + 1))],
    services: [
      {
        name: 'httpd',
        on: names,
        protocol: plan.protocol ?? 'tcp',
        port: 80,
        workers: 150,
        serviceTimeMs: { kind: 'exponential', mean: 5 },
        responseBytes: constant(3000),
        keepAlive: false,
        keepAliveTimeoutSeconds: 15,
        maxKeepAliveRequests: 100,
        backlog: 511,
        ...plan.server,
      },
    ],
    workloads: [...(plan.workload === undefined ? [] : [plan.workload]), ...(plan.more ?? [])],
    timeline: plan.timeline ?? [],
    assumptions: [],
    remedies: [],
  };
}

/** The world of a plan at time 0; a fault or a failed set-up command is the test's own mistake. */
export function worldOf(plan: Plan): World {
  const made = createWorld(scenarioOf(plan), testPrograms);
  if (!made.ok) throw new Error(JSON.stringify(made.faults));
  const broken = made.world.commands.find((command) => command.rc !== 0);
  if (broken !== undefined) throw new Error(`${broken.host}: ${broken.command}: ${broken.err}`);
  return made.world;
}

/** Lets the world run to that second. */
export function runTo(world: World, second: number): void {
  advance(world, testPrograms, seconds(second) as number as SimTime);
}
