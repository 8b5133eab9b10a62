import {
  CONN_SYNC,
  connectionRows,
  FORWARD_LOCAL,
  FORWARD_MASQ,
  FORWARD_ROUTE,
  FORWARD_TUNNEL,
  liveTotals,
  ratesOf,
  services,
  statsOf,
  totals,
} from '@lvscope/cluster';
import type {
  Destination,
  DestinationKey,
  DestinationSettings,
  Ipvs,
  Service,
  World,
} from '@lvscope/cluster';
import { ipv4 } from '@lvscope/inet';
import type { ForwardingMethod, ServerAddress, ServerSettings } from '@lvscope/syntax';
import type { ListedConnection, ListedNumbers, ListedServer, ListedService } from './text/listed.ts';

/** What the lists show of a director's services, in the kernel's order as far as it is known. */
export function listServices(ipvs: Ipvs): ListedService[] {
  return services(ipvs).map(listService);
}

/** One service with its servers. */
export function listService(service: Service): ListedService {
  return {
    service: service.key,
    settings: { ...service },
    servers: service.destinations.map(listServer),
    stats: statsOf(service.stats),
    rates: numbersOfRates(ratesOf(service.stats)),
  };
}

function listServer(destination: Destination): ListedServer {
  const { address, address6, port } = destination;
  return {
    ...destination,
    server: address6 === undefined ? { family: 4, address, port } : { family: 6, address: address6, port },
    method: methodOf(destination.method),
    tunnel: destination.method === FORWARD_TUNNEL ? destination.tunnel : undefined,
    stats: statsOf(destination.stats),
    rates: numbersOfRates(ratesOf(destination.stats)),
  };
}

function methodOf(method: number): ListedServer['method'] {
  if (method === FORWARD_MASQ) return 'masq';
  if (method === FORWARD_TUNNEL) return 'tunnel';
  return method === FORWARD_LOCAL ? 'local' : 'route';
}

const METHOD_NUMBER: Readonly<Record<ForwardingMethod, number>> = {
  masq: FORWARD_MASQ,
  tunnel: FORWARD_TUNNEL,
  route: FORWARD_ROUTE,
};

/** How the director names a server. */
export function destinationKey(server: ServerAddress): DestinationKey {
  return server.family === 4
    ? { address: server.address, port: server.port }
    : { address: ipv4(0), address6: server.address, port: server.port };
}

/** How the director takes a server's settings. */
export const destinationSettings = (settings: ServerSettings): DestinationSettings => ({
  ...settings,
  method: METHOD_NUMBER[settings.method],
});

function numbersOfRates(rates: ReturnType<typeof ratesOf>): ListedNumbers {
  return {
    conns: rates.cps,
    inPackets: rates.inpps,
    outPackets: rates.outpps,
    inBytes: rates.inbps,
    outBytes: rates.outbps,
  };
}

/** Counters of the whole director, as folded in every two seconds. */
export const totalNumbers = (ipvs: Ipvs): ListedNumbers => statsOf(totals(ipvs));
export const totalRates = (ipvs: Ipvs): ListedNumbers => numbersOfRates(ratesOf(totals(ipvs)));
/** The same, as they stand at this instant. */
export const liveNumbers = (ipvs: Ipvs): ListedNumbers => liveTotals(ipvs);

/** The connection table, row by row. */
export function listConnections(world: World, ipvs: Ipvs): ListedConnection[] {
  return connectionRows(ipvs, world.sim).map((row) => ({
    protocol: row.protocol,
    client: row.client,
    clientPort: row.clientPort,
    virtual: row.virtual,
    virtualPort: row.virtualPort,
    destination: row.destinationAddress,
    destinationPort: row.destinationPort,
    state: row.state,
    expires: row.expiresInSeconds,
    synced: (row.flags & CONN_SYNC) !== 0,
    callId: row.callId,
  }));
}
