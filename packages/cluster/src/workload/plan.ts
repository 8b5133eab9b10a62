import { nextInt, sample } from '@lvscope/des';
import { IDLE, removeClient } from '../client-table.ts';
import type { Workload, World } from '../world.ts';

/** How long a user of a closed loop waits after a failure, so that a refusing server is no endless loop. */
export const PAUSE_AFTER_FAILURE_SECONDS = 1;

/**
 * The source address of the agent's next connection: a page keeps its user's, a closed loop's users share
 * them.
 */
export function sourceOf(world: World, w: Workload, slot: number): number {
  const owner = world.clients.owner[slot]!;
  if (w.spec.kind === 'open') return world.pages.source[owner]!;
  return (w.firstSource + (owner % w.sources)) >>> 0;
}

/** The clock of the machine behind the agent's address; undefined: the host's own. */
export function machineClock(world: World, w: Workload, slot: number): number | undefined {
  return w.clocks.length === 0 ? undefined : w.clocks[world.clients.owner[slot]! % w.clocks.length];
}

/**
 * What an agent does when its connection is over.
 * @returns seconds until its next connection; -1 = it stays idle, or is gone
 */
export function nextConnectionIn(world: World, w: Workload, slot: number, failed: boolean): number {
  return w.spec.kind === 'open' ? nextObject(world, slot) : nextTurn(world, w, slot, failed);
}

function nextObject(world: World, slot: number): number {
  const page = world.clients.owner[slot]!;
  const { agents, objectsLeft, free } = world.pages;
  if (objectsLeft[page]! > 0) {
    objectsLeft[page] = objectsLeft[page]! - 1;
    return 0;
  }
  removeClient(world.clients, slot);
  agents[page] = agents[page]! - 1;
  if (agents[page] === 0) free.push(page);
  return -1;
}

function nextTurn(world: World, w: Workload, slot: number, failed: boolean): number {
  if (!isWanted(world, w, slot)) {
    dismiss(world, w, slot);
    return -1;
  }
  if (failed) return PAUSE_AFTER_FAILURE_SECONDS;
  return w.spec.kind === 'closed' ? Math.max(0, sample(w.streams.think, w.spec.thinkSeconds)) : 0;
}

/** Whether the load still has work for this agent: a page always has, a user while the test runs. */
export function isWanted(world: World, w: Workload, slot: number): boolean {
  const spec = w.spec;
  if (spec.kind === 'open') return true;
  const more = spec.total === 0 || w.connections < spec.total;
  return w.running && more && world.clients.owner[slot]! < w.concurrency;
}

/** A user whom nobody wants waits for a change of the load, or goes where the load became smaller. */
export function dismiss(world: World, w: Workload, slot: number): void {
  const user = world.clients.owner[slot]!;
  world.clients.state[slot] = IDLE;
  if (user < w.concurrency) return;
  removeClient(world.clients, slot);
  w.users[user] = -1;
}

/**
 * Whether the agent has another request for the connection that it keeps; an open loop's page gives up one
 * object.
 */
export function mayAskAgain(world: World, w: Workload, slot: number): boolean {
  const owner = world.clients.owner[slot]!;
  if (w.spec.kind === 'closed') return owner < w.concurrency;
  const { objectsLeft } = world.pages;
  if (objectsLeft[owner]! === 0) return false;
  objectsLeft[owner] = objectsLeft[owner]! - 1;
  return true;
}

/**
 * A page for a new user: who it is, and how much there is to fetch beyond what its first agents begin with.
 */
export function newPage(world: World, w: Workload, agents: number, objectsLeft: number): number {
  const pages = world.pages;
  const page = pages.free.pop() ?? pages.agents.length;
  pages.source[page] = (w.firstSource + (w.sources > 1 ? nextInt(w.streams.sources, w.sources) : 0)) >>> 0;
  pages.objectsLeft[page] = objectsLeft;
  pages.agents[page] = agents;
  return page;
}
