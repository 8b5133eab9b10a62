import { formatIpv4, type Ipv4, ipv4, PROTO_UDP } from '@lvscope/inet';
import type {
  HostSpec,
  InterfaceSpec,
  NetworkSpec,
  Scenario,
  ServerSpec,
  Words,
  WorkloadSpec,
} from '../document.ts';
import type { ScenarioProblem } from '../problem.ts';
import { visitors } from '../workloads.ts';
import { freePrefix, type Segment, segmentOf, segmentsFor, takeFree, withLength } from './plan.ts';
import { type Rules, type RuleService, readRules } from './read.ts';

export type Imported =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly problems: readonly ScenarioProblem[] };

/** Real servers that an import takes; more are refused. */
export const MAX_IMPORTED_SERVERS = 5000;

const CLIENT_SOURCES = 50;
const RATE_PER_SERVICE = 20;
const MARKED_PORT = 80;

const CLIENT_PREFIXES = ['10.1.0.0', '10.99.0.0', '172.31.0.0', '100.64.0.0', '198.18.0.0'];
const TRANSIT_PREFIXES = ['10.254.0.0', '172.30.255.0', '100.127.0.0', '198.19.255.0'];

/** What the pieces of an import share while it is put together. */
interface Draft {
  readonly rules: Rules;
  readonly segments: readonly Segment[];
  readonly taken: Set<Ipv4>;
  /** Router's and director's address by segment name. */
  readonly routerAt: Map<string, Ipv4>;
  readonly directorAt: Map<string, Ipv4>;
  readonly vips: readonly Ipv4[];
  /** VIP that a firewall mark's packets go to, by mark. */
  readonly markedVip: ReadonlyMap<number, Ipv4>;
  readonly clients: Ipv4;
  readonly transit: Ipv4;
}

/**
 * Makes a scenario of an operator's own rules (`ipvsadm -Sn`): topology from -g, -i and -m, one client
 * network, open-loop visitors, ordinary links. Everything that the rules do not say is listed in
 * `assumptions`.
 */
export function importRules(text: string): Imported {
  const read = readRules(text);
  if (!read.ok) return read;
  const { rules } = read;
  const real = new Set(rules.services.flatMap((service) => service.servers.map(({ address }) => address)));
  if (real.size > MAX_IMPORTED_SERVERS) {
    const found = `${real.size} real servers`;
    const wanted = `at most ${MAX_IMPORTED_SERVERS}`;
    return { ok: false, problems: [{ code: 'too-large', path: '', line: 1, column: 1, found, wanted }] };
  }
  const draft = draftOf(rules, real);
  const hosts = [clientOf(draft), routerOf(draft), directorOf(draft), ...realServersOf(draft, real)];
  const names = new Map(hosts.slice(3).map((host, i) => [[...real][i] ?? ipv4(0), host.name]));
  return {
    ok: true,
    scenario: {
      version: 1,
      name: 'imported-rules',
      title: { en: 'Your own rules', zh: '您自己的规则' },
      lesson: {
        en: 'The rules as given, under visitors from 50 addresses. What was assumed is listed.',
        zh: '按给出的规则运行，访问来自 50 个地址。所作的假设已列出。',
      },
      seed: 1,
      durationSeconds: 300,
      detail: 'connection',
      networks: networksOf(draft),
      hosts,
      services: serverProgramsOf(draft, names),
      workloads: workloadsOf(draft),
      timeline: [],
      assumptions: assumptionsOf(draft),
      remedies: [],
    },
  };
}

