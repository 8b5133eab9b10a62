import type {
  ArpCacheSpec,
  HostSpec,
  NetworkSpec,
  Remedy,
  Scenario,
  TimelineEntry,
  Words,
  WorkloadSpec,
} from './document.ts';
import { clusterOf, eth, servers, VIP } from './topology.ts';
import { constant, stressTest } from './workloads.ts';

/** What differs between two directors that back each other up. */
export interface FailoverPlan {
  readonly name: string;
  readonly title: Words;
  readonly lesson: Words;
  readonly service?: string;
  /** Files of the n-th director, 1 or 2, by path. */
  readonly files?: (n: 1 | 2) => Readonly<Record<string, string>>;
  /** Commands at the start of the n-th director. */
  readonly setup?: (n: 1 | 2) => readonly string[];
  /** false: the daemons make the rules themselves. */
  readonly withRules?: boolean;
  readonly routerCache?: ArpCacheSpec;
  readonly routerSetup?: readonly string[];
  readonly workloads?: readonly WorkloadSpec[];
  readonly timeline?: readonly TimelineEntry[];
  readonly remedies?: readonly Remedy[];
  readonly durationSeconds?: number;
  readonly keepAlive?: boolean;
  /** A cable of their own between the directors, eth1 to eth1. */
  readonly ownCable?: boolean;
  readonly seed?: number;
}

/** Addresses of the directors on the LAN; the servers are 192.168.1.11 and .12. */
export const DIRECTORS: Readonly<Record<1 | 2, string>> = { 1: '192.168.1.2', 2: '192.168.1.3' };

/** People who ask every half second, each on a connection of their own. */
export const askers: WorkloadSpec = stressTest(4, {
  name: 'askers',
  concurrency: 4,
  thinkSeconds: constant(0.5),
  timeoutSeconds: 5,
});

/** People who keep a connection for many requests. */
export const keepers: WorkloadSpec = stressTest(8, {
  name: 'keepers',
  concurrency: 8,
  thinkSeconds: constant(0.5),
  timeoutSeconds: 5,
  keepAlive: true,
  requestsPerConnection: constant(100_000),
});

/**
 * Client, router, directors d1 and d2 that are alike, two servers by direct routing; frame by frame,
 * because a
 * router's cache is what it is about. The VIP is where the daemons, or d1's set-up, put it.
 */
export function failoverOf(plan: FailoverPlan): Scenario {
  const base = clusterOf({
    name: plan.name,
    title: plan.title,
    lesson: plan.lesson,
    seed: plan.seed ?? 1,
    durationSeconds: plan.durationSeconds ?? 120,
    service: plan.service ?? `-t ${VIP}:80 -s rr`,
    servers: servers('dr', [1, 1]),
    web: {
      serviceTimeMs: constant(5),
      responseBytes: constant(4000),
      ...(plan.keepAlive === true && {
        keepAlive: true,
        maxKeepAliveRequests: 0,
        keepAliveTimeoutSeconds: 600,
      }),
    },
    workloads: plan.workloads ?? [askers],
    timeline: plan.timeline ?? [],
  });
  return {
    ...base,
    detail: 'packet',
    remedies: plan.remedies ?? [],
    networks: plan.ownCable === true ? [...base.networks, OWN_CABLE] : base.networks,
    hosts: base.hosts.flatMap((host) => {
      if (host.role === 'director') return [director(plan, host, 1), director(plan, host, 2)];
      return [host.role === 'router' ? router(plan, host) : host];
    }),
  };
}

/** A crossed cable. */
const OWN_CABLE: NetworkSpec = {
  name: 'beat',
  prefix: '10.77.0.0/24',
  bandwidthMbps: 1000,
  delayUs: 5,
  jitterUs: 0,
  loss: 0,
  queuePackets: 1000,
  mtu: 1500,
};

function router(plan: FailoverPlan, host: HostSpec): HostSpec {
  return {
    ...host,
    setup: [...host.setup, ...(plan.routerSetup ?? [])],
    ...(plan.routerCache && { arpCache: plan.routerCache }),
  };
}

function director(plan: FailoverPlan, host: HostSpec, n: 1 | 2): HostSpec {
  return {
    ...host,
    name: `d${n}`,
    interfaces: [
      ...host.interfaces.map((nic) =>
        nic.network === 'lan' ? { ...nic, addresses: [`${DIRECTORS[n]}/24`] } : nic,
      ),
      ...(plan.ownCable === true ? [eth('eth1', OWN_CABLE.name, `10.77.0.${n}/24`)] : []),
    ],
    setup: [...(plan.setup?.(n) ?? [])],
    rules: plan.withRules === false ? '' : host.rules,
    ...(plan.files && { files: plan.files(n) }),
  };
}
