import type { TerminalChunk, TerminalCursor } from '../worker/api.ts';

/** Who shows a host's terminal, and how far it has read. */
export interface Reader {
  readonly host: string;
  /** Place up to which the terminal's text was read. */
  next: number;
  /** Raised whenever the world is another one or went back. */
  epoch: number;
  readonly take: (chunk: TerminalChunk, fresh: boolean) => void;
}

const readers = new Set<Reader>();
let onOpened: () => void = () => undefined;

/** Called when a terminal begins to be shown. */
export function whenOpened(listener: () => void): void {
  onOpened = listener;
}

/** @returns what ends the reading */
export function readTerminal(host: string, take: Reader['take']): () => void {
  const reader: Reader = { host, next: 0, epoch: -1, take };
  readers.add(reader);
  onOpened();
  return () => readers.delete(reader);
}

/** What the next batch should bring. @param epoch the world that it is about, as far as the page knows */
export function terminalCursors(epoch: number): readonly TerminalCursor[] {
  return [...readers].map(({ host, next, epoch: known }) => ({ host, since: known === epoch ? next : 0 }));
}

export function takeTerminals(chunks: readonly TerminalChunk[], epoch: number): void {
  for (const chunk of chunks) {
    for (const reader of readers) if (reader.host === chunk.host) give(reader, chunk, epoch);
  }
}

/** Of two questions under way at once the later answer may begin before what was read: that is cut off. */
function give(reader: Reader, chunk: TerminalChunk, epoch: number): void {
  const fresh = reader.epoch !== epoch;
  const had = fresh ? 0 : reader.next;
  if (chunk.next < had) return;
  const text = chunk.from < had ? chunk.text.slice(had - chunk.from) : chunk.text;
  reader.epoch = epoch;
  reader.next = chunk.next;
  reader.take({ ...chunk, text }, fresh);
}
