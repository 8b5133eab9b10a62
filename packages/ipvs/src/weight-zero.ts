import { createSimulation, next, seconds, type SimTime, type Simulation } from '@lvscope/des';
import { ipv4, PROTO_TCP, TCP_ACK, TCP_SYN } from '@lvscope/inet';
import { addDestination, deleteDestination, editDestination } from './destinations.ts';
import { expireConnections } from './expiry.ts';
import { localIn } from './hooks.ts';
import { createIpvs } from './ipvs.ts';
import { FORWARD_ROUTE, VERDICT_ACCEPT, VERDICT_DROP, VERDICT_FORWARD, type Packet } from './packet.ts';
import { addService } from './services.ts';
import { setSysctl } from './settings.ts';
import type { Ipvs } from './state.ts';
import { tick } from './tick.ts';

/** What a health check did to a dead server, the sysctls, and which packet of a client comes next. */
export interface WeightZeroCase {
  /** ldirectord's quiescent: true sets weight 0, false deletes the server. */
  readonly quiescent: boolean;
  readonly expireNodestConn: boolean;
  readonly expireQuiescentTemplate: boolean;
  /** The service has -p. */
  readonly persistent: boolean;
  /** The next packet of a connection that is open, or a client's next connection. */
  readonly packet: 'open-connection' | 'new-connection';
}

/**
 * Where the packet goes: to the dead server as before, to another one, nowhere without a word, or to
 * the director
 * itself, which answers a TCP packet of no connection with a reset.
 */
export type WeightZeroOutcome = 'dead-server' | 'another-server' | 'silence' | 'reset';

export interface WeightZeroCell extends WeightZeroCase {
  readonly outcome: WeightZeroOutcome;
}

const TIMER = 1;
const TICK = 2;
const VIP = ipv4(0xc0a8_0106);
const CLIENT = ipv4(0x0a01_000a);
const DEAD = ipv4(0xc0a8_010b);
const OTHER = ipv4(0xc0a8_010c);
const KEY = { kind: 'address', protocol: PROTO_TCP, address: VIP, port: 80 } as const;

/** All 32 cases, each asked of a director of its own (Linux 6.1, direct routing). */
export function weightZeroTable(): WeightZeroCell[] {
  const cells: WeightZeroCell[] = [];
  const either = [false, true];
  for (const quiescent of either) {
    for (const persistent of either) {
      for (const packet of ['open-connection', 'new-connection'] as const) {
        for (const expireNodestConn of either) {
          for (const expireQuiescentTemplate of either) {
            const one = { quiescent, persistent, packet, expireNodestConn, expireQuiescentTemplate };
            cells.push({ ...one, outcome: outcomeOf(one) });
          }
        }
      }
    }
  }
  return cells;
}

/**
 * One case: a client has a connection on the server that then dies; ten seconds later it sends its
 * next packet.
 */
export function outcomeOf(one: WeightZeroCase): WeightZeroOutcome {
  const sim = createSimulation(1);
  const ipvs = createIpvs(sim, { director: 0, kernel: '6.1', timerKind: TIMER, tickKind: TICK });
  const set = (name: string, on: boolean): void => {
    setSysctl(ipvs, sim, name, on ? '1' : '0');
  };
  set('expire_nodest_conn', one.expireNodestConn);
  set('expire_quiescent_template', one.expireQuiescentTemplate);
  makeService(ipvs, sim, one.persistent);
  // the server added last is at the head of the list, and rr begins with it
  send(ipvs, sim, 40_000, TCP_SYN);
  send(ipvs, sim, 40_000, TCP_ACK);
  const dead = { address: DEAD, port: 80 };
  if (one.quiescent) editDestination(ipvs, sim, KEY, dead, { ...SERVER, weight: 0 });
  else deleteDestination(ipvs, sim, KEY, dead);
  run(ipvs, sim, 10);
  const isOpen = one.packet === 'open-connection';
  const code = send(ipvs, sim, isOpen ? 40_000 : 40_001, isOpen ? TCP_ACK : TCP_SYN);
  if (code === VERDICT_FORWARD) return ipvs.verdict.address === DEAD ? 'dead-server' : 'another-server';
  if (code === VERDICT_DROP) return 'silence';
  return code === VERDICT_ACCEPT ? 'reset' : 'silence';
}

const SERVER = {
  method: FORWARD_ROUTE,
  tunnel: undefined,
  weight: 1,
  upperThreshold: 0,
  lowerThreshold: 0,
} as const;

function makeService(ipvs: Ipvs, sim: Simulation, persistent: boolean): void {
  addService(ipvs, sim, {
    key: KEY,
    scheduler: 'rr',
    schedulerFlags: 0,
    persistenceSeconds: persistent ? 300 : 0,
    netmask: ipv4(0xffff_ffff),
    prefixLength: 128,
    persistenceEngine: undefined,
    onePacket: false,
  });
  for (const address of [OTHER, DEAD]) addDestination(ipvs, sim, KEY, { address, port: 80 }, SERVER);
}

function send(ipvs: Ipvs, sim: Simulation, sourcePort: number, flags: number): number {
  const packet: Packet = {
    protocol: PROTO_TCP,
    source: CLIENT,
    sourcePort,
    destination: VIP,
    destinationPort: 80,
    flags,
    chunk: 0,
    length: 40,
    packets: 1,
    mark: 0,
  };
  return localIn(ipvs, sim, packet);
}

function run(ipvs: Ipvs, sim: Simulation, forSeconds: number): void {
  const until = (sim.now + seconds(forSeconds)) as SimTime;
  while (next(sim, until)) {
    if (sim.event.kind === TIMER) expireConnections(ipvs, sim);
    else tick(ipvs, sim, sim.event.a);
  }
}
