import { seconds, type SimTime } from '@lvscope/des';
import type {
  ClosedWorkload,
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

/** client – router – director d1 and servers rs1 … rsN, as the notes of every operator draw it. */
export function scenarioOf(plan: Plan): Scenario {
  const method = plan.method ?? 'dr';
  const weights = plan.weights ?? [1, 1, 1];
  const protocol = plan.protocol ?? 'tcp';
  const eth = (name: string, network: string, ...addresses: string[]) => ({
    name,
    network,
    addresses,
    mac: '',
  });
  const wire = (name: string, prefix: string, delayUs: number) => ({
    name,
    prefix,
    bandwidthMbps: 1000,
    delayUs,
    loss: 0,
    mtu: 1500,
  });
  const kernel = '6.1' as const;
  const host = { kernel, setup: [], rules: '', packetCostNs: 0, routes: [] };
  const inside = method === 'nat';
  const base = inside ? '172.16.0.' : '192.168.1.';
  const option = `${protocol === 'tcp' ? '-t' : '-u'} ${VIP}:80`;
  const flag = { dr: '-g', nat: '-m', tun: '-i' }[method];
  const vipDevice = method === 'tun' ? 'tunl0' : 'lo';
  const rules = weights.map((w, i) => `-a ${option} -r ${base}${11 + i}:80 ${flag} -w ${w}`);
  return {
    version: 1,
    name: 'test',
    title: { en: '', zh: '' },
    lesson: { en: '', zh: '' },
    seed: plan.seed ?? 1,
    durationSeconds: 60,
    detail: 'connection',
    networks: [
      wire('internet', '10.254.0.0/30', 5000),
      wire('lan', '192.168.1.0/24', 50),
      ...(inside ? [wire('inside', '172.16.0.0/24', 50)] : []),
    ],
    hosts: [
      {
        ...host,
        name: 'client',
        role: 'client',
        interfaces: [eth('eth0', 'internet', '10.254.0.1/30')],
        routes: ['local 10.1.0.0/16 dev lo', 'default via 10.254.0.2'],
      },
      {
        ...host,
        name: 'router',
        role: 'router',
        interfaces: [eth('eth0', 'internet', '10.254.0.2/30'), eth('eth1', 'lan', '192.168.1.1/24')],
        routes: ['10.1.0.0/16 via 10.254.0.1'],
        setup: ['sysctl -w net.ipv4.ip_forward=1'],
      },
      {
        ...host,
        name: 'd1',
        role: 'director',
        interfaces: [
          eth('eth0', 'lan', '192.168.1.2/24'),
          ...(inside ? [eth('eth1', 'inside', '172.16.0.1/24')] : []),
        ],
        routes: ['default via 192.168.1.1'],
        setup: [
          `ip addr add ${VIP}/32 dev eth0`,
          'sysctl -w net.ipv4.ip_forward=1',
          ...(plan.directorSetup ?? []),
        ],
        rules: [`-A ${option} ${plan.service ?? '-s rr'}`, ...rules].join('\n'),
      },
      ...weights.map((_, i) => ({
        ...host,
        name: `rs${i + 1}`,
        role: 'realserver' as const,
        interfaces: [eth('eth0', inside ? 'inside' : 'lan', `${base}${11 + i}/24`)],
        routes: [`default via ${inside ? '172.16.0.1' : '192.168.1.1'}`],
        setup: inside
          ? []
          : [
              'sysctl -w net.ipv4.conf.all.arp_ignore=1',
              'sysctl -w net.ipv4.conf.all.arp_announce=2',
              ...(method === 'tun' ? ['ip link set tunl0 up'] : []),
              `ip addr add ${VIP}/32 dev ${vipDevice}`,
            ],
      })),
    ],
    services: [
      {
        name: 'httpd',
        on: weights.map((_, i) => `rs${i + 1}`),
        protocol,
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
