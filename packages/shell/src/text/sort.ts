import { compareIpv6, familyOf } from '@lvscope/syntax';
import type { ServerAddress, ServiceAddress } from '@lvscope/syntax';
import type { ListedService } from './listed.ts';

/**
 * The order of ipvsadm's lists: services by mark (address services first), family, protocol, address, port;
 * servers by family, address, port.
 */
export function sortServices(services: readonly ListedService[]): ListedService[] {
  return [...services]
    .sort((a, b) => compareServices(a.service, b.service))
    .map((listed) => ({
      ...listed,
      servers: [...listed.servers].sort((a, b) => compareServers(a.server, b.server)),
    }));
}

function compareServices(a: ServiceAddress, b: ServiceAddress): number {
  const marks = (a.kind === 'fwmark' ? a.mark : 0) - (b.kind === 'fwmark' ? b.mark : 0);
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
  return Number(a.address) - Number(b.address);
}
