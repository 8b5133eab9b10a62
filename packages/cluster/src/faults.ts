import { inPrefix, parseIpv4 } from '@lvscope/inet';
import { mean } from '@lvscope/des';
import type { HostSpec, NetworkSpec, Scenario, WorkloadSpec } from '@lvscope/scenario';
import { parsePrefix } from '@lvscope/syntax';

/** Why a scenario cannot be made into a world: where, what was found, what is wanted. */
export interface ScenarioFault {
  /** Path in the document: `hosts[2].interfaces[0].network`. */
  readonly path: string;
  readonly found: string;
  readonly wanted: string;
}

export const MOST_REAL_SERVERS = 5000;
/** Connections that may be live at once by estimate; beyond, memory would not do. */
export const MOST_LIVE_CONNECTIONS = 10_000_000;
/** What a connection leaves behind: TIME_WAIT at a socket 60 s, FIN_WAIT in the director's table 120 s. */
const LINGER_SECONDS = 120;

/** All that is impossible in the scenario; a document that `restore` took can still be. */
export function checkScenario(scenario: Scenario): ScenarioFault[] {
  const faults: ScenarioFault[] = [];
  const realServers = scenario.hosts.filter((host) => host.role === 'realserver').length;
  if (realServers > MOST_REAL_SERVERS) {
    faults.push({
      path: 'hosts',
      found: `${realServers} real servers`,
      wanted: `at most ${MOST_REAL_SERVERS}`,
    });
    return faults;
  }
  const networks = new Map(scenario.networks.map((network) => [network.name, network]));
  for (const [i, { prefix }] of scenario.networks.entries()) {
    if (parsePrefix(prefix) === undefined) {
      faults.push({
        path: `networks[${i}].prefix`,
        found: prefix,
        wanted: 'a prefix such as 192.168.1.0/24',
      });
    }
  }
  const names = new Set<string>();
  for (const [i, host] of scenario.hosts.entries()) {
    if (names.has(host.name)) {
      faults.push({ path: `hosts[${i}].name`, found: `${host.name} twice`, wanted: 'a name of its own' });
    }
    names.add(host.name);
    checkInterfaces(host, i, networks, faults);
  }
  checkNames(scenario, names, faults);
  for (const [i, workload] of scenario.workloads.entries()) checkWorkload(workload, i, faults);
  checkSize(scenario, faults);
  return faults;
}

function checkInterfaces(
  host: HostSpec,
  index: number,
  networks: ReadonlyMap<string, NetworkSpec>,
  faults: ScenarioFault[],
): void {
  for (const [i, nic] of host.interfaces.entries()) {
    const path = `hosts[${index}].interfaces[${i}]`;
    const network = networks.get(nic.network);
    if (nic.network !== '' && network === undefined) {
      const wanted = `one of ${[...networks.keys()].join(', ')}`;
      faults.push({ path: `${path}.network`, found: nic.network, wanted });
    }
    for (const [j, text] of nic.addresses.entries()) {
      const prefix = parsePrefix(text);
      if (prefix === undefined) {
        faults.push({ path: `${path}.addresses[${j}]`, found: text, wanted: 'such as 192.168.1.11/24' });
      } else if (j === 0 && network !== undefined && prefix.prefixLength < 32) {
        const of = parsePrefix(network.prefix);
        if (of !== undefined && !inPrefix(prefix.address, of.address, of.prefixLength)) {
          const wanted = `an address in ${network.prefix}, the network ${network.name}`;
          faults.push({ path: `${path}.addresses[${j}]`, found: text, wanted });
        }
      }
    }
  }
}

function checkNames(scenario: Scenario, names: ReadonlySet<string>, faults: ScenarioFault[]): void {
  const check = (path: string, name: string): void => {
    if (!names.has(name)) faults.push({ path, found: name, wanted: 'the name of a host' });
  };
  const ports = new Set<string>();
  for (const [i, service] of scenario.services.entries()) {
    for (const [j, name] of service.on.entries()) {
      check(`services[${i}].on[${j}]`, name);
      const taken = `${name} ${service.protocol} ${service.port}`;
      if (ports.has(taken)) {
        const found = `${service.protocol} port ${service.port} of ${name} a second time`;
        faults.push({ path: `services[${i}].port`, found, wanted: 'one server program per port' });
      }
      ports.add(taken);
    }
  }
  for (const [i, workload] of scenario.workloads.entries()) check(`workloads[${i}].on`, workload.on);
  for (const [i, entry] of scenario.timeline.entries()) check(`timeline[${i}].on`, entry.on);
}

function checkWorkload(workload: WorkloadSpec, index: number, faults: ScenarioFault[]): void {
  const path = `workloads[${index}]`;
  if (parseIpv4(workload.sources.first) === undefined) {
    faults.push({ path: `${path}.sources.first`, found: workload.sources.first, wanted: 'an IPv4 address' });
  }
  if (!(workload.sources.count >= 1 && workload.sources.count <= 65536)) {
    faults.push({ path: `${path}.sources.count`, found: `${workload.sources.count}`, wanted: '1 to 65536' });
  }
  if (workload.targets.length === 0) {
    faults.push({ path: `${path}.targets`, found: 'none', wanted: 'at least one address:port' });
  }
  for (const [i, target] of workload.targets.entries()) {
    const match = /^([\d.]+):(\d{1,5})$/.exec(target);
    if (match === null || parseIpv4(match[1]!) === undefined || Number(match[2]) > 65535) {
      faults.push({ path: `${path}.targets[${i}]`, found: target, wanted: 'such as 192.168.1.6:80' });
    }
  }
}

function checkSize(scenario: Scenario, faults: ScenarioFault[]): void {
  let live = 0;
  for (const [i, workload] of scenario.workloads.entries()) {
    if (workload.kind === 'open') {
      live += workload.ratePerSecond * Math.max(1, mean(workload.objectsPerPage)) * LINGER_SECONDS;
    } else {
      live += workload.concurrency;
    }
    if (live > MOST_LIVE_CONNECTIONS) {
      const found = `about ${Math.floor(live)} connections at once`;
      faults.push({ path: `workloads[${i}]`, found, wanted: `at most ${MOST_LIVE_CONNECTIONS}` });
      return;
    }
  }
}
