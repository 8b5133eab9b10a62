import {
  beliefs,
  commands,
  haView,
  lastDecisions,
  measureCapacity,
  seriesSince,
  type ServiceView,
  view,
  type World,
  type WorldView,
} from '@lvscope/cluster';
import { presets } from '@lvscope/scenario';
import { faultsOf, programs } from '@lvscope/shell';
import type {
  Answer,
  Api,
  Ask,
  Batch,
  Cursor,
  Decided,
  DecisionId,
  Explanation,
  LoadAnswer,
  PullRequest,
  Source,
} from './api.ts';
import { cableOf } from './cable.ts';
import { copyOf, type RunCopy, sessionOf } from './copy.ts';
import { explain, rowFor } from './explain.ts';
import { framesBehind } from './frames.ts';
import { recordRun } from './record-run.ts';
import {
  futureOf,
  goBack,
  open,
  run,
  runToFrame,
  type Session,
  step,
  stepBack,
  stepFrame,
} from './session.ts';
import { chunksBehind, interruptOn, sayOn, typeOn } from './prompts.ts';
import { read } from './source.ts';
import { weightZeroOf } from './weight-zero.ts';

/** New connections, shares and skew are counted over this long. */
const WINDOW_SECONDS = 60;
/** Decisions in a batch at most; of services with very many servers fewer, for each names them all. */
const MOST_DECISIONS = 64;
/** Without a target the run is let go this far; it comes back when the budget is spent. */
const FAR_NS = 3.6e15;

/** Where the page's questions are answered. Plain functions: the tests ask it without any worker. */
export function createDesk(wallMs: () => number): Api {
  let session: Session | undefined;
  let epochs = 0;
  const current = (): Session => {
    if (session === undefined) throw new Error('asked before any scenario was loaded');
    return session;
  };
  return {
    presets: async () => presets(),
    load: async (source) => {
      const answer = load(source, epochs + 1, wallMs);
      if (!answer.ok) return answer;
      session = answer.session;
      epochs = session.epoch;
      return { ok: true, scenario: session.scenario };
    },
    pull: async ({ targetNs, budgetMs, idleTargetNs, cursor, asks, terminals }) => {
      const there = targetNs ?? current().world.sim.now + FAR_NS;
      const go = (untilNs: number): boolean =>
        idleTargetNs === undefined
          ? run(current(), untilNs, budgetMs, wallMs)
          : runToFrame(current(), untilNs, idleTargetNs, budgetMs, wallMs);
      const reached = there === 'stay' || go(there);
      return batchOf(current(), cursor, reached, { asks, terminals });
    },
    step: async (cursor) => {
      step(current());
      return batchOf(current(), cursor, true);
    },
    stepFrame: async (cursor) => {
      stepFrame(current());
      return batchOf(current(), cursor, true);
    },
    record: async (at) => recordRun(current(), at, async () => new Promise((resume) => setTimeout(resume))),
    stepBack: async (cursor) => {
      stepBack(current());
      epochs = current().epoch;
      return batchOf(current(), cursor, true);
    },
    execute: async (host, command, cursor) => {
      sayOn(current(), host, command);
      return batchOf(current(), cursor, true);
    },
    type: async (host, line, cursor) => {
      typeOn(current(), host, line);
      return batchOf(current(), cursor, true);
    },
    interrupt: async (host, cursor) => {
      interruptOn(current(), host);
      return batchOf(current(), cursor, true);
    },
    seek: async (targetNs) => {
      goBack(current(), targetNs);
      epochs = current().epoch;
    },
    ...looks(current),
    takeCopy: async (port) => {
      session = sessionOf(await comingThrough(port), ++epochs, wallMs);
      port.close();
    },
  };
}

/** What is looked up of the present world, and changes nothing. */
function looks(
  current: () => Session,
): Pick<
  Api,
  'explain' | 'faults' | 'beliefs' | 'ha' | 'weightZero' | 'cable' | 'complete' | 'sendCopy' | 'capacity'
> {
  return {
    sendCopy: async (port) => port.postMessage(copyOf(current())),
    capacity: async (method, servers, assumptions) => measureCapacity(programs, method, servers, assumptions),

    explain: async (decision) => explainIn(current().world, decision),
    faults: async (host) => faultsOf(current().world, host),
    beliefs: async () => ({ atNs: current().world.sim.now, histories: beliefs(current().world) }),
    ha: async () => haView(current().world),
    weightZero: async (director, serviceId) => weightZeroOf(current().world, director, serviceId),
    cable: async (host, nic) => cableOf(current().world, host, nic),
    complete: async (host, text, cursor) => programs.complete(current().world, host, text, cursor),
  };
}

