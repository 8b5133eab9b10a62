// usage: packets.cjs CONNECTIONS: W3, packet by packet through frames, switches, ARP and the director
import { HOOKS } from '../../packages/cluster/src/hooks.ts';
import * as kinds from '../../packages/cluster/src/events.ts';
import type { World } from '../../packages/cluster/src/index.ts';
import { takeSample } from '../../packages/cluster/src/observe.ts';
import {
  addTime,
  type Duration,
  type FiredEvent,
  NEVER,
  next,
  nextInt,
  sample,
  schedule,
  stream,
} from '../../packages/des/src/index.ts';
import { TCP_ACK, TCP_FIN, TCP_PSH, TCP_SYN } from '../../packages/inet/src/index.ts';
import { expireConnections, tick } from '../../packages/ipvs/src/index.ts';
import {
  handleEvent,
  type Host,
  injectPacket,
  type NetHooks,
  packetRow,
} from '../../packages/net/src/index.ts';
import { freePacket } from '../../packages/net/src/packets.ts';
import { clusterOf16, CLIENTS, FIRST_CLIENT, worldOf } from './cluster-of-16.ts';
import { measure, print, sizes } from './measure.ts';

const FIRST_PORT = 1024;
const VIRTUAL = 0xc0a80106;
const REQUEST_BYTES = 250;
const SEGMENTS = 10;
const SEGMENT_BYTES = 1460;
/** ns */
const MEAN_GAP = 1e6;
const MEAN_THINK = 2e9;
const EVENT_OPEN = 200;
const EVENT_THOUGHT = 201;

interface Load {
  readonly world: World;
  readonly hooks: NetHooks<World>;
  readonly client: Host;
  readonly total: number;
  readonly ports: Uint16Array;
  /** Exponential variates of mean 1. */
  readonly table: Float64Array;
  draws: number;
  made: number;
  finished: number;
  /** Most connections that the director had at one time. */
  peakLive: number;
}

/** From a table, as in all contestants. */
function draw(load: Load, mean: number): Duration {
  return Math.floor(load.table[load.draws++ & 8191]! * mean) as Duration;
}

/** What the endpoints send, filled anew for every packet. */
const raw = {
  source: 0,
  sourcePort: 0,
  destination: 0,
  destinationPort: 0,
  flags: 0,
  seq: 0,
  ack: 0,
  payload: 0,
};

/** A flow is 26 bits: client and source port. */
function fromClient(
  load: Load,
  flow: number,
  flags: number,
  seq: number,
  ack: number,
  payload: number,
): void {
  raw.source = FIRST_CLIENT + (flow >>> 16);
  raw.sourcePort = flow & 0xffff;
  raw.destination = VIRTUAL;
  raw.destinationPort = 80;
  fill(flags, seq, ack, payload);
  injectPacket(load.world, load.hooks, load.client, raw);
}

function fromServer(load: Load, host: Host, flow: number, flags: number, seq: number, payload: number): void {
  raw.source = VIRTUAL;
  raw.sourcePort = 80;
  raw.destination = FIRST_CLIENT + (flow >>> 16);
  raw.destinationPort = flow & 0xffff;
  fill(flags, seq, 1 + REQUEST_BYTES, payload);
  injectPacket(load.world, load.hooks, host, raw);
}

function fill(flags: number, seq: number, ack: number, payload: number): void {
  raw.flags = flags;
  raw.seq = seq;
  raw.ack = ack;
  raw.payload = payload;
}

const DATA_FROM = 1;
const DATA_END = DATA_FROM + SEGMENTS * SEGMENT_BYTES;

/** The client acknowledges every second segment and closes after the last. */
function clientGets(load: Load, p: number): void {
  const pool = load.world.net.packets;
  const flow =
    ((pool.rows[(p << packetRow.PACKET) | packetRow.DESTINATION]! - FIRST_CLIENT) << 16) |
    pool.rows[(p << packetRow.PACKET) | packetRow.DESTINATION_PORT]!;
  const flags = pool.rows[(p << packetRow.PACKET) | packetRow.FLAGS]!;
  if ((flags & TCP_SYN) !== 0) {
    fromClient(load, flow, TCP_ACK, 1, DATA_FROM, 0);
    fromClient(load, flow, TCP_ACK | TCP_PSH, 1, DATA_FROM, REQUEST_BYTES);
  } else if ((flags & TCP_FIN) !== 0) {
    fromClient(load, flow, TCP_ACK, 2 + REQUEST_BYTES, DATA_END + 1, 0);
    load.finished++;
  } else {
    const end = pool.rows[(p << packetRow.PACKET) | packetRow.SEQ]! + SEGMENT_BYTES;
    if ((end - DATA_FROM) % (2 * SEGMENT_BYTES) === 0)
      fromClient(load, flow, TCP_ACK, 1 + REQUEST_BYTES, end, 0);
    if (end === DATA_END) fromClient(load, flow, TCP_FIN | TCP_ACK, 1 + REQUEST_BYTES, DATA_END, 0);
  }
}

