import { formatIpv4, ipv4, netmask, parseIpv4 } from '@lvscope/inet';
import type { HostRole, HostSpec, InterfaceSpec, NetworkSpec, Scenario } from '@lvscope/scenario';
import { groupOf, type Trace } from './trace.ts';

/** What a wire and a bridge of the recording machine cost is not in the traces: next to nothing. */
const WIRE_DELAY_US = 5;
const WIRE_MBPS = 40_000;

/** What these are about cannot be seen without frames; the others need none of them. */
const PACKET_GROUPS: readonly string[] = ['arp', 'misconf', 'failover'];

/** Also where a step records what passes an interface. */
const needsFrames = (trace: Trace): boolean =>
  PACKET_GROUPS.includes(groupOf(trace.name)) || trace.steps.some(({ op }) => op === 'sniff');

const roleOf = (host: string): HostRole => {
  if (host.startsWith('director')) return 'director';
  if (host.startsWith('rs')) return 'realserver';
  return host === 'router' ? 'router' : 'client';
};

/** The prefix that an interface address lies in: `192.168.0.11/24` → `192.168.0.0/24`. */
function prefixOf(address: string): string {
  const [quad = '', length = '32'] = address.split('/');
  const value = parseIpv4(quad) ?? ipv4(0);
  return `${formatIpv4(ipv4(value & netmask(Number(length))))}/${length}`;
}

const networkName = (prefix: string): string => `net-${prefix.replace('/', '-')}`;

/**
 * The document of a trace's topology: namespaces are hosts, equal prefixes are one segment
 * (what the recording machine set on every host is in its README: forwarding on router and directors,
 * rp_filter off).
 */
export function scenarioOf(trace: Trace): Scenario {
  const networks = new Map<string, NetworkSpec>();
  const hosts: HostSpec[] = [];
  for (const name of trace.topology.namespaces) {
    if (name === 'sw') continue;
    const interfaces = interfacesOf(trace, name);
    for (const { network, addresses } of interfaces) {
      const prefix = prefixOf(addresses.find((address) => !address.endsWith('/32')) ?? '');
      if (network === '' || networks.has(network)) continue;
      networks.set(network, {
        name: network,
        prefix,
        bandwidthMbps: WIRE_MBPS,
        delayUs: WIRE_DELAY_US,
        jitterUs: 0,
        loss: 0,
        queuePackets: 1000,
        mtu: 1500,
      });
    }
    const role = roleOf(name);
    const forwards = role === 'router' || role === 'director';
    hosts.push({
      name,
      role,
      kernel: '6.1',
      interfaces,
      routes: (trace.topology.routes[name] ?? []).map((route) => route.replace(/^route add /, '')),
      setup: [`echo ${forwards ? 1 : 0} > /proc/sys/net/ipv4/ip_forward`, ...arpCure(trace, name)],
      rules: '',
      packetCostNs: 0,
    });
  }
  const words = { en: trace.name, zh: trace.name };
  return {
    version: 1,
    name: trace.name,
    title: words,
    lesson: words,
    seed: 1,
    durationSeconds: 1e6,
    detail: needsFrames(trace) ? 'packet' : 'connection',
    networks: [...networks.values()],
    hosts,
    services: [],
    workloads: [],
    timeline: [],
    assumptions: [],
    remedies: [],
  };
}

/** What the recording machine set on servers that hold the virtual address. */
function arpCure(trace: Trace, host: string): string[] {
  const forward = trace.topology.rs[host]?.forward;
  const { arpCure: cure } = trace;
  const wanted = forward === 'dr' || forward === 'tun';
  if (cure === undefined || !wanted) return [];
  const all = '/proc/sys/net/ipv4/conf/all';
  return [`echo ${cure.ignore} > ${all}/arp_ignore`, `echo ${cure.announce} > ${all}/arp_announce`];
}

function interfacesOf(trace: Trace, host: string): InterfaceSpec[] {
  const byDevice = new Map<string, string[]>();
  for (const line of trace.topology.addresses[host] ?? []) {
    const [device = '', address = ''] = line.split(' ');
    byDevice.set(device, [...(byDevice.get(device) ?? []), address]);
  }
  return [...byDevice].map(([name, addresses]) => {
    const primary = addresses.find((address) => !address.endsWith('/32'));
    return {
      name,
      network: name.startsWith('eth') && primary !== undefined ? networkName(prefixOf(primary)) : '',
      addresses,
      mac: trace.topology.macs[host]?.[name] ?? '',
    };
  });
}
