import { inPrefix, parseIpv4 } from '@lvscope/inet';
import type { HostSpec, NetworkSpec, Scenario } from './document.ts';
import { foundText, type Locate, pathText, type ScenarioProblem } from './problem.ts';

type Path = readonly PropertyKey[];

/** What no schema sees: names that nobody bears, addresses that lie in no network. */
export function checkReferences(scenario: Scenario, locate: Locate): ScenarioProblem[] {
  const problems: ScenarioProblem[] = [];
  const report = (code: ScenarioProblem['code'], path: Path, found: unknown, wanted: string): void => {
    problems.push({ code, path: pathText(path), ...locate(path), found: foundText(found), wanted });
  };
  const networks = new Map<string, NetworkSpec>();
  for (const [i, network] of scenario.networks.entries()) {
    if (networks.has(network.name))
      report('duplicate-name', ['networks', i, 'name'], network.name, 'a name of its own');
    networks.set(network.name, network);
  }
  const hosts = new Map<string, HostSpec>();
  for (const [i, host] of scenario.hosts.entries()) {
    if (hosts.has(host.name)) report('duplicate-name', ['hosts', i, 'name'], host.name, 'a name of its own');
    hosts.set(host.name, host);
    checkInterfaces(host, networks, ['hosts', i], report);
    if (host.rules !== '' && host.role !== 'director') {
      report('rules', ['hosts', i, 'rules'], host.role, 'rules on a director only');
    }
  }
  const names = (role?: HostSpec['role']): string =>
    scenario.hosts
      .filter((host) => role === undefined || host.role === role)
      .slice(0, 8)
      .map((host) => host.name)
      .join(', ');
  for (const [i, service] of scenario.services.entries()) {
    for (const [j, on] of service.on.entries()) {
      if (!hosts.has(on))
        report('unknown-name', ['services', i, 'on', j], on, `a host: ${names('realserver')}`);
    }
  }
  for (const [i, workload] of scenario.workloads.entries()) {
    if (hosts.get(workload.on)?.role !== 'client') {
      report('unknown-name', ['workloads', i, 'on'], workload.on, `a client: ${names('client')}`);
    }
    for (const [j, target] of workload.targets.entries()) {
      const targetPort = Number(target.split(':')[1]);
      if (targetPort < 1 || targetPort > 65535) {
        report('address', ['workloads', i, 'targets', j], target, 'a port from 1 to 65535');
      }
    }
  }
  for (const [i, entry] of scenario.timeline.entries()) {
    if (!hosts.has(entry.on)) report('unknown-name', ['timeline', i, 'on'], entry.on, `a host: ${names()}`);
  }
  for (const [i, remedy] of scenario.remedies.entries()) {
    for (const [j, { on }] of remedy.commands.entries()) {
      const path = ['remedies', i, 'commands', j, 'on'];
      if (!hosts.has(on)) report('unknown-name', path, on, `a host: ${names()}`);
    }
  }
  return problems;
}

type Report = (code: ScenarioProblem['code'], path: Path, found: unknown, wanted: string) => void;

function checkInterfaces(
  host: HostSpec,
  networks: ReadonlyMap<string, NetworkSpec>,
  path: Path,
  report: Report,
): void {
  const seen = new Set<string>();
  for (const [j, { name, network: networkName, addresses }] of host.interfaces.entries()) {
    const at = [...path, 'interfaces', j];
    if (seen.has(name)) report('duplicate-name', [...at, 'name'], name, 'an interface once');
    seen.add(name);
    const cabled = !/^(lo|tunl\d+|dummy\d+)$/.test(name);
    const network = networks.get(networkName);
    if (cabled && !network) {
      report(
        'unknown-name',
        [...at, 'network'],
        networkName,
        `a network: ${[...networks.keys()].join(', ')}`,
      );
      continue;
    }
    if (!cabled && networkName !== '') {
      report('unknown-name', [...at, 'network'], networkName, `no network: ${name} is cabled to nothing`);
    }
    for (const [k, text] of addresses.entries()) {
      const [quad = '', length = ''] = text.split('/');
      const address = parseIpv4(quad);
      const [base = '', prefixLength = ''] = (network?.prefix ?? '').split('/');
      const networkAddress = parseIpv4(base);
      if (!network || address === undefined || networkAddress === undefined || length === '32') continue;
      if (!inPrefix(address, networkAddress, Number(prefixLength))) {
        report('address', [...at, 'addresses', k], text, `an address in ${network.prefix} (${network.name})`);
      }
    }
  }
}
