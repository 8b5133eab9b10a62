import type { Host, NetWorld, Network, PacketId } from '../state.ts';
import type { FrameId, FrameNote } from './state.ts';

/** Notes kept beside the ring of frames; the oldest go first. */
const MOST_NOTES = 4096;

function note(world: NetWorld, what: Omit<FrameNote, 'index' | 'at'>): void {
  const { ring } = world.net.link!;
  ring.notes.push({ index: ring.noted++, at: world.sim.now, ...what });
  // twice as many before cutting: one copy per MOST_NOTES
  if (ring.notes.length >= 2 * MOST_NOTES) ring.notes = ring.notes.slice(-MOST_NOTES);
}

const kept = (net: Network): boolean => net.link !== undefined && net.link.ring.capacity > 0;

/** A packet ended at a host. */
export function noteDrop(world: NetWorld, host: Host, packet: PacketId, what: string): void {
  if (!kept(world.net)) return;
  const journey = world.net.link!.journeys[packet] ?? 0;
  note(world, { host: host.id, journey, frame: 0, kind: 'drop', what, decision: -1 });
}

/** A question was not answered. @param what the setting that forbade it */
export function noteSilence(world: NetWorld, host: Host, f: FrameId, what: string): void {
  if (!kept(world.net)) return;
  const frame = world.net.link!.frames.serial[f]!;
  note(world, { host: host.id, journey: 0, frame, kind: 'arp-withheld', what, decision: -1 });
}

/** A director chose a server for the connection that this packet opens. @param decision its number there */
export function noteDecision(world: NetWorld, host: Host, packet: PacketId, decision: number): void {
  if (!kept(world.net)) return;
  const journey = world.net.link!.journeys[packet] ?? 0;
  note(world, { host: host.id, journey, frame: 0, kind: 'decision', what: '', decision });
}

/** The notes from a cursor on, oldest first. Notes are kept while frames are (`keepFrames`). */
export function frameNotes(
  net: Network,
  from = 0,
): { readonly notes: readonly FrameNote[]; readonly next: number } {
  const ring = net.link?.ring;
  if (ring === undefined) return { notes: [], next: 0 };
  const first = ring.noted - ring.notes.length;
  return { notes: ring.notes.slice(Math.max(0, from - first)), next: ring.noted };
}
