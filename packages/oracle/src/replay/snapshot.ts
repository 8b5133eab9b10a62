import { connectionRows, execute, ipvsOf, type Service, services } from '@lvscope/cluster';
import { formatEndpoint, formatIpv4, type Ipv4, protocolName } from '@lvscope/inet';
import { neighbourLines } from './neighbours.ts';
import { clientWord, type Session } from './session.ts';

const METHODS: Readonly<Record<number, string>> = { 0: 'Masq', 1: 'Local', 2: 'Tunnel', 3: 'Route' };

/** Ticks of the recording kernel's clock in a second; /proc/net/ip_vs prints persistence in ticks. */
const HZ = 250;

const COMMANDS: Readonly<Record<string, string>> = {
  ln: 'ipvsadm -Ln',
  lnc: 'ipvsadm -Lnc',
  stats: 'ipvsadm -Ln --stats --exact',
  rate: 'ipvsadm -Ln --rate',
  timeout: 'ipvsadm -Ln --timeout',
  persist: 'ipvsadm -Ln --persistent-conn',
  thresholds: 'ipvsadm -Ln --thresholds',
};

/** What a `snap` shows, in the form of the recordings. */
export function takeSnapshot(session: Session, what: string, host: string, client: string): object {
  const taken: Record<string, unknown> = {};
  for (const part of what.split(' ')) {
    const command = COMMANDS[part];
    if (command !== undefined) {
      taken[part] = execute(session.world, session.programs, host, command).out;
    } else if (part === 'counts') taken[part] = counts(session, host);
    else if (part === 'ipvs') taken[part] = serviceList(session, host);
    else if (part === 'conns') taken[part] = connectionList(session, host, client);
    else if (part === 'neigh') taken[part] = neighbourLines(session, 'router', '');
    else if (part === 'cli') {
      taken[part] = Object.fromEntries(
        [...session.clients].map(([id, socket]) => [id, clientWord(session, socket)]),
      );
    }
  }
  return taken;
}

/** `{rs1: [weight, ActiveConn, InActConn]}` in the kernel's order; with several services `rs1@service`. */
export function counts(session: Session, host: string): Record<string, number[]> {
  const ipvs = ipvsOf(session.world, host);
  const list = ipvs ? services(ipvs) : [];
  const rows: Record<string, number[]> = {};
  for (const service of list) {
    for (const { address, weight, activeConns, inactConns } of service.destinations) {
      const name = serverName(session, address);
      rows[list.length === 1 ? name : `${name}@${serviceName(service)}`] = [weight, activeConns, inactConns];
    }
  }
  return rows;
}

const serverName = (session: Session, address: Ipv4): string =>
  session.nameOf.get(address) ?? formatIpv4(address);

function serviceName({ key }: Service): string | number {
  if (key.kind === 'fwmark') return key.mark;
  return key.kind === 'address' ? formatEndpoint(key.address, key.port) : `[${key.address}]:${key.port}`;
}

function serviceList(session: Session, host: string): object[] {
  const ipvs = ipvsOf(session.world, host);
  return (ipvs ? services(ipvs) : []).map((service) => ({
    proto: service.key.kind === 'fwmark' ? 'FWM' : protocolName(service.key.protocol),
    svc: serviceName(service),
    sched: service.scheduler,
    flags: flagsOf(service),
    dests: service.destinations.map((server) => ({
      rs: serverName(session, server.address),
      addr: formatEndpoint(server.address, server.port),
      fwd: METHODS[server.method] ?? '',
      w: server.weight,
      act: server.activeConns,
      inact: server.inactConns,
    })),
  }));
}

function flagsOf({ persistenceSeconds, netmask, onePacket }: Service): string {
  const words: string[] = [];
  if (persistenceSeconds > 0) {
    const mask = (netmask >>> 0).toString(16).toUpperCase().padStart(8, '0');
    words.push(`persistent ${persistenceSeconds * HZ} ${mask}`);
  }
  if (onePacket) words.push('ops');
  return words.join(' ');
}

function connectionList(session: Session, host: string, client: string): object[] {
  const ipvs = ipvsOf(session.world, host);
  if (!ipvs) return [];
  const rows = connectionRows(ipvs, session.world.sim).map((row) => ({
    pro: protocolName(row.protocol),
    c: formatEndpoint(row.client, row.clientPort),
    v: formatEndpoint(row.virtual, row.virtualPort),
    d: formatEndpoint(row.destinationAddress, row.destinationPort),
    state: row.state,
    exp: row.expiresInSeconds,
  }));
  return client === '' ? rows : rows.filter(({ c }) => c.startsWith(client));
}
