import type { ServerView, ServiceView } from '@lvscope/cluster';
import type { Scenario } from '@lvscope/scenario';
import type { Layout } from './layout.ts';
import { type ConnectionPath, connectionPath } from './paths.ts';

/** The ways of a service's connections, by destination id; servers without a place on the stage have none. */
export function servicePaths(
  scenario: Scenario,
  layout: Layout,
  service: ServiceView,
): ReadonlyMap<number, ConnectionPath> {
  const client = scenario.workloads[0]?.on ?? scenario.hosts.find((host) => host.role === 'client')?.name;
  const paths = new Map<number, ConnectionPath>();
  if (client === undefined) return paths;
  for (const server of service.servers) {
    if (server.host === undefined || !layout.hosts.has(server.host)) continue;
    const ends = { client, director: service.director, server: server.host };
    const path = connectionPath(scenario, layout, ends, server.method);
    if (path !== undefined) paths.set(server.destinationId, path);
  }
  return paths;
}

/** What the ways depend on: while this text is the same, so are they. */
export function pathsKey(service: ServiceView): string {
  return (
    service.director + service.servers.map((one) => `${one.destinationId}${one.host}${one.method}`).join()
  );
}

/** Width of a server's line by its share of new connections, pixels; 0 = no new connection. */
export function flowWidth(share: number): number {
  return share <= 0 ? 0 : 1 + 2.2 * Math.sqrt(share);
}

/** The server that nearly all new connections go to: the shared way has its colour. */
export function dominant(service: ServiceView): ServerView | undefined {
  return service.servers.find((server) => server.share > 0.9);
}
