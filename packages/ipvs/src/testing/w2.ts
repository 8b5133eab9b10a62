import {
  createSimulation,
  fingerprintText,
  NEVER,
  next,
  nextFloat,
  nextInt,
  type RandomStream,
  schedule,
  scheduleAfter,
  type Simulation,
  type SimTime,
  stateBytes,
  stream,
} from '@lvscope/des';
import { ipv4, PROTO_TCP, TCP_ACK, TCP_FIN, TCP_SYN } from '@lvscope/inet';
import { addDestination } from '../destinations.ts';
import { expireConnections } from '../expiry.ts';
import { localIn } from '../hooks.ts';
import { createIpvs } from '../ipvs.ts';
import { FORWARD_ROUTE, type Packet } from '../packet.ts';
import type { ServiceKey } from '../service.ts';
import { addService } from '../services.ts';
import type { Ipvs } from '../state.ts';
import { tick } from '../tick.ts';

/** What one run of the workload did. */
export interface W2Result {
  /** Connections by server, in the order in which they were added. */
  readonly conns: number[];
  /** Arrivals, ACKs, FINs and timer expiries. */
  readonly events: number;
  readonly peakRows: number;
  /** All arrays of the director and the simulation's timers at the end. */
  readonly bytes: number;
  readonly rowsLeft: number;
  /** Fingerprints of all decisions and of all timers that fired. */
  readonly prints: readonly string[];
}

const SERVERS = 16;
const CLIENTS = 1000;
const MEAN_GAP = 1e6;
const MEAN_THINK = 20e9;
const EVENT_ARRIVAL = 1;
const EVENT_ACK = 2;
const EVENT_FIN = 3;
const EVENT_TIMER = 4;
const EVENT_TICK = 5;
const FIRST_PORT = 1024;
const VIRTUAL = ipv4(0xc0a80064);
const FIRST_CLIENT = 0x0a010000;

/** Exponential variates with mean 1, made once, so that the logarithm is not part of what is measured. */
function exponentials(random: RandomStream): Float64Array {
  // A sum of 12 differences would not do: von Neumann's comparison method needs no logarithm.
  return Float64Array.from({ length: 8192 }, () => {
    for (let whole = 0; ; whole++) {
      const first = nextFloat(random);
      let last = first;
      let length = 1;
      for (;;) {
        const draw = nextFloat(random);
        if (draw >= last) break;
        last = draw;
        length++;
      }
      if (length % 2 === 1) return whole + first;
    }
  });
}

interface Load {
  readonly total: number;
  made: number;
  draws: number;
  readonly table: Float64Array;
  readonly random: RandomStream;
  readonly ports: Uint16Array;
  readonly packet: Packet;
}

function draw(load: Load, mean: number): number {
  return Math.floor(load.table[load.draws++ & 8191]! * mean);
}

function send(ipvs: Ipvs, sim: Simulation, load: Load, flow: number, flags: number): void {
  const packet = load.packet;
  packet.source = ipv4(FIRST_CLIENT + (flow >>> 16));
  packet.sourcePort = flow & 0xffff;
  packet.flags = flags;
  localIn(ipvs, sim, packet);
}

/** An operand is 26 bits: client and source port. */
function arrive(ipvs: Ipvs, sim: Simulation, load: Load): void {
  const client = nextInt(load.random, CLIENTS);
  const port = load.ports[client]!;
  load.ports[client] = port === 0xffff ? FIRST_PORT : port + 1;
  const flow = (client << 16) | port;
  send(ipvs, sim, load, flow, TCP_SYN);
  const toAck = 20e6 + nextInt(load.random, 60e6);
  scheduleAfter(sim, toAck, EVENT_ACK, flow, 0);
  if (++load.made < load.total) scheduleAfter(sim, draw(load, MEAN_GAP), EVENT_ARRIVAL, 0, 0);
}

function createDirector(sim: Simulation): Ipvs {
  const ipvs = createIpvs(sim, { director: 0, kernel: '6.1', timerKind: EVENT_TIMER, tickKind: EVENT_TICK });
  const key: ServiceKey = { kind: 'address', protocol: PROTO_TCP, address: VIRTUAL, port: 80 };
  addService(ipvs, sim, {
    key,
    scheduler: 'wlc',
    schedulerFlags: 0,
    persistenceSeconds: 0,
    netmask: ipv4(0xffffffff),
    prefixLength: 128,
    persistenceEngine: undefined,
    onePacket: false,
  });
  for (let i = 0; i < SERVERS; i++) {
    addDestination(
      ipvs,
      sim,
      key,
      { address: ipv4(0xc0a8000b + i), port: 80 },
      { method: FORWARD_ROUTE, tunnel: undefined, weight: 1 + (i & 3), upperThreshold: 0, lowerThreshold: 0 },
    );
  }
  return ipvs;
}

/**
 * The connection-level load of the performance page (W2) through the real director: Poisson arrivals of 1000
 * connections/s from 1000 clients, wlc over 16 servers of weight 1 to 4 by direct routing; the ACK 20 to 80
 * ms after the SYN, the FIN after an exponential think time of 20 s, then FIN_WAIT's 120 s until the row
 * goes.
 */
export function runW2(total: number, seed = 1): W2Result {
  const sim = createSimulation(seed);
  const ipvs = createDirector(sim);
  const random = stream(sim, 'w2');
  const load: Load = {
    total,
    made: 0,
    draws: 0,
    table: exponentials(stream(sim, 'w2/exponential')),
    random,
    ports: new Uint16Array(CLIENTS).fill(FIRST_PORT),
    packet: {
      protocol: PROTO_TCP,
      source: ipv4(0),
      sourcePort: 0,
      destination: VIRTUAL,
      destinationPort: 80,
      flags: 0,
      chunk: 0,
      length: 52,
      packets: 1,
      mark: 0,
    },
  };
  schedule(sim, 0 as SimTime, EVENT_ARRIVAL, 0, 0);
  const result = drive(ipvs, sim, load);
  const conns = ipvs.services[0]!.destinations.map((d) => d.stats.live.conns).reverse();
  const prints = [ipvs.decisionPrint, ipvs.timerPrint].map(fingerprintText);
  return {
    ...result,
    conns,
    bytes: stateBytes([ipvs.table, ipvs.wheel, sim.wheel]),
    rowsLeft: ipvs.table.live,
    prints,
  };
}

function drive(ipvs: Ipvs, sim: Simulation, load: Load): { events: number; peakRows: number } {
  let events = 0;
  let peakRows = 0;
  const event = sim.event;
  while (next(sim, NEVER)) {
    events++;
    switch (event.kind) {
      case EVENT_ARRIVAL:
        arrive(ipvs, sim, load);
        if (ipvs.table.live > peakRows) peakRows = ipvs.table.live;
        break;
      case EVENT_ACK: {
        const flow = event.a;
        send(ipvs, sim, load, flow, TCP_ACK);
        scheduleAfter(sim, draw(load, MEAN_THINK), EVENT_FIN, flow, 0);
        break;
      }
      case EVENT_FIN:
        send(ipvs, sim, load, event.a, TCP_FIN | TCP_ACK);
        break;
      case EVENT_TIMER:
        expireConnections(ipvs, sim);
        break;
      default:
        events--;
        if (load.made < load.total || ipvs.table.live > 0) tick(ipvs, sim, event.a);
    }
  }
  return { events, peakRows };
}
