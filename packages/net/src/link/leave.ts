import { schedule, scheduleAfter, type SimTime } from '@lvscope/des';
import { withJitter } from '../jitter.ts';
import type { NetWorld } from '../state.ts';
import { seeLost } from './frame-watch.ts';
import { endFrame } from './frames.ts';
import { AGEING_NS } from './port-line.ts';
import { enqueue, timeOnWire } from './send-queue.ts';
import {
  BEHIND,
  ENDED_QUEUE_FULL,
  FRAME,
  FRAME_REALS,
  type FrameId,
  FROM_MAC,
  LAST_IN_LINE,
  TIME,
  TO_MAC,
} from './state.ts';
import {
  FIRST,
  FROM_SWITCH,
  JITTERY,
  LAST,
  LOSSY,
  ON_SEGMENT,
  OUTWARDS,
  PLUGGED,
  SENT_BYTES,
  SENT_PACKETS,
  TO_SWITCH,
  WIRE,
  WIRE_REALS,
} from './wires.ts';

/**
 * A frame goes through its interface's sending queue onto the wire: in line for the port of the switch that
 * it will come out of (port-line.ts), or to the switch where it has to be looked at there. One function, for
 * every hop of every packet comes through it.
 * @param bytes that the frame carries
 * @returns false when the queue was full, which is the end of the frame
 */
export function leave(world: NetWorld, interfaceId: number, f: FrameId, bytes: number): boolean {
  const { net, sim } = world;
  const link = net.link!;
  const { words, reals } = net.wires;
  const workNs = timeOnWire(reals, interfaceId, bytes, 1);
  const wait = enqueue(reals, interfaceId, OUTWARDS, workNs, workNs, sim);
  if (wait < 0) {
    seeLost(world, f, interfaceId, ENDED_QUEUE_FULL);
    endFrame(link, f, ENDED_QUEUE_FULL);
    return false;
  }
  const w = interfaceId << WIRE;
  const r = interfaceId << WIRE_REALS;
  reals[r | SENT_PACKETS] = reals[r | SENT_PACKETS]! + 1;
  reals[r | SENT_BYTES] = reals[r | SENT_BYTES]! + bytes;
  const delay = wait + reals[r | TO_SWITCH]!;
  const { rows, reals: doubles } = link.frames;
  const from = rows[(f << FRAME) | FROM_MAC]!;
  const destination = rows[(f << FRAME) | TO_MAC]!;
  const { port, seenAt } = link.switches[words[w | ON_SEGMENT]!]!;
  const to = port[destination]!;
  const at = sim.now + delay;
  if (
    workNs === 0 ||
    to < 0 ||
    to === interfaceId ||
    port[from] !== interfaceId ||
    ((words[w]! & (LOSSY | JITTERY)) | (words[to << WIRE]! & PLUGGED)) !== PLUGGED ||
    at - seenAt[destination]! > AGEING_NS
  ) {
    leaveForSwitch(world, interfaceId, f, delay);
    return true;
  }
  const t = to << WIRE;
  const last = words[t | LAST]!;
  if (last < 0) words[t | FIRST] = f;
  else if (doubles[(last << FRAME_REALS) | TIME]! <= at) rows[(last << FRAME) | BEHIND] = f;
  else {
    leaveForSwitch(world, interfaceId, f, delay);
    return true;
  }
  words[t | LAST] = f;
  rows[(f << FRAME) | BEHIND] = LAST_IN_LINE;
  doubles[(f << FRAME_REALS) | TIME] = at;
  seenAt[from] = at;
  scheduleAfter(sim, delay + workNs + reals[(to << WIRE_REALS) | FROM_SWITCH]!, link.frameKind, f, to);
  return true;
}

/** What has to be looked at at the switch. */
function leaveForSwitch(world: NetWorld, interfaceId: number, f: FrameId, delay: number): void {
  const { net, sim } = world;
  const { frameKind } = net.link!;
  if ((net.wires.words[interfaceId << WIRE]! & JITTERY) === 0) {
    return scheduleAfter(sim, delay, frameKind, f, -1);
  }
  const nic = net.interfaces[interfaceId]!;
  const at = withJitter(net.segments[nic.segment]!, nic, sim.now + delay);
  schedule(sim, at as SimTime, frameKind, f, -1);
}
