import { PROTO_SCTP, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import type { Ipvs, ServiceIndex } from './state.ts';
import type { Service, ServiceKey } from './service.ts';

const FTP_PORT = 21;
const FTP_DATA_PORT = 20;
const FIRST_UNPRIVILEGED_PORT = 1024;

export function createServiceIndex(): ServiceIndex {
  return { byAddress: new Map(), byMark: new Map(), anyPort: 0, ftp: 0, ipv4: 0, recent: undefined };
}

/** One exact integer for protocol, address and port; -1 where no service can have this protocol. */
function addressKey(protocol: number, address: number, port: number): number {
  const code = protocol === PROTO_TCP ? 0 : protocol === PROTO_UDP ? 1 : protocol === PROTO_SCTP ? 2 : -1;
  if (code < 0) return -1;
  return (code * 0x1_0000_0000 + (address >>> 0)) * 0x1_0000 + port;
}

/** The port that a service is bound to; 0 for firewall marks. */
export function servicePort(key: ServiceKey): number {
  return key.kind === 'fwmark' ? 0 : key.port;
}

/** One text for equal keys. */
export function keyText(key: ServiceKey): string {
  if (key.kind === 'fwmark') return `fwmark ${key.mark} ${key.family}`;
  return `${key.kind} ${key.protocol} ${key.address} ${key.port}`;
}

function count(index: ServiceIndex, key: ServiceKey, by: number): void {
  index.recent = undefined;
  const port = servicePort(key);
  if (port === FTP_PORT) index.ftp += by;
  else if (port === 0) index.anyPort += by;
  if (key.kind === 'address' || (key.kind === 'fwmark' && key.family === 4)) index.ipv4 += by;
}

export function indexService(index: ServiceIndex, service: Service): void {
  const key = service.key;
  count(index, key, 1);
  if (key.kind === 'address') index.byAddress.set(addressKey(key.protocol, key.address, key.port), service);
  else if (key.kind === 'fwmark' && key.family === 4) index.byMark.set(key.mark, service);
}

export function unindexService(index: ServiceIndex, service: Service): void {
  const key = service.key;
  count(index, key, -1);
  if (key.kind === 'address') index.byAddress.delete(addressKey(key.protocol, key.address, key.port));
  else if (key.kind === 'fwmark' && key.family === 4) index.byMark.delete(key.mark);
}

function serviceOfAddress(
  index: ServiceIndex,
  protocol: number,
  address: number,
  port: number,
): Service | undefined {
  const recent = index.recent?.key;
  if (recent?.kind === 'address' && recent.port === port) {
    if ((recent.address | 0) === (address | 0) && recent.protocol === protocol) return index.recent;
  }
  const found = index.byAddress.get(addressKey(protocol, address, port));
  if (found !== undefined) index.recent = found;
  return found;
}

/**
 * The service of a packet (ip_vs_service_find): the mark first, then the full address, then FTP's data ports,
 * then the service of port 0.
 * @param address also as int32
 */
export function serviceOfPacket(
  ipvs: Ipvs,
  mark: number,
  protocol: number,
  address: number,
  port: number,
): Service | undefined {
  const index = ipvs.lookup;
  if (mark !== 0) {
    const marked = index.byMark.get(mark);
    if (marked !== undefined) return marked;
  }
  const exact = serviceOfAddress(index, protocol, address, port);
  if (exact !== undefined) return exact;
  if (
    index.ftp > 0 &&
    protocol === PROTO_TCP &&
    (port === FTP_DATA_PORT || port >= FIRST_UNPRIVILEGED_PORT)
  ) {
    const ftp = index.byAddress.get(addressKey(protocol, address, FTP_PORT));
    if (ftp !== undefined) return ftp;
  }
  return index.anyPort > 0 ? index.byAddress.get(addressKey(protocol, address, 0)) : undefined;
}

/** The service of exactly this key, as commands name it. */
export function findService(ipvs: Ipvs, key: ServiceKey): Service | undefined {
  const text = keyText(key);
  return ipvs.services.find((service) => keyText(service.key) === text);
}
