import { schedule, scheduleAfter, type SimTime } from '@lvscope/des';
import { withJitter } from '../jitter.ts';
import type { NetWorld } from '../state.ts';
import { seeLost } from './frame-watch.ts';
import { endFrame } from './frames.ts';
import { enqueue, timeOnWire } from './send-queue.ts';
import { ENDED_QUEUE_FULL, type FrameId } from './state.ts';
import { countSent, JITTERY, OUTWARDS, TO_SWITCH, WIRE, WIRE_REALS } from './wires.ts';

/**
 * An ARP frame goes through its interface's sending queue to the switch, which looks at it. Packets go by
 * putOnWire, which spares most of them that.
 * @param bytes that the frame carries
 */
export function leave(world: NetWorld, interfaceId: number, f: FrameId, bytes: number): void {
  const { net, sim } = world;
  const { reals } = net.wires;
  const workNs = timeOnWire(reals, interfaceId, bytes, 1);
  const wait = enqueue(reals, interfaceId, OUTWARDS, workNs, workNs, sim);
  if (wait < 0) return refuseFrame(world, interfaceId, f);
  countSent(net, interfaceId, 1, bytes);
  leaveForSwitch(world, interfaceId, f, wait + reals[(interfaceId << WIRE_REALS) | TO_SWITCH]!);
}

/** The queue is full: the end of the frame. */
export function refuseFrame(world: NetWorld, interfaceId: number, f: FrameId): void {
  seeLost(world, f, interfaceId, ENDED_QUEUE_FULL);
  endFrame(world.net.link!, f, ENDED_QUEUE_FULL);
}

/** What has to be looked at at the switch. @param delay until it is there, ns */
export function leaveForSwitch(world: NetWorld, interfaceId: number, f: FrameId, delay: number): void {
  const { net, sim } = world;
  const { frameKind } = net.link!;
  if ((net.wires.words[interfaceId << WIRE]! & JITTERY) === 0) {
    return scheduleAfter(sim, delay, frameKind, f, -1);
  }
  const nic = net.interfaces[interfaceId]!;
  const at = withJitter(net.segments[nic.segment]!, nic, sim.now + delay);
  schedule(sim, at as SimTime, frameKind, f, -1);
}
