import { armTimer, cancelTimer, nextInt, sample, type SimTime } from '@lvscope/des';
import { ipv4 } from '@lvscope/inet';
import { ASKING, askerKey, CONNECTING, KEPT, LEAVING, RESTING } from '../client-table.ts';
import { noteAnswer, noteFailure, noteLost } from '../ha/outages.ts';
import { recordLatency } from '../observe.ts';
import {
  closeSocket,
  closeUdp,
  openTcp,
  openUdp,
  OWNER_CLIENT,
  sendBytes,
  sendDatagram,
  sendText,
} from '../transport.ts';
import type { Failure, Target, Workload, World } from '../world.ts';
import { dismiss, isWanted, machineClock, mayAskAgain, nextConnectionIn, sourceOf } from './plan.ts';
import { sipRequest } from './sip.ts';

function workloadOf(world: World, slot: number): Workload {
  return world.workloads[world.clients.workload[slot]!]!;
}

function patience(world: World, w: Workload): SimTime {
  return (world.sim.now + Math.floor(w.spec.timeoutSeconds * 1e9)) as SimTime;
}

/** Arms the agent's timer for `seconds` from now. */
function wait(world: World, slot: number, seconds: number): void {
  armTimer(world.sim, world.timers.client, slot, (world.sim.now + Math.floor(seconds * 1e9)) as SimTime);
}

function drawTarget(w: Workload): Target {
  return w.targets.length === 1 ? w.targets[0]! : w.targets[nextInt(w.streams.targets, w.targets.length)]!;
}

function drawWhole(stream: Workload['streams']['requests'], quantity: Parameters<typeof sample>[1]): number {
  return Math.max(1, Math.floor(sample(stream, quantity) + 0.5));
}

function startRequest(world: World, w: Workload, slot: number): void {
  world.clients.askedAt[slot] = world.sim.now;
  world.clients.inFlight[slot] = 1;
  w.started++;
}

/** Opens the agent's next connection; its first request begins with the SYN, as `ab` counts. */
export function beginConnection(world: World, slot: number): void {
  const c = world.clients;
  const w = workloadOf(world, slot);
  const source = sourceOf(world, w, slot);
  const target = drawTarget(w);
  c.generation[slot] = (c.generation[slot]! + 1) | 0;
  c.source[slot] = source;
  c.requestsLeft[slot] = w.keepAlive ? drawWhole(w.streams.requests, w.requestsPerConnection) : 1;
  c.asked[slot] = 0;
  c.received[slot] = 0;
  c.expected[slot] = -1;
  c.lastAnswer[slot] = 0;
  c.state[slot] = CONNECTING;
  c.openedAt[slot] = -1;
  w.connections++;
  startRequest(world, w, slot);
  if (w.spec.protocol === 'udp') {
    askByDatagram(world, w, slot, target);
    return;
  }
  const { address, port } = target;
  const clock = machineClock(world, w, slot);
  const opened = openTcp(world, w.host, ipv4(source), address, port, OWNER_CLIENT, slot, clock);
  if (opened.socket < 0) {
    fail(world, slot, opened.failure);
    return;
  }
  c.socket[slot] = opened.socket;
  c.localPort[slot] = opened.localPort;
  world.askers.set(askerKey(source, opened.localPort), slot);
  armTimer(world.sim, world.timers.client, slot, patience(world, w));
}

function askByDatagram(world: World, w: Workload, slot: number, target: Target): void {
  const c = world.clients;
  const source = ipv4(c.source[slot]!);
  const opened = openUdp(world, w.host, source, target.address, target.port, OWNER_CLIENT, slot);
  if (opened.socket < 0) {
    fail(world, slot, opened.failure);
    return;
  }
  c.socket[slot] = opened.socket;
  c.localPort[slot] = opened.localPort;
  c.state[slot] = ASKING;
  c.expected[slot] = 1;
  armTimer(world.sim, world.timers.client, slot, patience(world, w));
  const { calls } = w.spec;
  if (calls === undefined) {
    sendDatagram(world, opened.socket, drawWhole(w.streams.requests, w.spec.requestBytes));
    return;
  }
  const call = `${(w.connections - 1) % calls}@${w.spec.name}`;
  const from = { address: source, port: opened.localPort };
  sendText(world, opened.socket, sipRequest(from, target, call, w.connections));
}

/** Sends one request on the open connection. */
function ask(world: World, slot: number): void {
  const c = world.clients;
  const w = workloadOf(world, slot);
  const bytes = drawWhole(w.streams.requests, w.spec.requestBytes);
  c.asked[slot] = c.asked[slot]! + bytes;
  c.expected[slot] = -1;
  c.state[slot] = ASKING;
  sendBytes(world, c.socket[slot]!, bytes);
}

export function agentConnected(world: World, slot: number): void {
  if (world.clients.state[slot] !== CONNECTING) return;
  world.clients.openedAt[slot] = world.sim.now;
  ask(world, slot);
}

export function agentReceived(world: World, slot: number, bytes: number): void {
  const c = world.clients;
  const received = c.received[slot]! + bytes;
  c.received[slot] = received;
  const w = workloadOf(world, slot);
  w.bytesReceived += bytes;
  if (c.state[slot] === ASKING && isWhole(received, c.expected[slot]!)) answered(world, w, slot);
}

function isWhole(received: number, expected: number): boolean {
  return expected >= 0 && received >= expected;
}

