import { createWorld, keepFrames, type World } from '../../packages/cluster/src/index.ts';
import { type OpenWorkload, preset, type Scenario } from '../../packages/scenario/src/index.ts';
import { programs } from '../../packages/shell/src/index.ts';

const SERVERS = 16;
export const CLIENTS = 1000;
/** 10.1.0.10 */
export const FIRST_CLIENT = 0x0a01000a;
/** As many frames as the page keeps. */
const KEPT_FRAMES = 16_384;

/**
 * A preset's client, router and director at packet level, with 16 servers of weights 1 2 3 4 by direct
 * routing under wlc. A server thinks for 2 s (exponential) and answers with ten segments.
 */
export function clusterOf16(workloads: OpenWorkload[]): Scenario {
  const base = preset('stress-one-source-no-p')!;
  const pattern = base.hosts.find(({ role }) => role === 'realserver')!;
  const servers = Array.from({ length: SERVERS }, (_, i) => ({
    ...pattern,
    name: `rs${i + 1}`,
    interfaces: [{ ...pattern.interfaces[0]!, addresses: [`192.168.1.${11 + i}/24`] }],
  }));
  const rules = servers.map(
    (_, i) => `-a -t 192.168.1.6:80 -r 192.168.1.${11 + i}:80 -g -w ${1 + (i & 3)}\n`,
  );
  const hosts = base.hosts
    .filter(({ role }) => role !== 'realserver')
    .map((host) =>
      host.role === 'director' ? { ...host, rules: `-A -t 192.168.1.6:80 -s wlc\n${rules.join('')}` } : host,
    );
  return {
    ...base,
    detail: 'packet',
    hosts: [...hosts, ...servers],
    services: [
      {
        ...base.services[0]!,
        on: servers.map(({ name }) => name),
        workers: 10_000,
        serviceTimeMs: { kind: 'exponential', mean: 2000 },
        responseBytes: { kind: 'constant', value: 14_480 },
      },
    ],
    workloads,
    timeline: [],
  };
}

/** The scenario's world, with its frames kept. */
export function worldOf(scenario: Scenario): World {
  const created = createWorld(scenario, programs);
  if (!created.ok) throw new Error(created.faults.map((fault) => JSON.stringify(fault)).join('\n'));
  const { world } = created;
  const broken = world.commands.find((command) => command.rc !== 0);
  if (broken !== undefined) throw new Error(`${broken.host}: ${broken.command}: ${broken.err}`);
  keepFrames(world.net, KEPT_FRAMES);
  return world;
}
