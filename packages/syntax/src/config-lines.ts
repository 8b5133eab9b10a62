import type { PlacedWord, Problem } from './problem.ts';

/** One logical line of a rule file. */
export interface ConfigLine {
  readonly words: readonly PlacedWord[];
  readonly problem: Problem | undefined;
}

interface Reader {
  readonly text: string;
  at: number;
  line: number;
  lineStart: number;
}

/**
 * Cuts a rule file that a person keeps into lines of words, more freely than `ipvsadm -R` reads its input
 * (which knows blanks and nothing else): blanks part words, quotes of either kind
 * and a backslash protect, `#` opens a comment, a backslash before the line's end joins lines. Lines
 * without words are left out. Also takes a byte order mark, CR LF and lone CR.
 */
export function* splitConfigLines(text: string): Generator<ConfigLine> {
  const reader: Reader = { text, at: text.startsWith('\uFEFF') ? 1 : 0, line: 1, lineStart: 0 };
  reader.lineStart = reader.at;
  while (reader.at < text.length) {
    const line = readLine(reader);
    if (line.words.length > 0 || line.problem) yield line;
  }
}

function readLine(reader: Reader): ConfigLine {
  const words: PlacedWord[] = [];
  let problem: Problem | undefined;
  for (;;) {
    const char = reader.text[reader.at];
    if (char === undefined) break;
    if (char === '\n' || char === '\r') {
      endLine(reader);
      break;
    }
    if (char === ' ' || char === '\t') reader.at++;
    else if (char === '\\' && isLineEnd(reader, reader.at + 1)) {
      reader.at++;
      endLine(reader);
    } else if (char === '#') skipComment(reader);
    else {
      const word = readWord(reader);
      words.push(word.word);
      problem ??= word.problem;
    }
  }
  return { words, problem };
}

const isLineEnd = (reader: Reader, index: number): boolean => {
  const char = reader.text[index];
  return char === '\n' || char === '\r';
};

function endLine(reader: Reader): void {
  reader.at += reader.text[reader.at] === '\r' && reader.text[reader.at + 1] === '\n' ? 2 : 1;
  reader.line++;
  reader.lineStart = reader.at;
}

function skipComment(reader: Reader): void {
  while (reader.at < reader.text.length && !isLineEnd(reader, reader.at)) reader.at++;
}

function readWord(reader: Reader): { word: PlacedWord; problem: Problem | undefined } {
  const place = { line: reader.line, column: reader.at - reader.lineStart + 1 };
  let text = '';
  let quote = '';
  for (;;) {
    const char = reader.text[reader.at];
    if (char === undefined || char === '\n' || char === '\r') {
      const problem =
        quote === '' ? undefined : { ...place, found: 'the end of the line', wanted: `a closing ${quote}` };
      return { word: { ...place, text }, problem };
    }
    if (quote === '' && (char === ' ' || char === '\t'))
      return { word: { ...place, text }, problem: undefined };
    if (char === '\\' && quote !== "'") {
      if (isLineEnd(reader, reader.at + 1)) return { word: { ...place, text }, problem: undefined };
      text += reader.text[reader.at + 1] ?? '';
      reader.at += 2;
      continue;
    }
    reader.at++;
    if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = '';
    else text += char;
  }
}
