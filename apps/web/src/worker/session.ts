import {
  act,
  actionsOf,
  advance,
  createWorld,
  framesUnderway,
  nextEventTime,
  stepEvent,
  type UserAction,
  type World,
} from '@lvscope/cluster';
import type { Scenario } from '@lvscope/scenario';
import { programs } from '@lvscope/shell';
import type { SimTime } from '@lvscope/des';
import type { FutureCommand, Problem } from './api.ts';
import { createFrameReader, type FrameReader, rememberFrames } from './frames.ts';
import {
  type Checkpoints,
  createCheckpoints,
  forgetAfter,
  type Issued,
  keep,
  keepNear,
  nearest,
  nearestEvent,
} from './history.ts';

/** One world and the way it came here. */
export interface Session {
  readonly scenario: Scenario;
  world: World;
  /** Raised when the world that readers saw is not the one that they will see. */
  epoch: number;
  /** All that the user did in the order of its places; those from `next` on lie ahead. */
  issued: Issued[];
  next: number;
  readonly checkpoints: Checkpoints;
  /** How far the page has been told of frames. */
  readonly reader: FrameReader;
}

/** The machine's clock is read after this many events. */
const EVENTS_BETWEEN_LOOKS = 500;

export type Opened =
  | { readonly ok: true; readonly session: Session }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Makes a scenario into a world at time 0. */
export function open(scenario: Scenario, epoch: number, wallMs: () => number): Opened {
  const created = createWorld(scenario, programs);
  if (!created.ok) {
    return { ok: false, problems: created.faults.map((fault) => ({ line: 0, column: 0, ...fault })) };
  }
  const { world } = created;
  rememberFrames(world);
  const checkpoints = createCheckpoints();
  keep(checkpoints, world, wallMs);
  const reader = createFrameReader();
  return { ok: true, session: { scenario, world, epoch, issued: [], next: 0, checkpoints, reader } };
}

/**
 * Lets the world run until a time or until the machine's time is up. On the way, commands that were given in
 * an earlier run through this time are given again at their places.
 * @param copying whether copies of the world are kept on the way
 * @returns whether the time was reached
 */
export function run(
  session: Session,
  untilNs: number,
  budgetMs: number,
  wallMs: () => number,
  copying = true,
): boolean {
  const endMs = wallMs() + budgetMs;
  for (;;) {
    const ahead = session.issued[session.next];
    const due = ahead !== undefined && ahead.atNs <= untilNs;
    const reached = due ? runToCommand(session, ahead) : runTo(session, untilNs);
    if (copying) keep(session.checkpoints, session.world, wallMs);
    if (reached && !due) return true;
    if (wallMs() >= endMs) return false;
  }
}

/** Sightings of frames so far. */
function framesSeenBy({ world }: Session): number {
  return world.net.link?.ring.written ?? 0;
}

/**
 * Frame by frame: to `untilNs`, or as far as `idleUntilNs` while nothing is on a wire; but no further than
 * the instant at which a frame is seen, so that whoever watches can choose another pace for it.
 * @returns whether it got there
 */
export function runToFrame(
  session: Session,
  untilNs: number,
  idleUntilNs: number,
  budgetMs: number,
  wallMs: () => number,
): boolean {
  const endMs = wallMs() + budgetMs;
  const before = framesSeenBy(session);
  for (;;) {
    const limit = framesUnderway(session.world.net) > 0 ? untilNs : Math.max(untilNs, idleUntilNs);
    const next = Math.min(limit, Math.max(session.world.sim.now, nextEventTime(session.world)));
    if (!run(session, next, endMs - wallMs(), wallMs)) return false;
    if (next >= limit || framesSeenBy(session) !== before) return true;
  }
}

/** Events in which no frame may be seen before a step gives up. */
const MOST_EVENTS_WITHOUT_FRAME = 100_000;

/** Until the next frame leaves or reaches an interface, or is lost. */
export function stepFrame(session: Session): void {
  const before = framesSeenBy(session);
  for (let i = 0; i < MOST_EVENTS_WITHOUT_FRAME && framesSeenBy(session) === before; i++) step(session);
}