function draftOf(rules: Rules, real: ReadonlySet<Ipv4>): Draft {
  const vips = new Set<Ipv4>();
  for (const { key } of rules.services) if (key.kind === 'address') vips.add(key.address);
  const marks = rules.services.flatMap(({ key }) =>
    key.kind === 'fwmark' && key.family === 4 ? [key.mark] : [],
  );
  const known = [...vips, ...real];
  const anchor = known.length > 0 ? known : [ipv4(0xc0a80106)];
  const segments = segmentsFor(anchor);
  const taken = new Set<Ipv4>(known);
  const routerAt = new Map<string, Ipv4>();
  const directorAt = new Map<string, Ipv4>();
  for (const segment of segments) {
    routerAt.set(segment.name, takeFree(segment, taken));
    directorAt.set(segment.name, takeFree(segment, taken));
  }
  const front = segmentOf(segments, [...vips][0] ?? anchor[0] ?? ipv4(0)) ?? segments[0];
  const markedVip = new Map<number, Ipv4>();
  for (const mark of marks) if (front) markedVip.set(mark, takeFree(front, taken));
  const prefix = (texts: readonly string[], prefixLength: number): Ipv4 => {
    const candidates = texts.map((quad) => ({ network: quadOf(quad), prefixLength }));
    return (freePrefix(candidates, [...taken]) ?? candidates[0] ?? { network: ipv4(0) }).network;
  };
  return {
    rules,
    segments,
    taken,
    routerAt,
    directorAt,
    vips: [...vips, ...markedVip.values()],
    markedVip,
    clients: prefix(CLIENT_PREFIXES, 16),
    transit: prefix(TRANSIT_PREFIXES, 30),
  };
}

const quadOf = (text: string): Ipv4 =>
  ipv4(text.split('.').reduce((value, octet) => value * 256 + Number(octet), 0));

const cable = (name: string, network: string, ...addresses: string[]): InterfaceSpec => ({
  name,
  network,
  addresses,
  mac: '',
});

function networksOf({ segments, transit }: Draft): NetworkSpec[] {
  const ordinary = { bandwidthMbps: 1000, jitterUs: 0, loss: 0, queuePackets: 1000, mtu: 1500 };
  return [
    { name: 'internet', prefix: withLength(transit, 30), ...ordinary, delayUs: 10_000 },
    ...segments.map(({ name, network, prefixLength }) => ({
      name,
      prefix: withLength(network, prefixLength),
      ...ordinary,
      delayUs: 50,
    })),
  ];
}

const host = (name: string, role: HostSpec['role'], rest: Partial<HostSpec>): HostSpec => ({
  name,
  role,
  kernel: '6.1',
  interfaces: [],
  routes: [],
  setup: [],
  rules: '',
  packetCostNs: 0,
  ...rest,
});

function clientOf({ clients, transit }: Draft): HostSpec {
  return host('client', 'client', {
    interfaces: [cable('eth0', 'internet', withLength(ipv4(transit + 1), 30))],
    routes: [
      `local ${withLength(clients, 16)} dev lo`,
      `default via ${formatIpv4(ipv4(transit + 2))} src ${formatIpv4(ipv4(clients + 10))}`,
    ],
  });
}

function routerOf({ segments, routerAt, clients, transit }: Draft): HostSpec {
  const legs = segments.map((segment, i) =>
    cable(
      `eth${i + 1}`,
      segment.name,
      withLength(routerAt.get(segment.name) ?? ipv4(0), segment.prefixLength),
    ),
  );
  return host('router', 'router', {
    interfaces: [cable('eth0', 'internet', withLength(ipv4(transit + 2), 30)), ...legs],
    routes: [`${withLength(clients, 16)} via ${formatIpv4(ipv4(transit + 1))}`],
    setup: ['sysctl -w net.ipv4.ip_forward=1'],
  });
}

