import { next, peekTime, schedule, type SimTime } from '@lvscope/des';
import { expireConnections } from '@lvscope/ipvs';
import { handleEvent } from '@lvscope/net';
import * as kinds from './events.ts';
import { execute } from './execute.ts';
import { HOOKS } from './hooks.ts';
import { takeSample } from './observe.ts';
import { bootDue } from './power.ts';
import { wakeProcess } from './processes/wake.ts';
import type { Programs } from './programs.ts';
import { serverTimer } from './server/control.ts';
import { directorTick } from './sync.ts';
import { agentTimer } from './workload/agent.ts';
import { startWorkload, stopWorkload } from './workload/control.ts';
import { pageArrives } from './workload/open.ts';
import type { World } from './world.ts';

export interface Advanced {
  readonly events: number;
  /** Whether the clock stands at `until`; false when `maxEvents` were handled before. */
  readonly reached: boolean;
}

/** Lets the world run until `until`, or until `maxEvents` events were handled. */
export function advance(
  world: World,
  programs: Programs,
  until: SimTime,
  maxEvents: number = Number.POSITIVE_INFINITY,
): Advanced {
  let events = 0;
  while (events < maxEvents) {
    // not `!next`: V8 would ask for all that is falsy
    if (next(world.sim, until) === false) return { events, reached: true };
    handle(world, programs);
    events++;
  }
  return { events, reached: peekTime(world.sim) > until };
}

/** Handles the next event, whenever it is. @returns false where nothing is to come */
export function stepEvent(world: World, programs: Programs): boolean {
  if (!next(world.sim, peekTime(world.sim))) return false;
  handle(world, programs);
  return true;
}

/** When the next event is due; NEVER where there is none. */
export function nextEventTime(world: World): SimTime {
  return peekTime(world.sim);
}

function handle(world: World, programs: Programs): void {
  const { sim } = world;
  const { kind, a, b } = sim.event;
  switch (kind) {
    case kinds.EVENT_PACKET_ARRIVES:
    case kinds.EVENT_PACKET_PROCESSED:
    case kinds.EVENT_NEIGHBOUR:
    case kinds.EVENT_SOCKET_TIMER:
    case kinds.EVENT_FRAME:
    case kinds.EVENT_NEIGHBOUR_TIMER:
      handleEvent(world, HOOKS, sim.event);
      break;
    case kinds.EVENT_IPVS_TIMER:
      ipvsTimer(world, b);
      break;
    case kinds.EVENT_IPVS_TICK:
      directorTick(world, world.directors[b]!, a);
      break;
    case kinds.EVENT_SAMPLE:
      takeSample(world);
      break;
    case kinds.EVENT_TIMELINE:
      runTimeline(world, programs, a);
      break;
    case kinds.EVENT_ARRIVAL:
      pageArrives(world, a, b);
      break;
    case kinds.EVENT_WORKLOAD_START:
      startWorkload(world, a);
      break;
    case kinds.EVENT_WORKLOAD_STOP:
      stopWorkload(world, a);
      break;
    case kinds.EVENT_CLIENT_TIMER:
      agentTimer(world, a);
      break;
    case kinds.EVENT_SERVER_TIMER:
      serverTimer(world, a);
      break;
    case kinds.EVENT_PROCESS:
      wakeProcess(world, programs, a);
      break;
    case kinds.EVENT_BOOT:
      bootDue(world, programs, a);
      break;
    default:
      throw new Error(`an event of unknown kind ${kind}`);
  }
}

function ipvsTimer(world: World, bank: number): void {
  for (const director of world.directors) {
    if (director.ipvs.bank === bank) expireConnections(director.ipvs, world.sim);
  }
}

function runTimeline(world: World, programs: Programs, index: number): void {
  const entry = world.scenario.timeline[index]!;
  world.timelineNext = index + 1;
  scheduleTimeline(world);
  execute(world, programs, entry.on, entry.run, 'timeline');
}

/** Puts the next entry of the timeline into the queue. */
export function scheduleTimeline(world: World): void {
  const entry = world.scenario.timeline[world.timelineNext];
  if (entry === undefined) return;
  const at = Math.max(world.sim.now, Math.floor(entry.atSeconds * 1e9)) as SimTime;
  schedule(world.sim, at, kinds.EVENT_TIMELINE, world.timelineNext, 0);
}
