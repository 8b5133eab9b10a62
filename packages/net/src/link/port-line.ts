import type { NetWorld } from '../state.ts';
import { enqueue, timeOnWire } from './send-queue.ts';
import {
  BEHIND,
  BYTES_SHIFT,
  FRAME,
  FRAME_REALS,
  type FrameId,
  LOOK_AGAIN,
  REFUSED,
  SERIAL,
  SIZE,
  THROUGH,
  TIME,
} from './state.ts';
import { FIRST, FROM_SWITCH, INWARDS, LAST, WIRE, WIRE_REALS } from './wires.ts';

/*
 * A frame's way through a switch. How long it waits there depends on what gets to the same port before it,
 * which is not known when it is sent: so a frame has an event at the switch (switch.ts). But nearly all are
 * for a MAC that the switch knows. Such a frame stands in its port's line, which is in the order of getting
 * to the switch, and its only event is when it comes out at the earliest: by then it is known what was there
 * before it. It is rare that something was, and that the frame has to wait for another event.
 *
 * Frames that may be lost or held up by jitter, that are flooded, that come from a MAC that the switch does
 * not know there, or that overtake another one on the way have an event at the switch; before it the line
 * goes through up to then. Wires without a bandwidth have no lines: nothing waits there, and what happens at
 * one instant keeps its order.
 */

/** How long a switch remembers a MAC that it no longer hears (IEEE 802.1D, and Linux' bridge): 300 s. */
export const AGEING_NS = 300e9;

/**
 * Lets the frames in a port's line through the switch, into the port's queue, that are there before another
 * one or are that one. Of those that get there at one instant it is the one that was sent first.
 * @param last whose TIME is when it is at the switch, in this line or not
 */
export function letThrough(world: NetWorld, to: number, last: FrameId): void {
  const { net } = world;
  const link = net.link!;
  const { rows, reals: doubles } = link.frames;
  const { reals, words } = net.wires;
  const w = to << WIRE;
  const until = doubles[(last << FRAME_REALS) | TIME]!;
  const serial = doubles[(last << FRAME_REALS) | SERIAL]!;
  let f = words[w | FIRST]!;
  while (f >= 0) {
    const r = f << FRAME_REALS;
    const at = doubles[r | TIME]!;
    if (at > until || (at === until && doubles[r | SERIAL]! > serial)) break;
    const next = rows[(f << FRAME) | BEHIND]!;
    const work = timeOnWire(reals, to, rows[(f << FRAME) | SIZE]! >>> BYTES_SHIFT, 1);
    const wait = enqueue(reals, to, INWARDS, work, work, { now: at });
    rows[(f << FRAME) | BEHIND] = wait < 0 ? REFUSED : THROUGH;
    doubles[r | TIME] = at + wait + reals[(to << WIRE_REALS) | FROM_SWITCH]!;
    f = next;
  }
  words[w | FIRST] = f;
  if (f < 0) words[w | LAST] = f;
}

/**
 * The switch learns by a frame that a MAC is no longer behind a port: what comes after that one and is on its
 * way there is looked at again.
 */
export function breakLine(world: NetWorld, to: number, learntBy: FrameId): void {
  const { net } = world;
  const { rows } = net.link!.frames;
  const { words } = net.wires;
  const w = to << WIRE;
  letThrough(world, to, learntBy);
  let f = words[w | FIRST]!;
  while (f >= 0) {
    const next = rows[(f << FRAME) | BEHIND]!;
    rows[(f << FRAME) | BEHIND] = LOOK_AGAIN;
    f = next;
  }
  words[w | FIRST] = -1;
  words[w | LAST] = -1;
}
