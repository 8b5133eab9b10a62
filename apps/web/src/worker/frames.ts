import { type Conversations, createConversations, follow, packRow, ROW_WIDTH } from '@lvscope/capture';
import {
  frameMessage,
  frameReasons,
  framesSeen,
  keepFrames,
  wiredInterfaces,
  type World,
} from '@lvscope/cluster';
import type { Cursor, FrameBatch } from './api.ts';

/** Frames that a world keeps: also how far back the page can look after a jump in time. */
const KEPT_FRAMES = 16_384;
/** Frames in one batch at most; a screen that is slower skips the older ones. */
const MOST_FRAMES = 6000;

/** What the reader of a session's frames remembers between two batches. */
export interface FrameReader {
  epoch: number;
  next: number;
  conversations: Conversations;
  /** Commands that had been given when interfaces were listed last: only they change interfaces. */
  interfacesAt: number;
}

export function createFrameReader(): FrameReader {
  return { epoch: -1, next: 0, conversations: createConversations(), interfacesAt: -1 };
}

/** From now on the world remembers its last frames, where it has any. */
export function rememberFrames(world: World): void {
  if (world.net.link !== undefined) keepFrames(world.net, KEPT_FRAMES);
}

/** What lies behind a cursor; undefined at connection level, where nothing is a frame. */
export function framesBehind(
  reader: FrameReader,
  world: World,
  epoch: number,
  cursor: Cursor,
): FrameBatch | undefined {
  const ring = world.net.link?.ring;
  if (ring === undefined) return undefined;
  const fresh = cursor.epoch !== epoch || reader.epoch !== epoch || cursor.frame !== reader.next;
  if (fresh) {
    reader.epoch = epoch;
    reader.next = 0;
    reader.conversations = createConversations();
    reader.interfacesAt = -1;
  }
  const from = Math.max(reader.next, ring.written - MOST_FRAMES, ring.written - ring.capacity, 0);
  const { frames, next } = framesSeen(world.net, { from });
  const rows = new Float64Array(frames.length * ROW_WIDTH);
  const messages: [number, Uint8Array][] = [];
  for (const [i, record] of frames.entries()) {
    packRow(rows, i * ROW_WIDTH, follow(reader.conversations, record));
    const message = record.direction === 'out' ? frameMessage(world, record) : undefined;
    if (message !== undefined) messages.push([record.ip?.seq ?? 0, message]);
  }
  reader.next = next;
  const told = frameReasons(world, fresh ? 0 : cursor.reason);
  const interfaces = reader.interfacesAt === world.commands.length ? undefined : wiredInterfaces(world);
  reader.interfacesAt = world.commands.length;
  return {
    fresh,
    rows,
    from,
    next,
    messages,
    reasons: told.reasons,
    nextReason: told.next,
    interfaces,
  };
}
