import type { ServiceView, WorkloadView, WorldView } from '@lvscope/cluster';
import type { Scenario, WorkloadSpec } from '@lvscope/scenario';
import { editService } from './commands.ts';

/** Requests on one connection where the scenario has but one: KeepAlive would change nothing. */
export const SOME_REQUESTS = 20;

/**
 * The scenario with what chips and prompts have changed since: schedulers, persistence and weights of
 * services that are still there, sources and KeepAlive. A new run with another cabling goes on with them.
 */
export function asItIsNow(
  scenario: Scenario,
  view: Pick<WorldView, 'services' | 'workloads'> | undefined,
): Scenario {
  if (view === undefined) return scenario;
  const hosts = scenario.hosts.map((host) => {
    const services = view.services.filter(({ director }) => director === host.name);
    return services.length === 0 ? host : { ...host, rules: rulesNow(host.rules, services) };
  });
  const workloads = scenario.workloads.map((one) => {
    const now = view.workloads.find(({ name }) => name === one.name);
    return now === undefined ? one : workloadNow(one, now);
  });
  return { ...scenario, hosts, workloads };
}

function rulesNow(rules: string, services: readonly ServiceView[]): string {
  const lines = rules.split('\n').map((line) => {
    const service = services.find(({ option }) => `${line} `.startsWith(`${line.slice(0, 2)} ${option} `));
    if (service === undefined) return line;
    if (line.startsWith('-A ')) return editService(service, {}).replace(/^ipvsadm -E/, '-A');
    const endpoint = / -r (\S+)/.exec(line)?.[1] ?? '';
    const server = service.servers.find(({ address, port }) => `${address}:${port}` === endpoint);
    return server === undefined ? line : line.replace(/ -w \d+/, ` -w ${server.weight}`);
  });
  return lines.join('\n');
}

function workloadNow(spec: WorkloadSpec, now: WorkloadView): WorkloadSpec {
  const { requestsPerConnection: per } = spec;
  const single = per.kind === 'constant' && per.value === 1;
  return {
    ...spec,
    sources: { ...spec.sources, count: now.sources },
    keepAlive: now.keepAlive,
    ...(now.keepAlive && single && { requestsPerConnection: { kind: 'constant', value: SOME_REQUESTS } }),
  };
}