function answered(world: World, w: Workload, slot: number): void {
  const c = world.clients;
  c.inFlight[slot] = 0;
  w.succeeded++;
  recordLatency(world, w.index, (world.sim.now - c.askedAt[slot]!) / 1000);
  noteAnswer(world, w.index, c.askedAt[slot]!, connectionOf(world, slot), c.openedAt[slot]!);
  const left = c.requestsLeft[slot]! - 1;
  c.requestsLeft[slot] = left;
  if (w.spec.protocol === 'udp') {
    leave(world, slot);
  } else if (c.lastAnswer[slot] === 1) {
    c.state[slot] = LEAVING;
  } else if (left > 0 && w.keepAlive && w.running && mayAskAgain(world, w, slot)) {
    c.state[slot] = KEPT;
    const pause = w.spec.kind === 'closed' ? sample(w.streams.think, w.spec.thinkSeconds) : 0;
    if (pause > 0) wait(world, slot, pause);
    else askAgain(world, slot);
  } else {
    leave(world, slot);
  }
}

/** The next request of a connection that is kept open. */
function askAgain(world: World, slot: number): void {
  const w = workloadOf(world, slot);
  startRequest(world, w, slot);
  armTimer(world.sim, world.timers.client, slot, patience(world, w));
  ask(world, slot);
}

/**
 * The server's FIN: a kept or finished connection ends in peace, a request without its whole answer is lost.
 */
export function agentPeerClosed(world: World, slot: number): void {
  const state = world.clients.state[slot];
  if (state === CONNECTING || state === ASKING) fail(world, slot, 'reset');
  else if (state === LEAVING) leave(world, slot);
  else if (state === KEPT) loseKept(world, slot, false);
}

/** A connection that was kept is gone while its user thinks; the user thinks on and will open another. */
function loseKept(world: World, slot: number, gone: boolean): void {
  if (gone) noteLost(world, connectionOf(world, slot), world.clients.openedAt[slot]!);
  detach(world, slot, !gone);
  world.clients.state[slot] = RESTING;
}

export function agentReset(world: World, slot: number): void {
  const state = world.clients.state[slot];
  if (state === CONNECTING) fail(world, slot, 'refused');
  else if (state === ASKING) fail(world, slot, 'reset');
  else if (state === LEAVING) forgetSocket(world, slot, true);
  else if (state === KEPT) loseKept(world, slot, true);
}

export function agentUnreachable(world: World, slot: number, refused: boolean): void {
  const state = world.clients.state[slot];
  if (state !== CONNECTING && state !== ASKING) return;
  fail(world, slot, refused ? 'refused' : 'unreachable');
}

/** The kernel gave up: no answer to SYNs or data. */
export function agentGaveUp(world: World, slot: number): void {
  const state = world.clients.state[slot];
  if (state === CONNECTING || state === ASKING) fail(world, slot, 'timeout');
  else if (state === LEAVING) forgetSocket(world, slot, true);
  else if (state === KEPT) loseKept(world, slot, true);
}

/** One number for an agent's present connection. */
function connectionOf(world: World, slot: number): number {
  return slot * 2 ** 20 + (world.clients.generation[slot]! & 0xfffff);
}

function fail(world: World, slot: number, failure: Failure): void {
  const w = workloadOf(world, slot);
  w.failures[failure]++;
  const { askedAt, openedAt } = world.clients;
  noteFailure(world, w.index, askedAt[slot]!, connectionOf(world, slot), openedAt[slot]!);
  world.clients.inFlight[slot] = 0;
  const goneAlready = failure === 'refused' || failure === 'unreachable' || failure === 'reset';
  if (world.clients.socket[slot]! >= 0) detach(world, slot, !goneAlready || failure === 'reset');
  cancelTimer(world.sim, world.timers.client, slot);
  rest(world, w, slot, true);
}

function leave(world: World, slot: number): void {
  forgetSocket(world, slot, false);
}

function forgetSocket(world: World, slot: number, gone: boolean): void {
  detach(world, slot, !gone);
  cancelTimer(world.sim, world.timers.client, slot);
  rest(world, workloadOf(world, slot), slot, false);
}

/** Between two connections: at once, after a pause, or never again. */
function rest(world: World, w: Workload, slot: number, failed: boolean): void {
  world.clients.state[slot] = RESTING;
  const pause = nextConnectionIn(world, w, slot, failed);
  if (pause > 0) wait(world, slot, pause);
  else if (pause === 0) beginConnection(world, slot);
}

/** Takes the socket from the agent; the kernel finishes what is left of the connection on its own. */
function detach(world: World, slot: number, close: boolean): void {
  const c = world.clients;
  const socket = c.socket[slot]!;
  c.socket[slot] = -1;
  if (workloadOf(world, slot).spec.protocol === 'udp') {
    closeUdp(world, socket);
    return;
  }
  world.askers.delete(askerKey(c.source[slot]!, c.localPort[slot]!));
  closeSocket(world, socket, close);
}

/** The agent's timer: out of patience, or rested. */
export function agentTimer(world: World, slot: number): void {
  const state = world.clients.state[slot];
  if (state === CONNECTING || state === ASKING) fail(world, slot, 'timeout');
  else if (state === LEAVING) leave(world, slot);
  else if (state === KEPT || state === RESTING) goOn(world, slot, state === KEPT);
}

/** The pause is over; but the load may have been stopped or made smaller meanwhile. */
function goOn(world: World, slot: number, kept: boolean): void {
  const w = workloadOf(world, slot);
  if (!isWanted(world, w, slot)) {
    if (kept) detach(world, slot, true);
    dismiss(world, w, slot);
  } else if (kept) {
    askAgain(world, slot);
  } else {
    beginConnection(world, slot);
  }
}
