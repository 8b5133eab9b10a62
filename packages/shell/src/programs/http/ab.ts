import { dropSocket, hostNamed, openSocket, sendBytes, setAlarm } from '@lvscope/cluster';
import type { Message } from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import type { Ipv4 } from '@lvscope/inet';
import { lasting } from '../../run/lasting.ts';
import type { Lasting, Run } from '../../run/lasting.ts';
import { type SystemError, unreachableError } from '../../text/ip-routes.ts';
import { getopt, has, lastValue } from '../getopt.ts';
import { AB_BANNER, abReport } from './ab-report.ts';
import type { AbResult } from './ab-report.ts';
import { AB_USAGE } from './ab-usage.ts';
import { parseUrl } from './url.ts';
import type { Url } from './url.ts';

interface Connection {
  readonly begunAt: number;
  connectedAt: number;
  firstAt: number;
  received: number;
}

interface AbState {
  readonly url: Url;
  readonly address: Ipv4;
  readonly requests: number;
  readonly concurrency: number;
  readonly keepAlive: boolean;
  readonly quiet: boolean;
  /** Seconds. */
  readonly patience: number;
  readonly begunAt: number;
  /** 0 = none. */
  readonly endAt: number;
  readonly open: Map<number, Connection>;
  readonly results: AbResult[];
  started: number;
}

const REQUEST_BYTES = 80;
/** `-t` alone means as many requests. */
const MOST_REQUESTS = 50_000;

/** ApacheBench 2.3: so many requests, so many at a time, a connection each. */
export const ab: Lasting = lasting<AbState>({
  start: (run, args) => {
    const read = getopt(args, 'n:c:t:s:b:T:p:u:v:lrkVhwiIx:y:z:C:H:P:A:g:X:de:SqB:m:Z:f:E:');
    const misused = (text: string): undefined => refuse(run, 22, `ab: ${text}\n${AB_USAGE}`);
    if (read.fault !== undefined) return refuse(run, 22, `ab: ${read.fault}\n${AB_USAGE}`);
    const [target] = read.rest;
    if (target === undefined || read.rest.length > 1) return misused('wrong number of arguments\n'.trimEnd());
    const number = (letter: string, standard: number): number => Number(lastValue(read, letter) ?? standard);
    const seconds = number('t', 0);
    const requests = number('n', seconds > 0 ? MOST_REQUESTS : 1);
    const concurrency = number('c', 1);
    if (!(requests >= 1 && requests <= 1e6)) return misused('Invalid number of requests');
    if (!(concurrency >= 1 && concurrency <= 20_000)) {
      return misused('Invalid Concurrency [Range 0..20000]');
    }
    if (concurrency > requests) {
      return misused('Cannot use concurrency level greater than total number of requests');
    }
    const url = parseUrl(target);
    if (url === undefined || url.path === '') return misused('invalid URL');
    run.print(AB_BANNER);
    run.print(`Benchmarking ${url.host} (be patient)${requests > 150 && !has(read, 'q') ? '\n' : '...'}`);
    if (url.address === undefined) {
      return refuse(
        run,
        1,
        `ab: Could not resolve host ${url.host}: Temporary failure in name resolution (670003)`,
      );
    }
    const { now } = run.world.sim;
    const state: AbState = {
      url,
      address: url.address,
      requests,
      concurrency,
      keepAlive: has(read, 'k'),
      quiet: has(read, 'q'),
      patience: number('s', 30),
      begunAt: now,
      endAt: seconds > 0 ? now + seconds * 1e9 : 0,
      open: new Map(),
      results: [],
      started: 0,
    };
    fill(run, state);
    if (run.process.status !== 'exited') watchTime(run, state);
    return state;
  },
  wake: (run, state, messages) => {
    for (const message of messages) if (run.process.status !== 'exited') hear(run, state, message);
    if (run.process.status !== 'exited') watchTime(run, state);
  },
  signal: (run, state, signal) => {
    if (signal !== 'INT') return false;
    finish(run, state);
    return true;
  },
});

function refuse(run: Run, rc: number, text: string): undefined {
  run.complain(`${text.trimEnd()}\n`);
  run.exit(rc);
  return undefined;
}