function directorOf(draft: Draft): HostSpec {
  const { segments, directorAt, routerAt, vips, rules, markedVip } = draft;
  const device = (address: Ipv4): string => {
    const segment = segmentOf(segments, address);
    return `eth${segment ? segments.indexOf(segment) : 0}`;
  };
  const front = segmentOf(segments, vips[0] ?? ipv4(0)) ?? segments[0];
  const marks = [...markedVip].map(
    ([mark, vip]) =>
      `iptables -t mangle -A PREROUTING -d ${formatIpv4(vip)}/32 -p tcp --dport ${MARKED_PORT} -j MARK --set-mark ${mark}`,
  );
  return host('director', 'director', {
    interfaces: segments.map((segment, i) =>
      cable(
        `eth${i}`,
        segment.name,
        withLength(directorAt.get(segment.name) ?? ipv4(0), segment.prefixLength),
      ),
    ),
    routes: front ? [`default via ${formatIpv4(routerAt.get(front.name) ?? ipv4(0))}`] : [],
    setup: [
      'sysctl -w net.ipv4.ip_forward=1',
      ...vips.map((vip) => `ip addr add ${formatIpv4(vip)}/32 dev ${device(vip)}`),
      ...marks,
      ...rules.setup,
    ],
    rules: rules.text,
  });
}

function realServersOf(draft: Draft, real: ReadonlySet<Ipv4>): HostSpec[] {
  const vipsOf = new Map<Ipv4, { route: Set<Ipv4>; tunnel: Set<Ipv4>; masq: boolean }>();
  for (const service of draft.rules.services) {
    const vip = vipOf(draft, service);
    for (const { address, method } of service.servers) {
      const needs = vipsOf.get(address) ?? { route: new Set(), tunnel: new Set(), masq: false };
      vipsOf.set(address, needs);
      if (method === 'masq') needs.masq = true;
      else if (vip !== undefined) needs[method].add(vip);
    }
  }
  return [...real].map((address, i) => {
    const segment = segmentOf(draft.segments, address);
    const needs = vipsOf.get(address);
    const gateways = needs?.masq ? draft.directorAt : draft.routerAt;
    const gateway = gateways.get(segment?.name ?? '') ?? ipv4(0);
    const quiet = needs && needs.route.size + needs.tunnel.size > 0;
    return host(`rs${i + 1}`, 'realserver', {
      interfaces: [cable('eth0', segment?.name ?? '', withLength(address, segment?.prefixLength ?? 24))],
      routes: [`default via ${formatIpv4(gateway)}`],
      setup: [
        ...(quiet
          ? ['sysctl -w net.ipv4.conf.all.arp_ignore=1', 'sysctl -w net.ipv4.conf.all.arp_announce=2']
          : []),
        ...[...(needs?.route ?? [])].map((vip) => `ip addr add ${formatIpv4(vip)}/32 dev lo`),
        ...(needs && needs.tunnel.size > 0 ? ['modprobe ipip', 'ip link set tunl0 up'] : []),
        ...[...(needs?.tunnel ?? [])].map((vip) => `ip addr add ${formatIpv4(vip)}/32 dev tunl0`),
      ],
    });
  });
}

function vipOf({ markedVip }: Draft, { key }: RuleService): Ipv4 | undefined {
  if (key.kind === 'address') return key.address;
  return key.kind === 'fwmark' ? markedVip.get(key.mark) : undefined;
}

/** Protocol and port that clients ask for; undefined where the service gets no load. */
function frontOf(service: RuleService): { protocol: 'tcp' | 'udp'; port: number } | undefined {
  const { key } = service;
  if (key.kind === 'fwmark') return key.family === 4 ? { protocol: 'tcp', port: MARKED_PORT } : undefined;
  if (key.kind === 'address6' || key.protocol === 132) return undefined;
  return {
    protocol: key.protocol === PROTO_UDP ? 'udp' : 'tcp',
    port: key.port === 0 ? MARKED_PORT : key.port,
  };
}

