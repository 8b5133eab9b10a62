import type { PlacedWord } from './problem.ts';

/** One line of a file of blocks: its words, and the lines between its braces where it opens a block. */
export interface Block {
  readonly words: readonly PlacedWord[];
  /** undefined: no braces. */
  readonly body: readonly Block[] | undefined;
}

export interface Blocks {
  readonly blocks: readonly Block[];
  /** Braces that do not match: where. */
  readonly unbalanced: PlacedWord | undefined;
}

/**
 * Reads a file of blocks as keepalived and Piranha keep them: a line a statement, `{` at its end opens a
 * block that a line with `}` closes, `#` (and `!` for keepalived) opens a comment, double quotes keep blanks.
 */
export function parseBlocks(text: string, comments: string): Blocks {
  const open: { words: PlacedWord[]; body: Block[] }[] = [{ words: [], body: [] }];
  let unbalanced: PlacedWord | undefined;
  const end = (words: PlacedWord[]): PlacedWord[] => {
    if (words.length > 0) open.at(-1)!.body.push({ words, body: undefined });
    return [];
  };
  for (const [i, line] of text.split(/\r\n|\r|\n/).entries()) {
    let words: PlacedWord[] = [];
    for (const word of wordsOf(line, i + 1, comments)) {
      if (word.text === '{') {
        open.push({ words, body: [] });
        words = [];
      } else if (word.text === '}') {
        words = end(words);
        const block = open.length > 1 ? open.pop() : undefined;
        if (block === undefined) unbalanced ??= word;
        else open.at(-1)!.body.push(block);
      } else words.push(word);
    }
    end(words);
  }
  while (open.length > 1) {
    const block = open.pop()!;
    unbalanced ??= block.words[0];
    open.at(-1)!.body.push(block);
  }
  return { blocks: joinBraces(open[0]!.body), unbalanced };
}

/** `name` on one line and `{ … }` on the next are one block. */
function joinBraces(body: readonly Block[]): Block[] {
  const joined: Block[] = [];
  for (const block of body) {
    const before = joined.at(-1);
    const inner = block.body === undefined ? undefined : joinBraces(block.body);
    if (
      block.words.length === 0 &&
      inner !== undefined &&
      before !== undefined &&
      before.body === undefined
    ) {
      joined[joined.length - 1] = { words: before.words, body: inner };
    } else joined.push({ words: block.words, body: inner });
  }
  return joined;
}

function wordsOf(line: string, number: number, comments: string): PlacedWord[] {
  const words: PlacedWord[] = [];
  let at = 0;
  while (at < line.length) {
    const char = line[at]!;
    if (char === ' ' || char === '\t') {
      at++;
      continue;
    }
    if (comments.includes(char)) break;
    const column = at + 1;
    let text = '';
    if (char === '{' || char === '}') {
      text = char;
      at++;
    } else {
      while (at < line.length && !/[\s{}]/.test(line[at]!)) {
        if (line[at] === '"') {
          const close = line.indexOf('"', at + 1);
          const to = close < 0 ? line.length : close;
          text += line.slice(at + 1, to);
          at = to + 1;
        } else text += line[at++]!;
      }
    }
    words.push({ text, line: number, column });
  }
  return words;
}

/** A word as it can stand in such a file. */
export function blockWord(text: string): string {
  return text === '' || /[\s{}#!]/.test(text) ? `"${text.replaceAll('"', '')}"` : text;
}
