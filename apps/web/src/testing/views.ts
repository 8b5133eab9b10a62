import type { ServerView, ServiceView } from '@lvscope/cluster';

/** A server with nothing on it, for tests; `over` says what differs. */
export function serverOf(name: string, over: Partial<ServerView> = {}): ServerView {
  return {
    name,
    host: name,
    destinationId: Number(name.replace(/\D/g, '')) || 0,
    seriesKeys: [String(Number(name.replace(/\D/g, '')) || 0)],
    address: `192.168.1.${10 + (Number(name.replace(/\D/g, '')) || 0)}`,
    port: 80,
    method: 'Route',
    weight: 1,
    overloaded: false,
    upperThreshold: 0,
    lowerThreshold: 0,
    activeConns: 0,
    inactConns: 0,
    persistConns: 0,
    conns: 0,
    newConns: 0,
    share: 0,
    fairShare: 0.25,
    sockets: undefined,
    workersBusy: 0,
    workers: 256,
    acceptQueue: 0,
    requestsServed: 0,
    health: 'up',
    ...over,
  };
}

/** A plain wlc service at 192.168.1.6:80, for tests. */
export function serviceOf(servers: readonly ServerView[], over: Partial<ServiceView> = {}): ServiceView {
  return {
    id: 1,
    director: 'd1',
    label: 'TCP 192.168.1.6:80',
    option: '-t 192.168.1.6:80',
    scheduler: 'wlc',
    schedulerFlags: [],
    persistenceSeconds: 0,
    netmask: '255.255.255.255',
    onePacket: false,
    persistenceEngine: undefined,
    servers,
    skew: undefined,
    conns: 0,
    bypassed: 0,
    bypassShare: 0,
    ...over,
  };
}
