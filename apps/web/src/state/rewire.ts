import { formatIpv4, ipv4, parseIpv4 } from '@lvscope/inet';
import type { HostSpec, InterfaceSpec, Method, NetworkSpec, Scenario } from '@lvscope/scenario';

/** What stands on a host after a rewiring: the commands that bring it there. */
export interface HostScript {
  readonly host: string;
  readonly lines: readonly string[];
}

export interface Rewired {
  readonly scenario: Scenario;
  readonly script: readonly HostScript[];
}

/** The most servers that the page itself makes; an import may bring more. */
export const MOST_SERVERS = 200;

const OPTION: Readonly<Record<Method, string>> = { dr: '-g', tun: '-i', nat: '-m' };

interface Segment {
  readonly name: string;
  readonly prefix: string;
  readonly base: string;
  readonly gateway: string;
  readonly delayUs: number;
}

const INSIDE: Segment = {
  name: 'inside',
  prefix: '172.16.0.0/16',
  base: '172.16.0.10',
  gateway: '172.16.0.1',
  delayUs: 50,
};
const REMOTE: Segment = {
  name: 'remote',
  prefix: '192.168.48.0/20',
  base: '192.168.50.10',
  gateway: '192.168.50.254',
  delayUs: 2000,
};

/** The same cluster with another forwarding method, or another number of servers, or both. */
export function rewire(
  scenario: Scenario,
  to: { readonly method: Method; readonly count: number },
): Rewired | undefined {
  const director = scenario.hosts.find((host) => host.role === 'director');
  const router = scenario.hosts.find((host) => host.role === 'router');
  const lan = scenario.networks.find((network) => network.name === director?.interfaces[0]?.network);
  if (director === undefined || router === undefined || lan === undefined) return undefined;
  const gateway = addressIn(router, lan.name);
  if (gateway === undefined) return undefined;
  const segment = { dr: lanSegment(lan, gateway), tun: REMOTE, nat: INSIDE }[to.method];
  const vips = director.setup.flatMap((line) => /^ip addr add (\S+)\/32 /.exec(line)?.[1] ?? []);
  const names = serverNames(scenario, Math.min(to.count, MOST_SERVERS));
  const servers = names.map((name, i) =>
    serverHost(name, serverAddress(segment, i + 1), segment, to.method, vips),
  );
  const rules = rulesFor(scenario, director, servers, to.method);
  const hosts = [
    ...scenario.hosts.filter((host) => host.role === 'client'),
    withLeg(router, to.method === 'tun' ? REMOTE : undefined),
    directorHost(director, rules, to.method === 'nat'),
    ...servers,
  ];
  const services = scenario.services.map((service) => ({ ...service, on: names }));
  const networks = [...kept(scenario), ...(segment.name === lan.name ? [] : [networkOf(segment, lan)])];
  const rewired = { ...scenario, hosts, services, networks, timeline: staying(scenario, names) };
  return { scenario: rewired, script: scriptOf(hosts) };
}

function lanSegment(lan: NetworkSpec, gateway: string): Segment {
  const network = parseIpv4(lan.prefix.split('/')[0] ?? '') ?? ipv4(0);
  return {
    name: lan.name,
    prefix: lan.prefix,
    base: formatIpv4(ipv4(network + 10)),
    gateway,
    delayUs: lan.delayUs,
  };
}

function addressIn(host: HostSpec, network: string): string | undefined {
  return host.interfaces.find((one) => one.network === network)?.addresses[0]?.split('/')[0];
}

/** The names that are there, and after them rsN. */
function serverNames(scenario: Scenario, count: number): string[] {
  const names = scenario.hosts.filter((host) => host.role === 'realserver').map((host) => host.name);
  const all = new Set(names.slice(0, count));
  for (let n = 1; all.size < count; n++) all.add(`rs${n}`);
  return [...all];
}

function serverAddress(segment: Segment, n: number): string {
  return formatIpv4(ipv4((parseIpv4(segment.base) ?? 0) + n));
}

