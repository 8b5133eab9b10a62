import type { DestinationKey } from './destinations.ts';
import type { Service, ServiceKey } from './service.ts';
import type { Ipvs } from './state.ts';

/** Whether a server's address is of another family than its service's. */
export function isMixed(key: ServiceKey, server: Pick<DestinationKey, 'address6'>): boolean {
  const family = key.kind === 'fwmark' ? key.family : key.kind === 'address' ? 4 : 6;
  return (server.address6 === undefined) !== (family === 4);
}

/** Whether any service has such a server (mixed_address_family_dests). */
export function hasMixedFamilies(ipvs: Ipvs): boolean {
  return ipvs.services.some(({ key, destinations }: Service) => destinations.some((d) => isMixed(key, d)));
}
