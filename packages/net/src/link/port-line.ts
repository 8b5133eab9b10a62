import type { NetWorld } from '../state.ts';
import { enqueue, timeOnWire } from './send-queue.ts';
import {
  BYTES_SHIFT,
  FRAME,
  FRAME_REALS,
  type FrameId,
  LOOK_AGAIN,
  REFUSED,
  SERIAL,
  SIZE,
  THROUGH,
} from './state.ts';
import { FIRST, FROM_SWITCH, INWARDS, LAST, LINE, WIRE_REALS } from './wires.ts';

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
 * @param last whose time at the switch stands in `times`, in this line or not
 */
export function letThrough(world: NetWorld, to: number, last: FrameId): void {
  const { net } = world;
  const link = net.link!;
  const { rows, reals: serials, times, behind } = link.frames;
  const { reals, lines } = net.wires;
  const until = times[last]!;
  const serial = serials[(last << FRAME_REALS) | SERIAL]!;
  let f = lines[(to << LINE) | FIRST]!;
  while (f >= 0) {
    const at = times[f]!;
    if (at > until || (at === until && serials[(f << FRAME_REALS) | SERIAL]! > serial)) break;
    const next = behind[f]!;
    const work = timeOnWire(reals, to, rows[(f << FRAME) | SIZE]! >>> BYTES_SHIFT, 1);
    const wait = enqueue(reals, to, INWARDS, work, work, { now: at });
    behind[f] = wait < 0 ? REFUSED : THROUGH;
    times[f] = at + wait + reals[(to << WIRE_REALS) | FROM_SWITCH]!;
    f = next;
  }
  lines[(to << LINE) | FIRST] = f;
  if (f < 0) lines[(to << LINE) | LAST] = f;
}

/**
 * The switch learns by a frame that a MAC is no longer behind a port: what comes after that one and is on its
 * way there is looked at again.
 */
export function breakLine(world: NetWorld, to: number, learntBy: FrameId): void {
  const { net } = world;
  const { behind } = net.link!.frames;
  const { lines } = net.wires;
  letThrough(world, to, learntBy);
  let f = lines[(to << LINE) | FIRST]!;
  while (f >= 0) {
    const next = behind[f]!;
    behind[f] = LOOK_AGAIN;
    f = next;
  }
  lines[(to << LINE) | FIRST] = -1;
  lines[(to << LINE) | LAST] = -1;
}
