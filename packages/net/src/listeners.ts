import { type Ipv4, PROTO_TCP } from '@lvscope/inet';
import type { Host, Listener, NetWorld, Network } from './state.ts';

export interface ListenOptions {
  readonly protocol?: number;
  /** 0 or absent: any address. */
  readonly address?: Ipv4 | number;
  readonly port: number;
  /** The backlog of listen(2), 4096; somaxconn bounds it. */
  readonly backlog?: number;
  /** false: connections wait in the accept queue until `acceptNext`. true when absent. */
  readonly autoAccept?: boolean;
  /** Goes into `app` of the accepted sockets. 0. */
  readonly app?: number;
}

const keyOf = (protocol: number, port: number): number => protocol * 65536 + port;

/** Opens a listening TCP socket. UDP servers use `udpOpen` without a destination. */
export function listen(world: NetWorld, host: Host, options: ListenOptions): Listener | 'address-in-use' {
  const { net } = world;
  const address = (options.address ?? 0) as Ipv4;
  const key = keyOf(PROTO_TCP, options.port);
  const same = host.listeners.get(key) ?? [];
  if (same.some((l) => l.address === address)) return 'address-in-use';
  const listener: Listener = {
    id: net.listeners.length,
    host: host.id,
    protocol: PROTO_TCP,
    address,
    port: options.port,
    backlog: Math.min(options.backlog ?? 4096, host.sysctl.somaxconn),
    autoAccept: options.autoAccept ?? true,
    app: options.app ?? 0,
    open: true,
    halfOpen: 0,
    waiting: 0,
    queueHead: -1,
    queueTail: -1,
    cookiesAt: -1,
    overflows: 0,
    cookiesSent: 0,
  };
  net.listeners.push(listener);
  host.listeners.set(key, [...same, listener]);
  return listener;
}

/** Takes the listener out of the look-up. */
export function removeListener(net: Network, listener: Listener): void {
  const host = net.hosts[listener.host]!;
  const key = keyOf(listener.protocol, listener.port);
  const left = (host.listeners.get(key) ?? []).filter((l) => l !== listener);
  if (left.length > 0) host.listeners.set(key, left);
  else host.listeners.delete(key);
  listener.open = false;
}

/** Who listens there: a socket bound to the address before one bound to any. */
export function findListener(host: Host, address: number, port: number): Listener | undefined {
  const candidates = host.listeners.get(keyOf(PROTO_TCP, port));
  if (candidates === undefined) return undefined;
  let any: Listener | undefined;
  for (const listener of candidates) {
    if (listener.address === address) return listener;
    if (listener.address === 0) any = listener;
  }
  return any;
}
