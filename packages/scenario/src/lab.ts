import type {
  HostSpec,
  NetworkSpec,
  Remedy,
  RemedyCommand,
  Scenario,
  ServerSpec,
  Words,
} from './document.ts';
import { clusterOf, eth, GATEWAY, type Plan, servers, VIP } from './topology.ts';
import { visitors } from './workloads.ts';

/** A cluster seen frame by frame: the classic cabling, and what is different in this one. */
export interface LabPlan extends Omit<Plan, 'workloads' | 'detail'> {
  /** Default: five visitors a second from eight addresses, who give up after 5 s. */
  readonly workloads?: Plan['workloads'];
  /** By host name. */
  readonly changes?: Readonly<Record<string, Partial<HostSpec>>>;
  /** Of every real server; what `changes` says of one comes after it. */
  readonly serverChange?: Partial<HostSpec>;
  /** By network name. */
  readonly networkChanges?: Readonly<Record<string, Partial<NetworkSpec>>>;
  /** In place of the web server that `web` describes. */
  readonly services?: readonly (Pick<ServerSpec, 'name' | 'on'> & Partial<ServerSpec>)[];
  readonly moreHosts?: readonly HostSpec[];
  readonly moreNetworks?: readonly NetworkSpec[];
}

export const FEW_VISITORS: Plan['workloads'][number] = visitors(8, 5, { timeoutSeconds: 5 });

/** The document of a plan, at packet level. */
export function labOf(plan: LabPlan): Scenario {
  const whole = clusterOf({
    durationSeconds: 60,
    workloads: [FEW_VISITORS],
    ...plan,
    detail: 'packet',
  });
  const changed = (host: HostSpec): HostSpec => ({
    ...host,
    ...(host.role === 'realserver' && plan.serverChange),
    ...plan.changes?.[host.name],
  });
  return {
    ...whole,
    networks: [
      ...whole.networks.map((network) => ({ ...network, ...plan.networkChanges?.[network.name] })),
      ...(plan.moreNetworks ?? []),
    ],
    services: plan.services?.map((one) => ({ ...whole.services[0]!, ...one })) ?? whole.services,
    hosts: [...whole.hosts.map(changed), ...(plan.moreHosts ?? [])],
  };
}

/** The same lines on each of several hosts. */
export function onEach(hosts: readonly string[], lines: readonly string[]): RemedyCommand[] {
  return hosts.flatMap((on) => lines.map((run) => ({ on, run })));
}

/** A way that puts it right. */
export function cure(title: Words, explain: Words, commands: readonly RemedyCommand[]): Remedy {
  return { title, explain, commands, cures: true };
}

/** A way that people try, and that does not help. */
export function noCure(title: Words, explain: Words, commands: readonly RemedyCommand[]): Remedy {
  return { title, explain, commands, cures: false };
}

/** The director tells the segment who has the VIP, so that the cure is seen at once. */
export const ANNOUNCE: RemedyCommand = { on: 'd1', run: `arping -c 1 -U -I eth0 ${VIP}` };

/** `ipvsadm-save` text of one service; of each server what follows `-r`. */
export function rulesOf(service: string, entries: readonly string[]): string {
  const option = /-[tuf] \S+/.exec(service)?.[0] ?? '';
  return [`-A ${service}`, ...entries.map((entry) => `-a ${option} -r ${entry}`), ''].join('\n');
}

/** A client on the servers' segment, with four addresses. */
export const LAN_HOST: HostSpec = {
  name: 'intranet',
  role: 'client',
  kernel: '6.1',
  interfaces: [eth('eth0', 'lan', ...[101, 102, 103, 104].map((n) => `192.168.1.${n}/24`))],
  routes: [`default via ${GATEWAY}`],
  setup: [],
  rules: '',
  packetCostNs: 0,
};

export const LAN_VISITORS: Plan['workloads'][number] = visitors(4, 3, {
  name: 'intranet',
  on: 'intranet',
  sources: { first: '192.168.1.101', count: 4 },
  timeoutSeconds: 5,
});

const NAT_SERVICE = `-t ${VIP}:80 -s rr`;
const DIRECTOR = '192.168.1.2';

/** Two NAT servers on the director's own segment, with the director as gateway. */
export const ONE_ARM: Pick<LabPlan, 'service' | 'servers' | 'serverChange'> & {
  readonly changes: { readonly d1: Partial<HostSpec> };
} = {
  service: NAT_SERVICE,
  servers: servers('dr', [1, 1]),
  serverChange: { setup: [], routes: [`default via ${DIRECTOR}`] },
  changes: {
    d1: {
      setup: [`ip addr add ${VIP}/32 dev eth0`, 'sysctl -w net.ipv4.ip_forward=1'],
      rules: rulesOf(NAT_SERVICE, ['192.168.1.11:80 -m -w 1', '192.168.1.12:80 -m -w 1']),
    },
  },
};

/** What keeps a server from answering ARP for a VIP on lo, and from asking as the VIP. */
export const QUIET: readonly string[] = [
  'sysctl -w net.ipv4.conf.all.arp_ignore=1',
  'sysctl -w net.ipv4.conf.all.arp_announce=2',
];
export const VIP_ON_LO: string = `ip addr add ${VIP}/32 dev lo`;
export const TUNNEL_UP: readonly string[] = ['modprobe ipip', 'ip link set tunl0 up'];