function serverProgramsOf({ rules }: Draft, names: ReadonlyMap<Ipv4, string>): ServerSpec[] {
  const programs = new Map<string, { protocol: 'tcp' | 'udp'; port: number; on: Set<string> }>();
  for (const service of rules.services) {
    const front = frontOf(service);
    if (!front) continue;
    for (const server of service.servers) {
      const port = server.method === 'masq' && server.port !== 0 ? server.port : front.port;
      const key = `${front.protocol}-${port}`;
      const program = programs.get(key) ?? { protocol: front.protocol, port, on: new Set<string>() };
      programs.set(key, program);
      program.on.add(names.get(server.address) ?? '');
    }
  }
  return [...programs].map(([key, { protocol, port, on }], i) => ({
    name: i === 0 ? 'httpd' : `server-${key}`,
    on: [...on],
    protocol,
    port,
    workers: 150,
    serviceTimeMs: { kind: 'exponential', mean: 20 },
    responseBytes:
      protocol === 'udp' ? { kind: 'constant', value: 120 } : { kind: 'lognormal', median: 6000, sigma: 0.8 },
    keepAlive: false,
    keepAliveTimeoutSeconds: 15,
    maxKeepAliveRequests: 100,
    backlog: 511,
  }));
}

function workloadsOf(draft: Draft): WorkloadSpec[] {
  const first = formatIpv4(ipv4(draft.clients + 10));
  return draft.rules.services.flatMap((service) => {
    const front = frontOf(service);
    const vip = vipOf(draft, service);
    if (!front || vip === undefined) return [];
    return [
      visitors(CLIENT_SOURCES, RATE_PER_SERVICE, {
        name: `to-${formatIpv4(vip)}-${front.protocol}-${front.port}`,
        sources: { first, count: CLIENT_SOURCES },
        targets: [`${formatIpv4(vip)}:${front.port}`],
        protocol: front.protocol,
      }),
    ];
  });
}

function assumptionsOf({ segments, clients, markedVip, rules }: Draft): Words[] {
  const laid = segments.map(({ network, prefixLength }) => withLength(network, prefixLength)).join(', ');
  const first = formatIpv4(ipv4(clients + 10));
  const words: Words[] = [
    {
      en: `Segments, with netmasks that rules do not tell: ${laid}.`,
      zh: `网段及掩码（规则里没有）：${laid}。`,
    },
    {
      en: `Clients: ${CLIENT_SOURCES} addresses from ${first}, ${RATE_PER_SERVICE} new connections a second to each service.`,
      zh: `客户端：从 ${first} 起 ${CLIENT_SOURCES} 个地址，每个服务每秒 ${RATE_PER_SERVICE} 个新连接。`,
    },
    {
      en: 'Links of 1 Gbit/s, 10 ms to the clients; kernel 6.1 on every host.',
      zh: '链路 1 Gbit/s，到客户端 10 毫秒；所有主机内核 6.1。',
    },
    {
      en: 'Servers: 150 workers, 20 ms a request, replies of some kilobytes, KeepAlive Off.',
      zh: '服务器：150 个工作进程，每个请求 20 毫秒，应答几千字节，KeepAlive Off。',
    },
    {
      en: 'Servers of -g and -i have the VIP where ARP does not see it; servers of -m have the director as gateway.',
      zh: '-g 和 -i 的服务器都配好了不响应 ARP 的 VIP;-m 的服务器以调度器为网关。',
    },
  ];
  for (const [mark, vip] of markedVip) {
    words.push({
      en: `Mark ${mark}: put on packets to ${formatIpv4(vip)}:${MARKED_PORT}, an address that was made up.`,
      zh: `标记 ${mark}：打在发往 ${formatIpv4(vip)}:${MARKED_PORT} 的报文上，这个地址是假设的。`,
    });
  }
  if (rules.quiet.length > 0) {
    const list = rules.quiet.slice(0, 6).join('; ');
    words.push({
      en: `Stored and listed, but without load (IPv6 and SCTP are not simulated): ${list}.`,
      zh: `仅保存和列出、没有负载（IPv6 与 SCTP 尚未模拟）：${list}。`,
    });
  }
  return words;
}
