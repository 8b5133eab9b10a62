import type { CapacityAssumptions, Method, Scenario } from '@lvscope/scenario';

/** What a capacity scenario was made from, read back from the document. */
export interface CapacitySettings {
  readonly method: Method;
  readonly servers: number;
  readonly assumptions: CapacityAssumptions;
}

/** One run's outcome: what was offered and what was answered. Requests a second. */
export interface CapacityRun {
  readonly method: Method;
  readonly servers: number;
  readonly offered: number;
  readonly answered: number;
}

const NAME = /^capacity-/;

/** @returns undefined where the scenario is not one about capacity */
export function settingsOf(scenario: Scenario): CapacitySettings | undefined {
  if (!NAME.test(scenario.name)) return undefined;
  const director = scenario.hosts.find((host) => host.role === 'director');
  const method = methodOf(director?.rules ?? '');
  const lan = scenario.networks.find((network) => network.name === director?.interfaces[0]?.network);
  const reply = scenario.services[0]?.responseBytes;
  const [workload] = scenario.workloads;
  const servers = scenario.hosts.filter((host) => host.role === 'realserver').length;
  if (method === undefined || director === undefined || lan === undefined || workload?.kind !== 'open')
    return undefined;
  if (reply?.kind !== 'constant' || servers === 0) return undefined;
  const assumptions = {
    bandwidthMbps: lan.bandwidthMbps,
    packetCostNs: director.packetCostNs,
    responseBytes: reply.value,
    serverBytesPerSecond: (workload.ratePerSecond * reply.value) / servers,
  };
  return { method, servers, assumptions };
}

/** What the rules say, for the cabling may have been changed since. */
function methodOf(rules: string): Method | undefined {
  if (/ -m( |$)/m.test(rules)) return 'nat';
  if (/ -i( |$)/m.test(rules)) return 'tun';
  return / -g( |$)/m.test(rules) ? 'dr' : undefined;
}

export function offeredBy({ servers, assumptions }: CapacitySettings): number {
  return (servers * assumptions.serverBytesPerSecond) / assumptions.responseBytes;
}

/** The runs with one more; an earlier run of the same method and number of servers is replaced. */
export function withRun(runs: readonly CapacityRun[], run: CapacityRun): CapacityRun[] {
  const others = runs.filter((one) => one.method !== run.method || one.servers !== run.servers);
  return [...others, run].toSorted((a, b) => a.servers - b.servers);
}