/** Opens connections until as many are open as are wanted. */
function fill(run: Run, state: AbState): void {
  while (state.open.size < state.concurrency && state.started < state.requests) {
    const socket = openSocket(run.world, run.process, {
      destination: state.address,
      destinationPort: state.url.port,
    });
    if (typeof socket !== 'number') {
      const host = hostNamed(run.world, run.host)!;
      const error = socket === 'ports-exhausted' ? NO_PORT : unreachableError(host, state.address);
      return giveUp(run, state, error, '\nTest aborted after 10 failures\n\napr_socket_connect()');
    }
    state.started++;
    state.open.set(socket, { begunAt: run.world.sim.now, connectedAt: -1, firstAt: -1, received: 0 });
  }
}

/** Wakes when the first open connection has waited too long, or when `-t` is over. */
function watchTime(run: Run, state: AbState): void {
  const begun = [...state.open.values()].map(({ begunAt }) => begunAt);
  const patience = Math.min(...begun) + state.patience * 1e9;
  setAlarm(run.world, run.process, Math.min(patience, state.endAt || patience) as SimTime);
}

const NO_PORT: SystemError = { code: 99, text: 'Cannot assign requested address' };

/** How a connection that was under way may fail. */
const FAILURES: Readonly<Record<'refused' | 'reset' | 'timeout' | 'unreachable', SystemError>> = {
  refused: { code: 111, text: 'Connection refused' },
  reset: { code: 104, text: 'Connection reset by peer' },
  timeout: { code: 110, text: 'Connection timed out' },
  unreachable: { code: 113, text: 'No route to host' },
};

/** A connection that fails later is noticed by who reads from it (ab.c, read_connection). */
function giveUp(run: Run, state: AbState, { code, text }: SystemError, where = 'apr_socket_recv'): void {
  run.complain(`${where}: ${text} (${code})\n`);
  if (state.results.length > 0) run.print(`Total of ${state.results.length} requests completed\n`);
  run.exit(code);
}

function hear(run: Run, state: AbState, message: Message): void {
  const { world, process } = run;
  if (message.kind === 'alarm') return timeIsUp(run, state);
  if (!('socket' in message)) return;
  const connection = state.open.get(message.socket);
  if (connection === undefined) return;
  switch (message.kind) {
    case 'connected':
      connection.connectedAt = world.sim.now;
      sendBytes(world, message.socket, REQUEST_BYTES);
      break;
    case 'received':
      if (connection.firstAt < 0) connection.firstAt = world.sim.now;
      connection.received += message.bytes;
      break;
    case 'remote-closed':
      dropSocket(world, process, message.socket, 'close');
      done(run, state, message.socket, connection);
      break;
    case 'closed':
      if (message.reason === 'closed') done(run, state, message.socket, connection);
      else giveUp(run, state, FAILURES[message.reason]);
      break;
    default:
      break;
  }
}

function timeIsUp(run: Run, state: AbState): void {
  const { now } = run.world.sim;
  if (state.endAt > 0 && now >= state.endAt) return finish(run, state);
  const late = [...state.open.values()].some(({ begunAt }) => now >= begunAt + state.patience * 1e9);
  if (!late) return;
  run.complain('apr_pollset_poll: The timeout specified has expired (70007)\n');
  if (state.results.length > 0) run.print(`Total of ${state.results.length} requests completed\n`);
  run.exit(255);
}

function done(run: Run, state: AbState, socket: number, connection: Connection): void {
  const { now } = run.world.sim;
  const { begunAt, connectedAt, firstAt, received } = connection;
  state.open.delete(socket);
  state.results.push({
    connectNs: connectedAt - begunAt,
    waitNs: firstAt - connectedAt,
    totalNs: now - begunAt,
    received,
  });
  const step = state.requests > 150 ? Math.max(100, Math.floor(state.requests / 10)) : 0;
  const count = state.results.length;
  if (step > 0 && !state.quiet && count % step === 0) run.print(`Completed ${count} requests\n`);
  if (count >= state.requests) finish(run, state);
  else fill(run, state);
}

function finish(run: Run, state: AbState): void {
  const { requests, results, quiet, url, concurrency, keepAlive, begunAt } = state;
  run.print(requests > 150 && !quiet ? `Finished ${results.length} requests\n` : '..done\n');
  const takenNs = run.world.sim.now - begunAt;
  run.print(abReport({ url, concurrency, keepAlive, takenNs, results }));
  run.exit(0);
}