function runTo(session: Session, untilNs: number): boolean {
  return advance(session.world, programs, untilNs as SimTime, EVENTS_BETWEEN_LOOKS).reached;
}

/** Towards the very event after which the command was given; there, gives it. */
function runToCommand(session: Session, { atNs, eventsFired, action }: Issued): boolean {
  const { world } = session;
  const left = eventsFired - world.sim.eventsFired;
  if (left > 0) advance(world, programs, atNs as SimTime, Math.min(left, EVENTS_BETWEEN_LOOKS));
  if (world.sim.eventsFired < eventsFired) return false;
  // no event is left before that time: this moves the clock only
  if (world.sim.now < atNs) advance(world, programs, atNs as SimTime);
  act(world, programs, action);
  session.next++;
  return true;
}

/** Lets one event happen. */
export function step(session: Session): void {
  const ahead = session.issued[session.next];
  if (ahead !== undefined && session.world.sim.eventsFired >= ahead.eventsFired) {
    runToCommand(session, ahead);
    return;
  }
  stepEvent(session.world, programs);
}

/** Copies are kept this many events before the place that a step back leads to: the next ones are near. */
const EVENTS_BEFORE = 256;

/**
 * The way that `step` went, back: the event or the command that came last has not happened yet. Found by
 * replaying from a copy, so it takes as long as the copies are apart.
 */
export function stepBack(session: Session): void {
  const at = session.world.sim.eventsFired;
  const last = session.issued[session.next - 1];
  const wasCommand = last !== undefined && last.eventsFired === at;
  const goal = wasCommand ? at : at - 1;
  const given = wasCommand ? session.next - 1 : session.next;
  if (goal < 0 || !standAt(session, goal, given)) return;
  replayTo(session, Math.max(session.world.sim.eventsFired, goal - EVENTS_BEFORE), given);
  keepNear(session.checkpoints, session.world);
  replayTo(session, goal, given);
}

/** Stands the session at a copy well before a number of events, or at least not after it. */
function standAt(session: Session, events: number, given: number): boolean {
  const { checkpoints } = session;
  const world =
    nearestEvent(checkpoints, events - EVENTS_BEFORE, given) ?? nearestEvent(checkpoints, events, given);
  if (world === undefined) return false;
  session.world = world;
  session.epoch++;
  session.next = actionsOf(world);
  return true;
}

function replayTo(session: Session, events: number, given: number): void {
  const { world } = session;
  while (world.sim.eventsFired < events || session.next < given) {
    const ahead = session.issued[session.next];
    if (ahead !== undefined && session.next < given && ahead.eventsFired <= world.sim.eventsFired) {
      runToCommand(session, ahead);
      continue;
    }
    const until = Math.min(events, ahead !== undefined && session.next < given ? ahead.eventsFired : events);
    if (until <= world.sim.eventsFired) return;
    advance(world, programs, Number.MAX_SAFE_INTEGER as SimTime, until - world.sim.eventsFired);
  }
}

/** Carries out what the user does now. What was to come after now in an earlier run is forgotten. */
export function issue(session: Session, action: UserAction, host: string, command?: string): number {
  const { world } = session;
  const place = { atNs: world.sim.now, eventsFired: world.sim.eventsFired };
  session.issued = [...session.issued.slice(0, session.next), { ...place, action, host, command }];
  session.next = session.issued.length;
  forgetAfter(session.checkpoints, world);
  return act(world, programs, action);
}

/** Stands the session at the nearest copy before a time; `run` replays from there. */
export function goBack(session: Session, toNs: number): void {
  const world = nearest(session.checkpoints, toNs);
  if (world === undefined) return;
  session.world = world;
  session.epoch++;
  session.next = actionsOf(world);
}

/** The lines that the user gave later than now. */
export function futureOf(session: Session): FutureCommand[] {
  return session.issued
    .slice(session.next)
    .flatMap(({ atNs, host, command }) => (command === undefined ? [] : [{ atNs, host, command }]));
}
