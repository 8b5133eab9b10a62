import {
  acceptedFrom,
  advance,
  closeAccepted,
  closeConnection,
  type CommandResult,
  execute,
  type Executed,
  listenResponder,
  openConnection,
  sendFromAccepted,
  sendOnConnection,
  setHold,
  shutdownAccepted,
  shutdownConnection,
  stepEvent,
  unlistenResponder,
} from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import { formatEndpoint } from '@lvscope/inet';
import { number, type Observation, text, type TraceStep } from '../trace.ts';
import { sendDatagram } from './datagram.ts';
import { neighbourLines } from './neighbours.ts';
import { runProbe } from './probe-step.ts';
import { sendRaw } from './raw.ts';
import { takeReplies } from './replies.ts';
import {
  acceptedBy,
  clientGone,
  clientWord,
  endpointOf,
  partyOf,
  type Session,
  serverGone,
} from './session.ts';
import { counts, takeSnapshot } from './snapshot.ts';
import { startSniff, takeSniffed } from './sniff.ts';

const DIRECTOR = 'director1';

/** The rest of a step's answer: what is there when the step is over. */
type Finish = () => Record<string, unknown>;

/** Lets the world run to a time of the recording. */
export function runTo(session: Session, seconds: number): void {
  const at = session.originNs + Math.round(seconds * 1e9);
  if (at > session.world.sim.now) advance(session.world, session.programs, at as SimTime);
}

/**
 * Carries a step out, now. The answer comes from the function that is given back, called with the time at
 * which the recorded step was over.
 */
export function answer(
  session: Session,
  step: TraceStep,
  recorded: Observation,
): (endSeconds: number) => Observation {
  const before = 'before' in recorded ? { before: counts(session, DIRECTOR) } : {};
  const finish = begin(session, step, recorded);
  return (endSeconds) => {
    runTo(session, endSeconds);
    const rest = finish();
    const snap = text(step, 'snap');
    const client = text(step, 'client');
    const after = snap === '' ? {} : { after: takeSnapshot(session, snap, snapHost(step), client) };
    // what the recording says of the step itself is taken over; the answer stands in the other fields
    const { op, t } = recorded;
    return { op, t, step: recorded.step, cmd: text(step, 'cmd'), ...before, ...rest, ...after };
  };
}

const snapHost = (step: TraceStep): string => text(step, 'snap_ns') || DIRECTOR;

function begin(session: Session, step: TraceStep, recorded: Observation): Finish {
  switch (step.op) {
    case 'open':
      return open(session, step);
    case 'close':
      return close(session, step);
    case 'shut':
      return shut(session, step);
    case 'send':
      return send(session, step);
    case 'udp':
      return sendDatagram(session, step);
    case 'raw':
      return sendRaw(session, step);
    case 'sh':
      return runCommand(session, step);
    case 'sysctl':
      return setSysctl(session, step);
    case 'getsysctl': {
      const path = sysctlPath(text(step, 'key'));
      const { out } = execute(session.world, session.programs, text(step, 'ns') || DIRECTOR, `cat ${path}`);
      return () => ({ got: out.trim() });
    }
    case 'snap': {
      const what = text(step, 'what') || 'ipvs';
      const host = text(step, 'ns') || DIRECTOR;
      return () => ({ snap: takeSnapshot(session, what, host, text(step, 'client')) });
    }
    case 'sniff':
      startSniff(session, step);
      return () => ({});
    case 'sniffed':
      return () => ({ packets: takeSniffed(session, step) });
    case 'neigh':
      return () => ({
        neigh: neighbourLines(session, text(step, 'ns') || 'router', text(step, 'dev')),
      });
    case 'probe': {
      const answers = probed(session, step, recorded);
      return () => answers;
    }
    case 'hold':
      setHold(session.world, undefined, step['value'] !== false);
      return () => ({});
    case 'listen':
      listenResponder(session.world, text(step, 'ns'), 'tcp', number(step, 'port') ?? 0);
      return () => ({});
    case 'unlisten':
    case 'unulisten': {
      const protocol = step.op === 'unlisten' ? 'tcp' : 'udp';
      unlistenResponder(session.world, text(step, 'ns'), protocol, number(step, 'port') ?? 0);
      return () => ({});
    }
    default:
      return () => ({});
  }
}

function runCommand(session: Session, step: TraceStep): Finish {
  const host = text(step, 'ns') || DIRECTOR;
  const command = text(step, 'cmd');
  if (step['bg'] === true) {
    execute(session.world, session.programs, host, command);
    return () => ({});
  }
  const { rc, out, err } = carryOut(session, host, command);
  // nobody is left to say what became of it, and the number is the signal's
  if (rc === SEGMENTATION_FAULT && !MORE_THAN_ONE.test(command)) return () => ({ rc: -11 });
  return () => ({ rc, ...(out === '' ? {} : { out }), ...(err === '' ? {} : { err }) });
}

function setSysctl(session: Session, step: TraceStep): Finish {
  const host = text(step, 'ns') || DIRECTOR;
  const { err } = writeSysctl(session, host, text(step, 'key'), String(step['value']));
  return () => (err === '' ? {} : { err: errnoOf(err) });
}

/** The steps that lie within a probe are answered when their observations' turn comes. */
function probed(session: Session, step: TraceStep, recorded: Observation): Record<string, unknown> {
  return runProbe(session, step, recorded, {
    runTo: (seconds) => {
      runTo(session, seconds);
    },
    carryOut: (one, t) => {
      const within = { ...one, t, step: recorded.step };
      session.within.push(answer(session, one, within)(t));
    },
  });
}

