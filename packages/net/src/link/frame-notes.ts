import { JOURNEY as PACKET_JOURNEY, PACKET_REALS } from '../packet-row.ts';
import type { Host, NetWorld, Network, PacketId } from '../state.ts';
import { FRAME_REALS, SERIAL } from './state.ts';
import type { FrameId, FrameNote, FrameRing } from './state.ts';

/** Notes kept beside the ring of frames; the oldest go first. */
const MOST_NOTES = 4096;

/*
 * A note is a row of doubles: a load makes one for every connection, and objects that live for thousands of
 * connections would have to be moved by the garbage collector again and again.
 */
const ROW = 7;
const AT = 0;
const HOST = 1;
const JOURNEY = 2;
const FRAME = 3;
/** Index into KINDS. */
const KIND = 4;
/** Index into the words of the ring. */
const WHAT = 5;
const DECISION = 6;

const KINDS = ['drop', 'arp-withheld', 'decision'] as const;
const DROP = 0;
const ARP_WITHHELD = 1;
const DECIDED = 2;

/** Room for the notes; what was noted is forgotten. */
export function layNotes(ring: FrameRing): void {
  ring.notes = new Float64Array(MOST_NOTES * ROW);
  ring.words = [''];
  ring.noted = 0;
}

function wordId(ring: FrameRing, word: string): number {
  const known = ring.words.indexOf(word);
  return known >= 0 ? known : ring.words.push(word) - 1;
}

function note(
  world: NetWorld,
  host: Host,
  kind: number,
  what: string,
  journey: number,
  frame: number,
  decision: number,
): void {
  const { ring } = world.net.link!;
  const o = (ring.noted++ % MOST_NOTES) * ROW;
  ring.notes[o + AT] = world.sim.now;
  ring.notes[o + HOST] = host.id;
  ring.notes[o + JOURNEY] = journey;
  ring.notes[o + FRAME] = frame;
  ring.notes[o + KIND] = kind;
  ring.notes[o + WHAT] = wordId(ring, what);
  ring.notes[o + DECISION] = decision;
}

const kept = (net: Network): boolean => net.link !== undefined && net.link.ring.capacity > 0;

/** A packet ended at a host. */
export function noteDrop(world: NetWorld, host: Host, packet: PacketId, what: string): void {
  if (!kept(world.net)) return;
  const journey = world.net.packets.reals[(packet << PACKET_REALS) | PACKET_JOURNEY]!;
  note(world, host, DROP, what, journey, 0, -1);
}

/** A question was not answered. @param what the setting that forbade it */
export function noteSilence(world: NetWorld, host: Host, f: FrameId, what: string): void {
  if (!kept(world.net)) return;
  const frame = world.net.link!.frames.reals[(f << FRAME_REALS) | SERIAL]!;
  note(world, host, ARP_WITHHELD, what, 0, frame, -1);
}

/** A director chose a server for the connection that this packet opens. @param decision its number there */
export function noteDecision(world: NetWorld, host: Host, packet: PacketId, decision: number): void {
  if (!kept(world.net)) return;
  const journey = world.net.packets.reals[(packet << PACKET_REALS) | PACKET_JOURNEY]!;
  note(world, host, DECIDED, '', journey, 0, decision);
}

/** The notes from a cursor on, oldest first. Notes are kept while frames are (`keepFrames`). */
export function frameNotes(
  net: Network,
  from = 0,
): { readonly notes: readonly FrameNote[]; readonly next: number } {
  const ring = net.link?.ring;
  if (ring === undefined || ring.capacity === 0) return { notes: [], next: 0 };
  const notes: FrameNote[] = [];
  for (let index = Math.max(0, from, ring.noted - MOST_NOTES); index < ring.noted; index++) {
    notes.push(decode(ring, index));
  }
  return { notes, next: ring.noted };
}

function decode({ notes, words }: FrameRing, index: number): FrameNote {
  const at = (field: number): number => notes[(index % MOST_NOTES) * ROW + field]!;
  return {
    index,
    at: at(AT),
    host: at(HOST),
    journey: at(JOURNEY),
    frame: at(FRAME),
    kind: KINDS[at(KIND)]!,
    what: words[at(WHAT)]!,
    decision: at(DECISION),
  };
}
