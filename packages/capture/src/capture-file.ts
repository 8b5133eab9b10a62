import type { FrameRecord } from '@lvscope/net';
import { type Reason, reasonComment } from './comment.ts';
import { type Conversations, createConversations, follow } from './conversations.ts';
import { dissect } from './dissect.ts';
import type { CapturedFrame } from './frame.ts';
import { type CaptureInterface, pcapngHeader, pcapngPacket } from './pcapng.ts';

/** An interface of the world, and its place among the file's; undefined = it is left out. */
export interface CaptureSource extends CaptureInterface {
  /** Its number in frame records, and its host's name. */
  readonly id: number;
  readonly host: string;
}

/** A capture file that is being written, and what its writer remembers. */
export interface CaptureFile {
  readonly places: ReadonlyMap<number, { readonly index: number; readonly host: string }>;
  readonly conversations: Conversations;
  /** Frames whose reasons may still be coming. */
  waiting: CapturedFrame[];
  /** By `journey host` or `frame host`, newest last. */
  reasons: Map<string, Reason[]>;
  /** How frames that left an interface were lost on the wire, by frame. */
  lost: Map<number, string>;
  readonly chunks: Uint8Array[];
  bytes: number;
  packets: number;
}

/** Begins a file for these interfaces; frames of others are looked at, but not written. */
export function createCaptureFile(sources: readonly CaptureSource[]): CaptureFile {
  const chunks = pcapngHeader(sources, 'LVScope');
  return {
    places: new Map(sources.map(({ id, host }, index) => [id, { index, host }])),
    conversations: createConversations(),
    waiting: [],
    reasons: new Map(),
    lost: new Map(),
    chunks,
    bytes: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    packets: 0,
  };
}

/**
 * Takes frames and reasons of a stretch of time, in order. What is written are the frames of the stretch
 * before: a reason may come a moment after its frame.
 */
export function addToCapture(
  file: CaptureFile,
  frames: readonly FrameRecord[],
  reasons: readonly Reason[],
  messageOf: (record: FrameRecord) => Uint8Array | undefined = () => undefined,
): void {
  const before = file.reasons;
  file.reasons = new Map();
  const lost = file.lost;
  file.lost = new Map();
  for (const { frame, end } of frames) {
    if (end === undefined) continue;
    for (const book of [lost, file.lost]) book.set(frame, end);
  }
  for (const reason of reasons) {
    const key = keyOf(reason.journey, reason.frame, reason.host);
    for (const book of [before, file.reasons]) book.set(key, [...(book.get(key) ?? []), reason]);
  }
  for (const frame of file.waiting) write(file, frame, before, lost);
  file.waiting = frames.map((record) => ({
    ...follow(file.conversations, record),
    message: messageOf(record),
  }));
}

/** The last stretch: nothing comes any more. */
export function endCapture(file: CaptureFile): void {
  addToCapture(file, [], []);
}

/** The whole file. */
export function captureBytes(file: CaptureFile): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(file.bytes);
  let at = 0;
  for (const chunk of file.chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

const keyOf = (journey: number, frame: number, host: string): string =>
  journey > 0 ? `j${journey} ${host}` : `f${frame} ${host}`;

function write(
  file: CaptureFile,
  frame: CapturedFrame,
  reasons: ReadonlyMap<string, Reason[]>,
  lost: ReadonlyMap<number, string>,
): void {
  const { record } = frame;
  const place = file.places.get(record.interfaceId);
  if (place === undefined) return;
  // what is lost on the wire was written where it left
  if (record.direction === 'lost') return;
  const chunk = pcapngPacket({
    interface: place.index,
    at: record.at,
    bytes: dissect(frame).bytes,
    direction: record.direction,
    comment:
      record.direction === 'in' ? wordsFor(frame, place.host, reasons) : lostWords(lost.get(record.frame)),
  });
  file.chunks.push(chunk);
  file.bytes += chunk.length;
  file.packets++;
}

/** What was decided about a frame where it came in, from then on. */
function wordsFor(
  { record }: CapturedFrame,
  host: string,
  reasons: ReadonlyMap<string, readonly Reason[]>,
): string {
  const known = reasons.get(keyOf(record.journey, record.frame, host)) ?? [];
  return known
    .filter(({ at }) => at >= record.at)
    .map(reasonComment)
    .join('; ');
}

function lostWords(end: string | undefined): string {
  return end === undefined ? '' : `lost on the wire: ${end}`;
}
