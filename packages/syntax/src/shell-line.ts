import type { Parsed, Position } from './problem.ts';
import { parsed, refused, shown } from './problem.ts';
import type { ForLoop, Redirect, ShellCommand, ShellScript, ShellStep, ShellWord } from './shell-script.ts';
import { readWord, skipBlanks, startShellText, WordFault } from './shell-word.ts';
import type { ShellText } from './shell-word.ts';

/** Scripts inside of scripts, `$( $( … ) )` and loops, at most. */
const MAX_DEPTH = 20;

/**
 * Reads a command line of operators: words with quotes and escapes, `$NAME`, `$( … )`, `;` `&&` `||` `|`,
 * `&`, line ends, `>` `>>` `<` `2>&1`, comments, `for … in …; do …; done`. No functions, no `if`.
 */
export function parseShellLine(text: string): Parsed<ShellScript> {
  const source = startShellText(text);
  try {
    const script = readScript(source, 0, []);
    const rest = source.text[source.at];
    if (rest !== undefined) return refused(place(source), shown(rest), 'a command');
    return parsed(script);
  } catch (fault) {
    if (fault instanceof WordFault) return { ok: false, problem: fault.problem };
    throw fault;
  }
}

const place = (source: ShellText): Position => ({
  line: source.line,
  column: source.at - source.lineStart + 1,
});

function fail(source: ShellText, wanted: string): never {
  const rest = source.text.slice(source.at, source.at + 20);
  const found =
    rest === '' ? 'the end of the line' : (/^(&&|\|\||;;|[;|&<>()\n]|[^\s;|&<>()]+)/.exec(rest)?.[0] ?? rest);
  throw new WordFault({
    ...place(source),
    found: found === '\n' ? 'the end of the line' : shown(found),
    wanted,
  });
}

/** Reads until `)`, one of the closing words, or the end. */
function readScript(source: ShellText, depth: number, closing: readonly string[]): ShellScript {
  if (depth > MAX_DEPTH) fail(source, `at most ${MAX_DEPTH} scripts inside of each other`);
  const steps: ShellStep[] = [];
  let when: ShellStep['when'] = 'always';
  let first = 0;
  for (;;) {
    skipSpace(source);
    if (atEnd(source, closing)) {
      if (when !== 'always') fail(source, 'a command');
      return { steps };
    }
    if (when === 'always') first = steps.length;
    steps.push({ when, pipeline: readPipeline(source, depth), background: false });
    skipBlanks(source);
    if (take(source, '&&')) when = 'success';
    else if (take(source, '||')) when = 'failure';
    else if (take(source, '&')) {
      when = 'always';
      steps.push(...steps.splice(first).map((step) => ({ ...step, background: true })));
    } else {
      when = 'always';
      if (!take(source, ';') && source.text[source.at] !== '\n' && !atEnd(source, closing)) {
        fail(source, '; & && || | or the end of the line');
      }
    }
  }
}

/** Blanks, line ends and comments between commands. */
function skipSpace(source: ShellText): void {
  skipBlanks(source);
  while (source.text[source.at] === '\n') {
    source.at++;
    source.line++;
    source.lineStart = source.at;
    skipBlanks(source);
  }
}

function atEnd(source: ShellText, closing: readonly string[]): boolean {
  const char = source.text[source.at];
  return char === undefined || char === ')' || closing.some((word) => atKeyword(source, word));
}

function take(source: ShellText, token: string): boolean {
  if (!source.text.startsWith(token, source.at)) return false;
  source.at += token.length;
  return true;
}

function atKeyword(source: ShellText, word: string): boolean {
  if (!source.text.startsWith(word, source.at)) return false;
  const next = source.text[source.at + word.length];
  return next === undefined || /[\s;|&<>()]/.test(next);
}

function readPipeline(source: ShellText, depth: number): ShellCommand[] {
  const commands = [readCommand(source, depth)];
  for (;;) {
    skipBlanks(source);
    if (source.text.startsWith('||', source.at) || !take(source, '|')) return commands;
    skipSpace(source);
    commands.push(readCommand(source, depth));
  }
}

function readCommand(source: ShellText, depth: number): ShellCommand {
  if (atKeyword(source, 'for')) return readFor(source, depth);
  const at = place(source);
  const words: ShellWord[] = [];
  const redirects: Redirect[] = [];
  for (;;) {
    skipBlanks(source);
    const redirect = readRedirect(source, depth);
    if (redirect) {
      redirects.push(redirect);
      continue;
    }
    const word = readWord(source, (inner) => readScript(inner, depth + 1, []));
    if (!word) break;
    if (words.length === 0 && isReserved(word)) fail(source, 'a command');
    words.push(word);
  }
  if (words.length === 0 && redirects.length === 0) fail(source, 'a command');
  return { kind: 'simple', ...at, words, redirects };
}

/** A reserved word that a line's continuation or a redirection hid: no command has such a name. */
function isReserved({ parts }: ShellWord): boolean {
  const [part, more] = parts;
  if (more !== undefined || part?.kind !== 'text' || part.quoted) return false;
  return part.text === 'for' || part.text === 'done';
}

function readRedirect(source: ShellText, depth: number): Redirect | undefined {
  const match = /^([12]?)(>>|>&|>|<)/.exec(source.text.slice(source.at, source.at + 3));
  if (!match) return undefined;
  const [all, digit, operator] = match;
  if (operator === '<' && digit !== '') return undefined;
  source.at += all.length;
  const fd = digit === '2' ? 2 : 1;
  if (operator === '>&') {
    const to = /^[12](?![^\s;|&<>()])/.exec(source.text.slice(source.at, source.at + 2))?.[0];
    if (to === undefined) fail(source, '1 or 2');
    source.at++;
    return { kind: 'join', fd, to: to === '1' ? 1 : 2 };
  }
  skipBlanks(source);
  const target = readWord(source, (inner) => readScript(inner, depth + 1, []));
  if (!target) fail(source, 'the name of a file');
  if (operator === '<') return { kind: 'read', target };
  return { kind: operator === '>>' ? 'append' : 'write', fd, target };
}

function readFor(source: ShellText, depth: number): ForLoop {
  const at = place(source);
  source.at += 'for'.length;
  skipBlanks(source);
  const name = /^[A-Za-z_]\w*/.exec(source.text.slice(source.at, source.at + 100))?.[0];
  if (name === undefined) fail(source, 'the name of a variable');
  source.at += name.length;
  skipBlanks(source);
  if (!atKeyword(source, 'in')) fail(source, 'in');
  source.at += 'in'.length;
  const words: ShellWord[] = [];
  for (;;) {
    skipBlanks(source);
    const word = readWord(source, (inner) => readScript(inner, depth + 1, []));
    if (!word) break;
    words.push(word);
  }
  if (!take(source, ';') && source.text[source.at] !== '\n') fail(source, '; and do');
  skipSpace(source);
  if (!atKeyword(source, 'do')) fail(source, 'do');
  source.at += 'do'.length;
  const body = readScript(source, depth + 1, ['done']);
  if (!atKeyword(source, 'done')) fail(source, 'done');
  source.at += 'done'.length;
  return { kind: 'for', ...at, name, words, body };
}
