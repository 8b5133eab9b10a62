import { compareIpv6, familyOf } from '@lvscope/syntax';
import type { ServerAddress, ServiceAddress } from '@lvscope/syntax';
import type { ListedService } from './listed.ts';

/**
 * The order of ipvsadm's lists: services by mark (address services first), family, protocol, address, port;
 * servers by family, address, port. Marks and IPv4 addresses are compared by the sign of their 32-bit
 * difference (libipvs.c, ipvs_cmp_services and ipvs_cmp_dests), so 192.168.0.100 stands before 10.0.0.1
 * and mark 4294967295, which is -1, before all that have none.
 */
export function sortServices(services: readonly ListedService[]): ListedService[] {
  return mergeSorted(services, (a, b) => compareServices(a.service, b.service)).map((listed) => ({
    ...listed,
    servers: mergeSorted(listed.servers, (a, b) => compareServers(a.server, b.server)),
  }));
}

/**
 * The merge sort of glibc's qsort. Differences that wrap are no order (a < b < c < a is possible), so the
 * result hangs on which pairs are compared.
 */
function mergeSorted<T>(items: readonly T[], compare: (a: T, b: T) => number): T[] {
  if (items.length < 2) return [...items];
  const half = Math.floor(items.length / 2);
  const left = mergeSorted(items.slice(0, half), compare);
  const right = mergeSorted(items.slice(half), compare);
  const merged: T[] = [];
  while (left[0] !== undefined && right[0] !== undefined) {
    merged.push((compare(left[0], right[0]) <= 0 ? left.shift() : right.shift()) as T);
  }
  return [...merged, ...left, ...right];
}

function compareServices(a: ServiceAddress, b: ServiceAddress): number {
  const marks = ((a.kind === 'fwmark' ? a.mark : 0) - (b.kind === 'fwmark' ? b.mark : 0)) | 0;
  const families = familyOf(a) - familyOf(b);
  if (a.kind === 'fwmark' || b.kind === 'fwmark') return marks || families;
  return families || a.protocol - b.protocol || compareAddresses(a, b) || a.port - b.port;
}

function compareServers(a: ServerAddress, b: ServerAddress): number {
  return a.family - b.family || compareAddresses(a, b) || a.port - b.port;
}

type Address = { readonly address: number | string };

function compareAddresses(a: Address, b: Address): number {
  if (typeof a.address === 'string' && typeof b.address === 'string')
    return compareIpv6(a.address, b.address);
  return (Number(a.address) - Number(b.address)) | 0;
}
