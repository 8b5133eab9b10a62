import { ipv4, parseIpv4, PROTO_SCTP, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import { parseIpvsadm, parseSchedulerFlags, placeWords } from '@lvscope/syntax';
import type { ServerAddress, ServiceAddress } from '@lvscope/syntax';
import type { ListedConnection, ListedNumbers, ListedServer, ListedService } from '../text/listed.ts';

const NOTHING: ListedNumbers = { conns: 0, inPackets: 0, outPackets: 0, inBytes: 0, outBytes: 0 };
const PROTOCOLS: Readonly<Record<string, number>> = {
  IP: 0,
  TCP: PROTO_TCP,
  UDP: PROTO_UDP,
  SCTP: PROTO_SCTP,
};
const METHODS = { Masq: 'masq', Local: 'local', Tunnel: 'tunnel', Route: 'route' } as const;

function readService(kind: string, name: string): ServiceAddress {
  const option = { TCP: '-t', UDP: '-u', SCTP: '--sctp-service', FWM: '-f' }[kind] ?? '';
  const read = parseIpvsadm(placeWords(['-D', option, name]));
  if (!read.ok || read.command.kind !== 'delete-service') throw new Error(`no service: ${kind} ${name}`);
  return read.command.service;
}

function readServer(name: string): ServerAddress {
  const read = parseIpvsadm(placeWords(['-d', '-f', '1', '-r', name]));
  if (!read.ok || read.command.kind !== 'delete-server') throw new Error(`no server: ${name}`);
  return read.command.server;
}

function readServiceLine(line: string): ListedService {
  const [kind = '', name = '', scheduler = '', ...rest] = line.trimEnd().split(/ +/);
  const tail = rest.join(' ');
  const service = readService(kind, name);
  const flags = parseSchedulerFlags(/\(([^)]*)\)/.exec(tail)?.[1] ?? '', scheduler);
  const mask = / mask (\S+)/.exec(tail)?.[1];
  return {
    service,
    settings: {
      scheduler,
      schedulerFlags: flags.ok ? flags.bits : 0,
      persistenceSeconds: Number(/persistent (\d+)/.exec(tail)?.[1] ?? 0),
      netmask: (mask === undefined ? undefined : parseIpv4(mask)) ?? ipv4(0xffffffff),
      prefixLength: 128,
      persistenceEngine: / pe (\S+)/.exec(tail)?.[1],
      onePacket: ` ${tail}`.endsWith(' ops'),
    },
    servers: [],
    stats: NOTHING,
    rates: NOTHING,
  };
}

/** Reads `ipvsadm -Ln` output (any of its forms with one line of numbers a server) back into data. */
export function readServices(text: string, kind: 'plain' | 'thresholds' | 'persist'): ListedService[] {
  const services: { -readonly [K in keyof ListedService]: ListedService[K] }[] = [];
  for (const line of text.split('\n').slice(text.startsWith('IP ') ? 3 : 2)) {
    if (line === '') continue;
    if (!line.startsWith('  -> ')) {
      services.push(readServiceLine(line));
      continue;
    }
    const [name = '', ...columns] = line.slice(5).trim().split(/ +/);
    const last = services[services.length - 1];
    if (last) last.servers = [...last.servers, readServerColumns(readServer(name), columns, kind)];
  }
  return services;
}

function readServerColumns(
  server: ServerAddress,
  columns: readonly string[],
  kind: 'plain' | 'thresholds' | 'persist',
): ListedServer {
  const number = (index: number): number => Number(columns[index]);
  return {
    server,
    method: kind === 'plain' ? METHODS[columns[0] as keyof typeof METHODS] : 'route',
    tunnel: columns[0] === 'Tunnel' ? { type: 'ipip', port: 0, checksum: 'nocsum' } : undefined,
    weight: kind === 'plain' ? number(1) : kind === 'persist' ? number(0) : 0,
    upperThreshold: kind === 'thresholds' ? number(0) : 0,
    lowerThreshold: kind === 'thresholds' ? number(1) : 0,
    persistConns: kind === 'persist' ? number(1) : 0,
    activeConns: number(2),
    inactConns: number(3),
    stats: NOTHING,
    rates: NOTHING,
  };
}

/** Reads `--stats` or `--rate` output with its services in any order. */
export function readNumbers(text: string, field: 'stats' | 'rates'): ListedService[] {
  const services: { -readonly [K in keyof ListedService]: ListedService[K] }[] = [];
  for (const line of text.split('\n').slice(text.startsWith('IP ') ? 3 : 2)) {
    if (line === '') continue;
    const words = line.trim().split(/ +/);
    const [conns = 0, inPackets = 0, outPackets = 0, inBytes = 0, outBytes = 0] = words.slice(2).map(Number);
    const numbers = { conns, inPackets, outPackets, inBytes, outBytes };
    const last = services[services.length - 1];
    if (line.startsWith('  -> ') && last) {
      const server = readServerColumns(readServer(words[1] ?? ''), [], 'plain');
      last.servers = [...last.servers, { ...server, [field]: numbers }];
    } else services.push({ ...readServiceLine(`${words[0]} ${words[1]} rr`), [field]: numbers });
  }
  return services;
}

/** Reads `-Lnc` output back into data. */
export function readConnections(text: string): ListedConnection[] {
  return text
    .split('\n')
    .slice(2)
    .filter((line) => line !== '')
    .map((line) => {
      const words = line.split(/ +/);
      const [protocol = '', expires = '', state = '', client = '', virtual = '', destination = ''] = words;
      const [minutes, seconds] = expires.split(':').map(Number);
      const end = (text6: string) => ({
        address: parseIpv4(text6.split(':')[0] ?? '') ?? ipv4(0),
        port: Number(text6.split(':')[1]),
      });
      return {
        protocol: PROTOCOLS[protocol] ?? -1,
        synced: false,
        client: end(client).address,
        clientPort: end(client).port,
        virtual: end(virtual).address,
        virtualPort: end(virtual).port,
        destination: end(destination).address,
        destinationPort: end(destination).port,
        state,
        expires: (minutes ?? 0) * 60 + (seconds ?? 0),
        callId: words[7],
      };
    });
}