/** A shell command of the recording; `sysctl k=v` was a write to /proc/sys there, which prints nothing. */
export function carryOut(session: Session, host: string, command: string): CommandResult {
  const write = /^sysctl ([^=\s]+)=(.*)$/.exec(command);
  if (write) return writeSysctl(session, host, write[1] ?? '', write[2] ?? '');
  return waitFor(session, execute(session.world, session.programs, host, command));
}

/** The recordings' commands were waited for: the world runs on until the line is over. */
function waitFor({ world, programs }: Session, begun: Executed): CommandResult {
  const record = world.commands.at(-1);
  if (record === undefined || begun.rc !== undefined) return { ...begun, rc: begun.rc ?? 0 };
  while (record.rc === undefined && stepEvent(world, programs));
  return { rc: record.rc ?? 0, out: record.out, err: record.err };
}

/** What a shell says of a failed write, as the recordings name it. */
const errnoOf = (text: string): string => (text.includes('Invalid argument') ? 'EINVAL' : 'ENOENT');

/** Where a shell runs a command as its last, the command is the process that ends. */
const MORE_THAN_ONE = /[|&;\n]/;
const SEGMENTATION_FAULT = 139;

const sysctlPath = (key: string): string => `/proc/sys/${key.includes('/') ? key : key.replaceAll('.', '/')}`;

function writeSysctl(session: Session, host: string, key: string, value: string): CommandResult {
  return waitFor(
    session,
    execute(session.world, session.programs, host, `echo "${value}" > ${sysctlPath(key)}`),
  );
}

function open(session: Session, step: TraceStep): Finish {
  const endpoint = endpointOf(text(step, 'src'));
  const earlier = acceptedFrom(session.world, endpoint);
  const from = text(step, 'from') || 'client';
  const handle = openConnection(session.world, from, endpoint, endpointOf(text(step, 'dst')));
  const client = { handle, endpoint, earlier, closed: false };
  session.clients.set(String(step['id']), client);
  return () => {
    const word = clientWord(session, client).replace(/ eof$/, '');
    const server = acceptedBy(session, client);
    if (word === 'connecting' && step['giveup'] === true) {
      closeConnection(session.world, handle, 'fin');
      client.closed = true;
    }
    return {
      result: word === 'connecting' ? 'timeout' : word,
      rs: server?.host ?? null,
      ...(server ? { at: formatEndpoint(server.address, server.port) } : {}),
    };
  };
}

function close(session: Session, step: TraceStep): Finish {
  const peer = text(step, 'peer');
  const { client, server, endpoint } = partyOf(session, String(step['id']), peer);
  const how = text(step, 'how') || 'fin';
  if (how === 'fin' || how === 'rst') {
    if (!client || clientGone(session, client)) return () => ({ result: 'already closed' });
    closeConnection(session.world, client.handle, how);
    client.closed = true;
  } else {
    if (serverGone(server)) return () => ({ result: 'already closed' });
    closeAccepted(session.world, endpoint, how === 'server-rst' ? 'rst' : 'fin');
  }
  return () => ({
    cli: client ? clientWord(session, client) : 'raw',
    ...(peer === '' ? {} : { replies: takeReplies(session, peer) }),
  });
}

function shut(session: Session, step: TraceStep): Finish {
  const peer = text(step, 'peer');
  const { client, server, endpoint } = partyOf(session, String(step['id']), peer);
  if (text(step, 'who') === 'server') {
    if (!server || serverGone(server) || session.shut.has(server)) {
      return () => ({ result: 'no such server socket' });
    }
    session.shut.add(server);
    shutdownAccepted(session.world, endpoint);
  } else if (client) shutdownConnection(session.world, client.handle);
  return () => (peer === '' ? {} : { replies: takeReplies(session, peer) });
}

function send(session: Session, step: TraceStep): Finish {
  const peer = text(step, 'peer');
  const { client, server, endpoint } = partyOf(session, String(step['id']), peer);
  const byServer = text(step, 'who') === 'server';
  const bytes = number(step, 'bytes') ?? 10;
  if (client ? clientGone(session, client) : !byServer) return () => ({ result: 'closed' });
  if (byServer && (!server || serverGone(server) || session.shut.has(server))) {
    return () => ({ result: 'no such server socket' });
  }
  // a socket that does not block takes nothing before it is connected
  const early = client !== undefined && !byServer && clientWord(session, client) === 'connecting';
  const received = { client: receivedBy(session, step), server: server?.received ?? 0 };
  const sent = byServer
    ? sendFromAccepted(session.world, endpoint, bytes)
    : client !== undefined && !early && sendOnConnection(session.world, client.handle, bytes);
  return () => ({
    ...(sent ? { sent: bytes } : { result: early ? 'EAGAIN' : 'EPIPE' }),
    ...(peer === '' ? {} : { replies: takeReplies(session, peer) }),
    client_got: receivedBy(session, step) - received.client,
    server_got: (partyOf(session, String(step['id']), peer).server?.received ?? 0) - received.server,
    cli: client ? clientWord(session, client).replace(/ eof$/, '') : 'raw',
  });
}

function receivedBy(session: Session, step: TraceStep): number {
  const client = session.clients.get(String(step['id']));
  return client ? (session.world.probe.connections[client.handle]?.received ?? 0) : 0;
}
