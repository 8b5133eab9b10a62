import type { Position, Problem } from './problem.ts';
import type { ShellScript, ShellWord, WordPart } from './shell-script.ts';

/** Text that is being read, and how far. */
export interface ShellText {
  readonly text: string;
  at: number;
  line: number;
  lineStart: number;
}

export const startShellText = (text: string): ShellText => ({
  text: text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n'),
  at: 0,
  line: 1,
  lineStart: 0,
});

/** Carries a problem out of the depth of a script; caught by `parseShellLine`, never seen outside. */
export class WordFault extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.wanted);
    this.problem = problem;
  }
}

/** Reads the script of a `$( … )`, up to its `)`. */
type ScriptReader = (source: ShellText) => ShellScript;

const ENDS_WORD = /[\s;|&<>()]/;

/** Blanks, joined lines, and a comment. */
export function skipBlanks(source: ShellText): void {
  const { text } = source;
  for (;;) {
    const char = text[source.at];
    if (char === '\\' && text[source.at + 1] === '\n') {
      source.at += 2;
      source.line++;
      source.lineStart = source.at;
    } else if (char !== undefined && char !== '\n' && /\s/.test(char)) source.at++;
    else break;
  }
  const before = text[source.at - 1];
  if (text[source.at] !== '#' || (before !== undefined && !ENDS_WORD.test(before))) return;
  const end = text.indexOf('\n', source.at);
  source.at = end < 0 ? text.length : end;
}

/** The next word, or undefined where an operator or the end stands. */
export function readWord(source: ShellText, readScript: ScriptReader): ShellWord | undefined {
  const position = { line: source.line, column: source.at - source.lineStart + 1 };
  const parts: WordPart[] = [];
  for (;;) {
    const char = source.text[source.at];
    if (char === undefined || ENDS_WORD.test(char)) break;
    if (char === "'") readSingle(source, parts);
    else if (char === '"') readDouble(source, parts, readScript);
    else if (char === '\\') readEscape(source, parts);
    else if (char === '$' || char === '`') readDollar(source, parts, false, readScript);
    else {
      add(parts, char, false);
      source.at++;
    }
  }
  return parts.length === 0 ? undefined : { ...position, parts };
}

const place = (source: ShellText): Position => ({
  line: source.line,
  column: source.at - source.lineStart + 1,
});

/** Adds text, joined to text of the same kind before it. */
function add(parts: WordPart[], text: string, quoted: boolean): void {
  const last = parts[parts.length - 1];
  if (last?.kind === 'text' && last.quoted === quoted) {
    parts[parts.length - 1] = { kind: 'text', text: last.text + text, quoted };
  } else parts.push({ kind: 'text', text, quoted });
}

function countLine(source: ShellText, char: string): void {
  if (char !== '\n') return;
  source.line++;
  source.lineStart = source.at;
}

function readSingle(source: ShellText, parts: WordPart[]): void {
  const start = place(source);
  const end = source.text.indexOf("'", source.at + 1);
  if (end < 0) throw new WordFault({ ...start, found: 'the end of the line', wanted: "a closing '" });
  add(parts, source.text.slice(source.at + 1, end), true);
  while (source.at <= end) countLine(source, source.text[source.at++] ?? '');
}

function readEscape(source: ShellText, parts: WordPart[]): void {
  const next = source.text[source.at + 1];
  source.at += next === undefined ? 1 : 2;
  if (next === '\n') countLine(source, next);
  // a backslash at the very end stands for itself
  else add(parts, next ?? '\\', true);
}

function readDouble(source: ShellText, parts: WordPart[], readScript: ScriptReader): void {
  const start = place(source);
  source.at++;
  const before = source.at;
  for (;;) {
    const char = source.text[source.at];
    if (char === undefined)
      throw new WordFault({ ...start, found: 'the end of the line', wanted: 'a closing "' });
    if (char === '"') break;
    if (char === '\\' && /[\\"$`\n]/.test(source.text[source.at + 1] ?? '')) {
      const next = source.text[source.at + 1] ?? '';
      source.at += 2;
      if (next === '\n') countLine(source, next);
      else add(parts, next, true);
    } else if (char === '$' || char === '`') readDollar(source, parts, true, readScript);
    else {
      add(parts, char, true);
      source.at++;
      countLine(source, char);
    }
  }
  // an empty pair of quotes still makes a word
  if (source.at === before) add(parts, '', true);
  source.at++;
}

/** A line that ends in a backslash goes on in the next, in the midst of a name too (POSIX shell, 2.2.1). */
const JOINED = String.raw`(?:\\\n)*`;
const NAME = String.raw`([A-Za-z_](?:\\\n|\w){0,99}|\?)`;
const DOLLAR_SCRIPT = new RegExp(String.raw`^\$${JOINED}\(`);
const DOLLAR_BRACE = new RegExp(String.raw`^\$${JOINED}\{`);
const DOLLAR_NAME = new RegExp(String.raw`^\$${JOINED}(?:\{${JOINED}${NAME}${JOINED}\}|${NAME})`);

function readDollar(source: ShellText, parts: WordPart[], quoted: boolean, readScript: ScriptReader): void {
  const start = place(source);
  const rest = source.text.slice(source.at, source.at + 300);
  if (rest.startsWith('`')) throw new WordFault({ ...start, found: '`', wanted: '$( … )' });
  const opening = DOLLAR_SCRIPT.exec(rest);
  if (opening) {
    pass(source, opening[0]);
    const script = readScript(source);
    if (source.text[source.at] !== ')') {
      throw new WordFault({ ...start, found: 'the end of the line', wanted: 'a closing )' });
    }
    source.at++;
    parts.push({ kind: 'output', script, quoted });
    return;
  }
  const name = DOLLAR_NAME.exec(rest);
  if (!name) {
    if (DOLLAR_BRACE.test(rest)) throw new WordFault({ ...start, found: '${', wanted: '${NAME}' });
    add(parts, '$', quoted);
    source.at++;
    return;
  }
  pass(source, name[0]);
  parts.push({ kind: 'variable', name: (name[1] ?? name[2] ?? '').replaceAll('\\\n', ''), quoted });
}

function pass(source: ShellText, text: string): void {
  for (const char of text) {
    source.at++;
    countLine(source, char);
  }
}
