/** Where a character stands: both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** What a person has to know about text that could not be read: the place, what is there, what should be. */
export interface Problem extends Position {
  readonly found: string;
  readonly wanted: string;
}

/** What a reader gives back: the data, or the first problem. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem };

export const parsed = <T>(value: T): Parsed<T> => ({ ok: true, value });

export const refused = (at: Position, found: string, wanted: string): Parsed<never> => ({
  ok: false,
  problem: { line: at.line, column: at.column, found, wanted },
});

/** A word of a command with the place that it came from. */
export interface PlacedWord extends Position {
  readonly text: string;
}

/** Words that came from no text (an argument vector): placed in line 1, a blank between them. */
export function placeWords(words: readonly string[]): PlacedWord[] {
  let column = 1;
  return words.map((text) => {
    const word = { text, line: 1, column };
    column += text.length + 1;
    return word;
  });
}

/** Text as it can stand in a message: at most 40 characters, control characters as `?`. */
export function shown(text: string): string {
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
  return clean.length > 40 ? `${clean.slice(0, 37)}...` : clean;
}
