import type { Parsed, PlacedWord, Problem } from './problem.ts';
import { shown } from './problem.ts';

/** Words that are read one after the other; the first problem is kept and ends the reading. */
export interface WordReader {
  readonly words: readonly PlacedWord[];
  at: number;
  problem: Problem | undefined;
}

export const readWords = (words: readonly PlacedWord[]): WordReader => ({ words, at: 0, problem: undefined });

export const peek = (reader: WordReader): string | undefined =>
  reader.problem ? undefined : reader.words[reader.at]?.text;

/** The next word, or undefined at the end. */
export function next(reader: WordReader): string | undefined {
  const text = peek(reader);
  if (text !== undefined) reader.at++;
  return text;
}

/** Says that the next word (or the end) is not what is wanted. */
export function complain(reader: WordReader, wanted: string): void {
  if (reader.problem) return;
  const word = reader.words[reader.at];
  const last = reader.words[reader.words.length - 1];
  reader.problem = {
    line: word?.line ?? last?.line ?? 1,
    column: word?.column ?? (last ? last.column + last.text.length : 1),
    found: word ? shown(word.text) : 'the end of the line',
    wanted,
  };
}

/** The next word as `read` takes it; a problem where it does not. */
export function expectWord<T>(
  reader: WordReader,
  wanted: string,
  read: (text: string) => T | undefined,
): T | undefined {
  const text = peek(reader);
  const value = text === undefined ? undefined : read(text);
  if (value === undefined) complain(reader, wanted);
  else reader.at++;
  return value;
}

/** The value, unless something was wrong or words are left. */
export function finish<T>(
  reader: WordReader,
  value: T | undefined,
  wanted = 'the end of the line',
): Parsed<T> {
  if (value === undefined) complain(reader, wanted);
  else if (reader.at < reader.words.length) complain(reader, wanted);
  if (reader.problem) return { ok: false, problem: reader.problem };
  return value === undefined
    ? { ok: false, problem: { line: 1, column: 1, found: '', wanted } }
    : { ok: true, value };
}
