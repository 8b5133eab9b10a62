import type { ServerView, ServiceView } from '@lvscope/cluster';
import type { HostSpec, Scenario } from '@lvscope/scenario';
import { addServer, deleteServer } from './commands.ts';
import { forwardingOf } from './forwarding-run.ts';
import { type Rewired, rewire } from './rewire.ts';
import { inPlace } from './select.ts';

/** How a service gets another number of servers. */
export type Resize =
  | { readonly kind: 'commands'; readonly commands: readonly string[] }
  | ({ readonly kind: 'new-run' } & Rewired);

/** Fewer: `-d` of the last. More: `-a` of hosts that are idle, and a new run where there are not enough. */
export function resizeCommands(scenario: Scenario, service: ServiceView, to: number): Resize {
  const servers = inPlace(service, scenario);
  if (to <= servers.length) {
    return {
      kind: 'commands',
      commands: servers
        .slice(to)
        .toReversed()
        .map((one) => deleteServer(service, one)),
    };
  }
  const first = servers[0];
  const idle = idleHosts(scenario, service);
  const missing = to - servers.length;
  if (first !== undefined && missing <= idle.length) {
    const commands = idle.slice(0, missing).map((host) => addServer(service, likeness(first, host)));
    return { kind: 'commands', commands };
  }
  const rewired = rewire(scenario, { method: forwardingOf(service) ?? 'dr', count: to });
  return rewired === undefined ? { kind: 'commands', commands: [] } : { kind: 'new-run', ...rewired };
}

function idleHosts(scenario: Scenario, service: ServiceView): HostSpec[] {
  const used = new Set(service.servers.map((server) => server.host));
  return scenario.hosts.filter((host) => host.role === 'realserver' && !used.has(host.name));
}

/** A server like another one, on a host of its own. */
function likeness(server: ServerView, host: HostSpec): ServerView {
  const address = host.interfaces.find((one) => one.network !== '')?.addresses[0]?.split('/')[0];
  return { ...server, name: host.name, host: host.name, address: address ?? '', weight: 1 };
}
