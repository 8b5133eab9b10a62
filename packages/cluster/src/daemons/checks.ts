import type { Ipv4 } from '@lvscope/inet';
import { send } from '@lvscope/net';
import { openSocket } from '../processes/sockets.ts';
import type { Message, Process } from '../processes/state.ts';
import { dropSocket } from '../processes/table.ts';
import { HOOKS } from '../wiring.ts';
import type { World } from '../world.ts';

/** A check of a server over TCP that is under way: real packets to the server. */
export interface PendingCheck {
  /** Which check it is: the caller's number. */
  readonly index: number;
  readonly socket: number;
  /** false: an open connection is enough. */
  readonly wantsAnswer: boolean;
  connected: boolean;
  answered: number;
}

export interface CheckResult {
  readonly index: number;
  readonly ok: boolean;
  /** Why not: `refused`, `unreachable`, `no-answer` (the connection ended without one), `timeout`. */
  readonly why: string;
}

/** Bytes of `GET / HTTP/1.0` and its headers. */
const REQUEST_BYTES = 120;

/** connect(2), and with `wantsAnswer` a request. @returns a result where it failed at once */
export function beginCheck(
  world: World,
  process: Process,
  pending: PendingCheck[],
  index: number,
  target: { readonly address: Ipv4; readonly port: number; readonly wantsAnswer: boolean },
): CheckResult | undefined {
  const socket = openSocket(world, process, { destination: target.address, destinationPort: target.port });
  if (typeof socket !== 'number') return { index, ok: false, why: 'unreachable' };
  pending.push({ index, socket, wantsAnswer: target.wantsAnswer, connected: false, answered: 0 });
  return undefined;
}

/** The check's time is over. @returns undefined where it has ended before */
export function endCheck(
  world: World,
  process: Process,
  pending: PendingCheck[],
  index: number,
): CheckResult | undefined {
  const place = pending.findIndex((check) => check.index === index);
  const check = pending[place];
  if (check === undefined) return undefined;
  pending.splice(place, 1);
  dropSocket(world, process, check.socket, 'abort');
  return { index, ok: false, why: 'timeout' };
}

/** What messages say of the checks under way. */
export function checkResults(
  world: World,
  process: Process,
  pending: PendingCheck[],
  messages: readonly Message[],
): CheckResult[] {
  const results: CheckResult[] = [];
  for (const message of messages) {
    if (!('socket' in message)) continue;
    const check = pending.find(({ socket }) => socket === message.socket);
    if (check === undefined) continue;
    const verdict = judge(world, check, message);
    if (verdict === undefined) continue;
    pending.splice(pending.indexOf(check), 1);
    dropSocket(world, process, check.socket, 'close');
    results.push({ index: check.index, ok: verdict === 'ok', why: verdict });
  }
  return results;
}

/** @returns 'ok', why it failed, or undefined while it goes on */
function judge(world: World, check: PendingCheck, message: Message & { socket: number }): string | undefined {
  switch (message.kind) {
    case 'connected':
      check.connected = true;
      if (!check.wantsAnswer) return 'ok';
      send(world, HOOKS, check.socket, REQUEST_BYTES);
      return undefined;
    case 'received':
      check.answered += message.bytes;
      return undefined;
    case 'remote-closed':
      return check.answered > 0 ? 'ok' : 'no-answer';
    case 'closed':
      return check.answered > 0 ? 'ok' : check.connected ? 'no-answer' : message.reason;
    default:
      return undefined;
  }
}
