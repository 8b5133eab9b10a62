import type { ServiceView } from '@lvscope/cluster';
import type { Method } from '@lvscope/scenario';
import { asItIsNow } from './as-now.ts';
import { rewire } from './rewire.ts';
import { load, play } from './run.ts';
import { focusService } from './select.ts';
import { page } from './store.ts';

const METHOD_OF = { Route: 'dr', Local: 'dr', Tunnel: 'tun', Masq: 'nat' } as const;

/** The forwarding method that all servers of a service have; undefined where they differ. */
export function forwardingOf(service: ServiceView): Method | undefined {
  const methods = new Set(service.servers.map((server) => METHOD_OF[server.method]));
  return methods.size === 1 ? [...methods][0] : undefined;
}

/**
 * Another forwarding method is another cabling, so it starts a new run from 0, and the page says so and shows
 * the commands of all hosts. Rules and settings are kept as they are now.
 */
export async function changeForwarding(method: Method): Promise<void> {
  const { scenario, view } = page.getState();
  const service = focusService({ view, serviceKey: page.getState().serviceKey });
  if (scenario === undefined || service === undefined || forwardingOf(service) === method) return;
  const servers = scenario.hosts.filter((host) => host.role === 'realserver').length;
  const rewired = rewire(asItIsNow(scenario, view), { method, count: servers });
  if (rewired === undefined) return;
  const answer = await load({ kind: 'document', scenario: rewired.scenario });
  if (!answer.ok) return;
  page.setState({ notice: { kind: 'new-run', script: rewired.script } });
  play(true);
}
