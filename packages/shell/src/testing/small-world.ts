import type { World } from '@lvscope/cluster';
import { createWorld } from '@lvscope/cluster';
import type { HostSpec, NetworkSpec, Scenario } from '@lvscope/scenario';
import { programsWithoutNames } from '../programs.ts';

const words = (text: string) => ({ en: text, zh: text });

const host = (
  name: string,
  role: HostSpec['role'],
  addresses: readonly string[],
  network = 'lan',
): HostSpec => ({
  name,
  role,
  kernel: '6.1',
  interfaces: [{ name: 'eth0', network, addresses, mac: '' }],
  routes: ['default via 192.168.0.254'],
  setup: role === 'router' || role === 'director' ? ['sysctl -w net.ipv4.ip_forward=1'] : [],
  rules: '',
  packetCostNs: 0,
});

const constant = (value: number) => ({ kind: 'constant' as const, value });

const wire = (name: string, prefix: string): NetworkSpec => ({
  name,
  prefix,
  bandwidthMbps: 1000,
  delayUs: 10,
  jitterUs: 0,
  loss: 0,
  queuePackets: 1000,
  mtu: 1500,
});

/** One of each: client, router, director1 with the VIP 192.168.0.100, rs1 with a web server. */
export function smallScenario(detail: Scenario['detail'] = 'connection'): Scenario {
  return {
    version: 1,
    name: 'small',
    title: words('small'),
    lesson: words(''),
    seed: 1,
    durationSeconds: 60,
    detail,
    networks: [wire('lan', '192.168.0.0/24'), wire('wan', '10.254.0.0/30')],
    hosts: [
      {
        ...host('client', 'client', ['10.254.0.1/30'], 'wan'),
        routes: ['default via 10.254.0.2', 'local 10.1.0.0/16 dev lo'],
      },
      {
        ...host('router', 'router', []),
        interfaces: [
          { name: 'eth0', network: 'wan', addresses: ['10.254.0.2/30'], mac: '' },
          { name: 'eth1', network: 'lan', addresses: ['192.168.0.254/24'], mac: '' },
        ],
        routes: ['10.1.0.0/16 via 10.254.0.1'],
      },
      host('director1', 'director', ['192.168.0.1/24', '192.168.0.100/32']),
      host('rs1', 'realserver', ['192.168.0.11/24']),
    ],
    services: [
      {
        name: 'httpd',
        on: ['rs1'],
        protocol: 'tcp',
        port: 80,
        workers: 10,
        serviceTimeMs: constant(1),
        responseBytes: constant(1000),
        keepAlive: true,
        keepAliveTimeoutSeconds: 5,
        maxKeepAliveRequests: 100,
        backlog: 511,
      },
    ],
    workloads: [
      {
        kind: 'closed',
        name: 'load',
        on: 'client',
        sources: { first: '10.1.0.1', count: 4 },
        targets: ['192.168.0.100:80'],
        protocol: 'tcp',
        requestBytes: constant(100),
        requestsPerConnection: constant(1),
        keepAlive: false,
        timeoutSeconds: 10,
        startSeconds: 0,
        stopSeconds: 0,
        concurrency: 2,
        total: 0,
        thinkSeconds: constant(1),
      },
    ],
    timeline: [],
    assumptions: [],
    remedies: [],
  };
}

/** A fresh world of it, at time 0. */
export function smallWorld(detail: Scenario['detail'] = 'connection', tools = programsWithoutNames): World {
  const created = createWorld(smallScenario(detail), tools);
  if (!created.ok) throw new Error(JSON.stringify(created.faults));
  return created.world;
}