function explainIn(world: World, decision: DecisionId): Explanation | undefined {
  const { services } = view(world, WINDOW_SECONDS);
  const names = new Map(
    services.flatMap((one) => one.servers.map((server) => [server.address, server.name])),
  );
  const ids = serviceIds(services, decision.director);
  return explain(world, decision, (address) => names.get(address) ?? address, ids);
}

async function comingThrough(port: MessagePort): Promise<RunCopy> {
  return new Promise((resolve) => {
    port.addEventListener('message', (event: MessageEvent<RunCopy>) => resolve(event.data), { once: true });
    port.start();
  });
}

type Loaded = Extract<LoadAnswer, { ok: false }> | { readonly ok: true; readonly session: Session };

function load(source: Source, epoch: number, wallMs: () => number): Loaded {
  const found = read(source);
  if (!found.ok) return found;
  const opened = open(found.scenario, epoch, wallMs);
  if (opened.ok) return opened;
  return { ok: false, format: 'scenario', problems: opened.problems };
}

/** Services of a director by their servers: directors number theirs without knowing of each other. */
function serviceIds(services: readonly ServiceView[], director: string): Map<number, number> {
  const own = services.filter((one) => one.director === director);
  return new Map(own.flatMap((one) => one.servers.map((server) => [server.destinationId, one.id])));
}

const NOTHING: Looks = { asks: [], terminals: [] };

/** What the page looks at besides what every batch carries. */
type Looks = Pick<PullRequest, 'asks' | 'terminals'>;

function batchOf(session: Session, cursor: Cursor, reached: boolean, looks: Looks = NOTHING): Batch {
  const { world } = session;
  const same = cursor.epoch === session.epoch;
  const now = view(world, WINDOW_SECONDS);
  const commandsFrom = same ? Math.min(cursor.commands, now.commandCount) : 0;
  return {
    epoch: session.epoch,
    view: now,
    reached,
    ...seriesBehind(session, same ? cursor : undefined),
    commands: commands(world, commandsFrom),
    commandsFrom,
    grown: same ? grownSince(world, cursor) : [],
    decisions: decisionsBehind(session, now, same ? cursor.decided : {}),
    decided: decidedIn(world),
    future: futureOf(session),
    answers: looks.asks.map((ask) => answer(world, ask)),
    terminals: chunksBehind(
      world,
      looks.terminals.map((one) => (same ? one : { ...one, since: 0 })),
    ),
    frames: framesBehind(session.reader, world, session.epoch, cursor),
  };
}

/** Of the commands that had not ended when the reader looked, those that have more to say. */
function grownSince(world: World, { openCommands }: Cursor): Batch['grown'] {
  return openCommands.flatMap(({ index, length }) => {
    const [record] = commands(world, index);
    if (record === undefined) return [];
    return record.rc === undefined && record.out.length + record.err.length === length
      ? []
      : [{ index, record }];
  });
}

/** What a tool says, as a terminal shows it. */
function answer(world: World, { host, line }: Ask): Answer {
  const { out, err } = programs.run(world, host, line);
  return { host, line, text: out + err };
}

function seriesBehind({ world }: Session, cursor: Cursor | undefined): Pick<Batch, 'series' | 'seriesFrom'> {
  const { stepSeconds } = seriesSince(world, Number.MAX_SAFE_INTEGER);
  const seriesFrom = cursor?.seriesStepSeconds === stepSeconds ? cursor.seriesRows : 0;
  return { series: seriesSince(world, seriesFrom), seriesFrom };
}

function decidedIn(world: World): Decided {
  const decided: Record<string, number> = {};
  for (const { name, ipvs } of world.directors) if (ipvs.ring.count > 0) decided[name] = ipvs.ring.count - 1;
  return decided;
}

function decisionsBehind({ world }: Session, now: WorldView, after: Decided): Batch['decisions'] {
  const servers = now.services.reduce((most, service) => Math.max(most, service.servers.length), 1);
  const most = Math.max(1, Math.min(MOST_DECISIONS, Math.floor(4000 / servers)));
  const fresh = Object.entries(decidedIn(world)).flatMap(([director, newest]) => {
    const missed = newest - (after[director] ?? -1);
    if (missed <= 0) return [];
    const ids = serviceIds(now.services, director);
    return lastDecisions(world, Math.min(missed, most), director).map((row) => rowFor(director, row, ids));
  });
  return fresh.toSorted((a, b) => a.atNs - b.atNs).slice(-most);
}