function serverHost(
  name: string,
  address: string,
  segment: Segment,
  method: Method,
  vips: readonly string[],
): HostSpec {
  const quiet = ['sysctl -w net.ipv4.conf.all.arp_ignore=1', 'sysctl -w net.ipv4.conf.all.arp_announce=2'];
  const tunnel = ['modprobe ipip', 'ip link set tunl0 up', 'sysctl -w net.ipv4.conf.tunl0.rp_filter=0'];
  const own = (device: string): string[] => vips.map((vip) => `ip addr add ${vip}/32 dev ${device}`);
  const setup = { dr: [...quiet, ...own('lo')], tun: [...tunnel, ...quiet, ...own('tunl0')], nat: [] }[
    method
  ];
  const length = segment.prefix.split('/')[1] ?? '24';
  return {
    name,
    role: 'realserver',
    kernel: '6.1',
    interfaces: [eth('eth0', segment.name, `${address}/${length}`)],
    routes: [`default via ${segment.gateway}`],
    setup,
    rules: '',
    packetCostNs: 0,
  };
}

function eth(name: string, network: string, address: string): InterfaceSpec {
  return { name, network, addresses: [address], mac: '' };
}

/** The router with a leg into the segment of tunnel servers, or without one. */
function withLeg(router: HostSpec, segment: Segment | undefined): HostSpec {
  const others = router.interfaces.filter((one) => one.network !== REMOTE.name);
  if (segment === undefined) return { ...router, interfaces: others };
  const length = segment.prefix.split('/')[1] ?? '24';
  const leg = eth(`eth${others.length}`, segment.name, `${segment.gateway}/${length}`);
  return { ...router, interfaces: [...others, leg] };
}

function directorHost(director: HostSpec, rules: string, inside: boolean): HostSpec {
  const forward = 'sysctl -w net.ipv4.ip_forward=1';
  const interfaces = director.interfaces.filter((one) => one.network !== INSIDE.name);
  const setup = director.setup.filter((line) => line !== forward);
  if (!inside) return { ...director, interfaces, setup, rules };
  const leg = eth(
    `eth${interfaces.length}`,
    INSIDE.name,
    `${INSIDE.gateway}/${INSIDE.prefix.split('/')[1] ?? ''}`,
  );
  return { ...director, interfaces: [...interfaces, leg], setup: [...setup, forward], rules };
}

/** The services as they are, each with every server; weights of servers that were there are kept. */
function rulesFor(
  scenario: Scenario,
  director: HostSpec,
  servers: readonly HostSpec[],
  method: Method,
): string {
  const before = scenario.hosts.filter((host) => host.role === 'realserver');
  const lines = director.rules.split('\n');
  const made = lines
    .filter((line) => line.startsWith('-A '))
    .flatMap((service) => {
      const option = /-[tuf] \S+/.exec(service)?.[0] ?? '';
      const own = lines.filter((line) => line.startsWith(`-a ${option} `));
      const port = /-r \S+:(\d+)/.exec(own[0] ?? '')?.[1] ?? '0';
      const rows = servers.map((server) => {
        const old = before.find((host) => host.name === server.name);
        const rule = own.find((line) => old !== undefined && line.includes(`-r ${addressOf(old)}:`));
        const weight = /-w (\d+)/.exec(rule ?? '')?.[1] ?? '1';
        return `-a ${option} -r ${addressOf(server)}:${port} ${OPTION[method]} -w ${weight}`;
      });
      return [service, ...rows];
    });
  return `${made.join('\n')}\n`;
}

function addressOf(host: HostSpec): string {
  return host.interfaces.find((one) => one.network !== '')?.addresses[0]?.split('/')[0] ?? '';
}

function kept(scenario: Scenario): NetworkSpec[] {
  return scenario.networks.filter((network) => network.name !== INSIDE.name && network.name !== REMOTE.name);
}

function networkOf(segment: Segment, like: NetworkSpec): NetworkSpec {
  return { ...like, name: segment.name, prefix: segment.prefix, delayUs: segment.delayUs };
}

/** Entries of the timeline on hosts that are still there. */
function staying(scenario: Scenario, servers: readonly string[]): Scenario['timeline'] {
  const gone = scenario.hosts.filter((host) => host.role === 'realserver' && !servers.includes(host.name));
  return scenario.timeline.filter((entry) => !gone.some((host) => host.name === entry.on));
}

function scriptOf(hosts: readonly HostSpec[]): HostScript[] {
  return hosts
    .filter((host) => host.role !== 'client')
    .map((host) => ({
      host: host.name,
      lines: [
        ...host.interfaces
          .filter((one) => one.network !== '')
          .flatMap((one) => one.addresses.map((address) => `ip addr add ${address} dev ${one.name}`)),
        ...host.routes.map((route) => `ip route add ${route}`),
        ...host.setup,
        ...host.rules
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => `ipvsadm ${line}`),
      ],
    }));
}