function serverGets(load: Load, host: Host, p: number): void {
  const { net, sim } = load.world;
  const pool = net.packets;
  const flow =
    ((pool.rows[(p << packetRow.PACKET) | packetRow.SOURCE]! - FIRST_CLIENT) << 16) |
    pool.rows[(p << packetRow.PACKET) | packetRow.SOURCE_PORT]!;
  const flags = pool.rows[(p << packetRow.PACKET) | packetRow.FLAGS]!;
  if ((flags & TCP_SYN) !== 0) fromServer(load, host, flow, TCP_SYN | TCP_ACK, 0, 0);
  else if ((flags & TCP_FIN) !== 0) fromServer(load, host, flow, TCP_FIN | TCP_ACK, DATA_END, 0);
  else if (pool.reals[(p << packetRow.PACKET_REALS) | packetRow.PAYLOAD]! > 0) {
    schedule(sim, addTime(sim.now, draw(load, MEAN_THINK)), EVENT_THOUGHT, flow, host.id);
  }
}

function sendReply(load: Load, flow: number, host: Host): void {
  for (let i = 0; i < SEGMENTS; i++) {
    fromServer(
      load,
      host,
      flow,
      TCP_ACK | (i === SEGMENTS - 1 ? TCP_PSH : 0),
      DATA_FROM + i * SEGMENT_BYTES,
      SEGMENT_BYTES,
    );
  }
}

function open(load: Load): void {
  const { sim } = load.world;
  const client = nextInt(stream(sim, 'w3/clients'), CLIENTS);
  const port = load.ports[client]!;
  load.ports[client] = port === 0xffff ? FIRST_PORT : port + 1;
  fromClient(load, (client << 16) | port, TCP_SYN, 0, 0, 0);
  if (++load.made === load.total) return;
  schedule(sim, addTime(sim.now, draw(load, MEAN_GAP)), EVENT_OPEN, 0, 0);
}

/** Endpoints that follow the script of W3 instead of having sockets; the director's hooks are the world's. */
function loadOf(world: World, total: number): Load {
  const director = world.net.hosts.find(({ role }) => role === 'director')!;
  const client = world.net.hosts.find(({ role }) => role === 'client')!;
  // Packets for hosts of this role are shown to the hook before their sockets get them.
  for (const host of world.net.hosts) if (host.role !== 'router') Object.assign(host, { role: 'director' });
  const hooks: NetHooks<World> = {
    ...HOOKS,
    localIn: (_, host, p) => {
      if (host === director) return HOOKS.localIn(world, host, p);
      if (host === client) clientGets(load, p);
      else serverGets(load, host, p);
      freePacket(world.net.packets, p);
      return 'stolen';
    },
    localOut: (_, host, p) => (host === director ? HOOKS.localOut!(world, host, p) : 'accept'),
  };
  const random = stream(world.sim, 'w3/table');
  const load: Load = {
    world,
    hooks,
    client,
    total,
    ports: new Uint16Array(CLIENTS).fill(FIRST_PORT),
    table: Float64Array.from({ length: 8192 }, () => sample(random, { kind: 'exponential', mean: 1 })),
    draws: 0,
    made: 0,
    finished: 0,
    peakLive: 0,
  };
  return load;
}

function run(load: Load): void {
  const { sim } = load.world;
  const { table } = load.world.directors[0]!.ipvs;
  schedule(sim, sim.now, EVENT_OPEN, 0, 0);
  // compared as the product's loop does it (cluster's `advance`)
  while ((load.finished < load.total || table.live > 0) && next(sim, NEVER) === true) {
    handle(load, sim.event);
  }
}

function handle(load: Load, event: FiredEvent): void {
  const { world, hooks } = load;
  if (handleEvent(world, hooks, event)) return;
  const { ipvs } = world.directors[0]!;
  switch (event.kind) {
    case kinds.EVENT_IPVS_TIMER:
      return expireConnections(ipvs, world.sim);
    case kinds.EVENT_IPVS_TICK:
      return tick(ipvs, world.sim, event.a);
    case kinds.EVENT_SAMPLE:
      return takeSample(world);
    case EVENT_OPEN:
      open(load);
      load.peakLive = Math.max(load.peakLive, ipvs.table.live);
      return;
    case EVENT_THOUGHT:
      return sendReply(load, event.a, world.net.hosts[event.b]!);
  }
}

const [total] = sizes('CONNECTIONS');
const world = worldOf(clusterOf16([]));
const load = loadOf(world, total);
const { seconds, cpuSeconds, bytes } = measure(() => run(load));
const { ipvs } = world.directors[0]!;
const link = world.net.link!;
print({
  work: total,
  seconds,
  cpuSeconds,
  bytes,
  peakLive: load.peakLive,
  events: world.sim.eventsFired,
  hops: link.made,
  byServer: ipvs.services[0]!.destinations.map((d) => d.stats.live.conns).reverse(),
});
