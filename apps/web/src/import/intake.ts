import * as m from '../paraglide/messages.js';
import { load, play } from '../state/run.ts';
import { page, type Refusal } from '../state/store.ts';

/** Larger files are not read at all: no rules and no scenario are that long. Bytes. */
export const MOST_BYTES = 5_000_000;
/** A binary file shows itself within this many bytes. */
const SNIFFED_BYTES = 8192;

/** Whether bytes cannot be the text of rules or of a scenario. */
export function looksBinary(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return true;
  let strange = 0;
  for (const byte of bytes) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) strange++;
  return strange > bytes.length / 50;
}

/** Takes a text as the new scenario; on failure says why and keeps the text for correction. */
export async function takeText(text: string): Promise<void> {
  page.setState({ importText: text.length > MOST_BYTES ? '' : text });
  if (text.length > MOST_BYTES) {
    refuse({ format: 'file', problems: [tooLarge(text.length)] });
    return;
  }
  if (text.trim() === '') {
    refuse({ format: 'file', problems: [wholeFile(m.file_empty(), m.file_wanted())] });
    return;
  }
  const answer = await load({ kind: 'text', text });
  if (!answer.ok) {
    refuse(answer);
    return;
  }
  page.setState({ importOpen: false, refusal: undefined });
  play(true);
}

/** Takes a file: looks at its size and its first bytes before reading it whole. */
export async function takeFile(file: File): Promise<void> {
  if (file.size > MOST_BYTES) {
    refuse({ format: 'file', problems: [tooLarge(file.size)] });
    return;
  }
  const head = new Uint8Array(await file.slice(0, SNIFFED_BYTES).arrayBuffer());
  if (looksBinary(head)) {
    refuse({ format: 'file', problems: [wholeFile(m.file_binary({ name: file.name }), m.file_wanted())] });
    return;
  }
  await takeText(await file.text());
}

function refuse(refusal: Refusal): void {
  page.setState({ importOpen: true, refusal });
}

function tooLarge(bytes: number): Refusal['problems'][number] {
  const found = m.file_too_large({ megabytes: (bytes / 1e6).toFixed(1) });
  return wholeFile(found, m.file_at_most({ megabytes: MOST_BYTES / 1e6 }));
}

function wholeFile(found: string, wanted: string): Refusal['problems'][number] {
  return { path: '', line: 0, column: 0, found, wanted };
}
