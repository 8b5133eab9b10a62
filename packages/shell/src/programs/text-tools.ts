import type { CommandResult } from '@lvscope/cluster';
import type { PlacedWord } from '@lvscope/syntax';
import { openFile } from '../files.ts';
import { DONE, failed, said, textsOf } from '../program.ts';
import type { Call, Program } from '../program.ts';

/** Lines without their ends; a last line without an end counts. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines[lines.length - 1] === '') lines.pop();
  return lines;
}

export const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** Flags (one letter each, bundled or not), valued flags, and the rest. */
export interface TextOptions {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
  /** What `-e` was given each time: any of it. */
  readonly patterns: readonly string[];
  /** An option that the program does not know. */
  readonly unknown: string | undefined;
}

/** @param known letters of flags @param valued letters that take a value */
export function readOptions(call: Call, known: string, valued = ''): TextOptions {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const rest: string[] = [];
  const patterns: string[] = [];
  let unknown: string | undefined;
  const words = textsOf(call);
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    if (!word.startsWith('-') || word === '-') rest.push(word);
    else if (/^-\d+$/.test(word) && valued.includes('n')) values.set('n', word.slice(1));
    else {
      for (let at = 1; at < word.length; at++) {
        const letter = word[at] ?? '';
        if (valued.includes(letter)) {
          const value = at + 1 < word.length ? word.slice(at + 1) : (words[++index] ?? '');
          values.set(letter, value);
          if (letter === 'e') patterns.push(value);
          break;
        }
        if (known.includes(letter)) flags.add(letter);
        else unknown ??= letter;
      }
    }
  }
  return { flags, values, rest, patterns, unknown };
}

export const invalid = (program: string, letter: string): CommandResult =>
  failed(program === 'grep' ? 2 : 1, `${program}: invalid option -- '${letter}'`);

/** What the named files hold, or the input where none is named. */
export function readAll(call: Call, program: string, paths: readonly string[]): CommandResult {
  if (paths.length === 0) return said(call.input);
  let out = '';
  let err = '';
  for (const path of paths) {
    const file =
      path === '-' ? { ok: true as const, text: call.input } : openFile(call.world, call.host, path);
    if (file.ok) out += file.text;
    else err += `${program}: ${path}: ${file.fault}\n`;
  }
  return { rc: err === '' ? 0 : program === 'grep' ? 2 : 1, out, err };
}

/** Carries out what is made of the text that was read; what could not be read stays said. */
export function filter(read: CommandResult, change: (text: string) => CommandResult): CommandResult {
  const { rc, out, err } = change(read.out);
  return { rc: read.rc === 0 ? rc : read.rc, out, err: read.err + err };
}

function cat(call: Call): CommandResult {
  const { rest, unknown } = readOptions(call, 'u');
  return unknown === undefined ? readAll(call, 'cat', rest) : invalid('cat', unknown);
}

function echo(call: Call): CommandResult {
  const words = textsOf(call);
  const bare = words[0] === '-n';
  const escapes = words[0] === '-e';
  const text = words.slice(bare || escapes ? 1 : 0).join(' ');
  const plain = escapes ? text.replaceAll('\\n', '\n').replaceAll('\\t', '\t') : text;
  return said(bare ? plain : `${plain}\n`);
}

/** head and tail: the first or last N lines, 10 unless said. */
function part(program: 'head' | 'tail'): Program {
  return (call) => {
    const { values, rest, unknown } = readOptions(call, 'q', 'n');
    if (unknown !== undefined) return invalid(program, unknown);
    const asked = values.get('n') ?? '10';
    if (!/^[+-]?\d{1,9}$/.test(asked)) return failed(1, `${program}: invalid number of lines: ‘${asked}’`);
    const count = Number(asked.replace(/^[+-]/, ''));
    return filter(readAll(call, program, rest), (text) => {
      const lines = linesOf(text);
      if (program === 'head')
        return said(
          joined(asked.startsWith('-') ? lines.slice(0, -count || undefined) : lines.slice(0, count)),
        );
      if (asked.startsWith('+')) return said(joined(lines.slice(Math.max(0, count - 1))));
      return said(joined(count === 0 ? [] : lines.slice(-count)));
    });
  };
}

function wc(call: Call): CommandResult {
  const { flags, rest, unknown } = readOptions(call, 'lwc');
  if (unknown !== undefined) return invalid('wc', unknown);
  return filter(readAll(call, 'wc', rest), (text) => {
    const counts = {
      l: text.split('\n').length - 1,
      w: text.split(/\s+/).filter((word) => word !== '').length,
      c: text.length,
    };
    const asked = (['l', 'w', 'c'] as const).filter((letter) => flags.size === 0 || flags.has(letter));
    const numbers = asked.map((letter) =>
      asked.length > 1 ? String(counts[letter]).padStart(7) : String(counts[letter]),
    );
    return said(`${[numbers.join(' '), ...rest].join(' ')}\n`);
  });
}

function grep(call: Call): CommandResult {
  const { flags, rest, patterns, unknown } = readOptions(call, 'civnEFqwhs', 'e');
  if (unknown !== undefined) return invalid('grep', unknown);
  const files = patterns.length > 0 ? rest : rest.slice(1);
  const wanted = patterns.length > 0 ? patterns : rest.slice(0, 1);
  if (wanted.length === 0)
    return failed(2, 'usage: grep [-c] [-i] [-v] [-n] [-E] [-F] [-q] [-w] PATTERN [FILE...]');
  const shapes = wanted.map((pattern) => grepPattern(pattern, flags));
  if (shapes.includes(undefined)) return failed(2, 'grep: Invalid regular expression');
  return filter(readAll(call, 'grep', files), (text) => {
    const found = linesOf(text)
      .map((line, index) => ({ line, number: index + 1 }))
      .filter(({ line }) => shapes.some((shape) => shape?.test(line)) !== flags.has('v'));
    const rc = found.length > 0 ? 0 : 1;
    if (flags.has('q')) return { ...DONE, rc };
    if (flags.has('c')) return { rc, out: `${found.length}\n`, err: '' };
    return {
      rc,
      out: joined(found.map(({ line, number }) => (flags.has('n') ? `${number}:${line}` : line))),
      err: '',
    };
  });
}

/** A basic expression (or an extended one with -E) as JavaScript has it. */
function grepPattern(pattern: string, flags: ReadonlySet<string>): RegExp | undefined {
  let source = pattern;
  if (flags.has('F')) source = pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  // in a basic expression these are letters, and operators behind a backslash; so is a star that comes first
  else if (!flags.has('E'))
    source = pattern
      .replace(/^(\^?)\*/, '$1\\*')
      .replace(
        /\\([+?(){}|])|([+?(){}|])/g,
        (_, operator?: string, letter?: string) => operator ?? `\\${letter}`,
      );
  source = source.replaceAll('[[:space:]]', '\\s').replaceAll('[[:digit:]]', '\\d');
  // a repetition inside of a repetition could search for longer than anybody waits
  if (/\([^()]*[*+{][^()]*\)[*+{]/.test(source)) return undefined;
  try {
    return new RegExp(flags.has('w') ? `(?<!\\w)(?:${source})(?!\\w)` : source, flags.has('i') ? 'i' : '');
  } catch {
    return undefined;
  }
}

function sort(call: Call): CommandResult {
  const { flags, values, rest, unknown } = readOptions(call, 'nru', 'k');
  if (unknown !== undefined) return invalid('sort', unknown);
  const column = Number.parseInt(values.get('k') ?? '0', 10) || 0;
  const keyOf = (line: string): string =>
    column > 0
      ? line
          .trim()
          .split(/\s+/)
          .slice(column - 1)
          .join(' ')
      : line;
  return filter(readAll(call, 'sort', rest), (text) => {
    const lines = linesOf(text).sort((a, b) => {
      const numbers = flags.has('n')
        ? (Number.parseFloat(keyOf(a)) || 0) - (Number.parseFloat(keyOf(b)) || 0)
        : 0;
      if (numbers !== 0) return numbers;
      if (!flags.has('n') && keyOf(a) !== keyOf(b)) return keyOf(a) < keyOf(b) ? -1 : 1;
      return a < b ? -1 : a > b ? 1 : 0;
    });
    if (flags.has('r')) lines.reverse();
    return said(joined(flags.has('u') ? [...new Set(lines)] : lines));
  });
}

function cmp(call: Call): CommandResult {
  const [first = '', second = ''] = textsOf(call).filter((word) => !word.startsWith('-'));
  const left = openFile(call.world, call.host, first);
  const right = openFile(call.world, call.host, second);
  if (!left.ok) return failed(2, `cmp: ${first}: ${left.fault}`);
  if (!right.ok) return failed(2, `cmp: ${second}: ${right.fault}`);
  if (left.text === right.text) return DONE;
  const shorter = Math.min(left.text.length, right.text.length);
  let at = 0;
  while (at < shorter && left.text[at] === right.text[at]) at++;
  const line = left.text.slice(0, at).split('\n').length;
  if (at === shorter) {
    const end = `cmp: EOF on ${left.text.length === at ? first : second}`;
    return failed(1, at === 0 ? end : `${end} after byte ${at}, line ${line}`);
  }
  return { rc: 1, out: `${first} ${second} differ: byte ${at + 1}, line ${line}\n`, err: '' };
}

function basename(call: Call): CommandResult {
  const path = textsOf(call)[0];
  if (path === undefined) return failed(1, 'basename: missing operand');
  return said(`${path.replace(/\/+$/, '').replace(/^.*\//, '')}\n`);
}

function seq(call: Call): CommandResult {
  const numbers = textsOf(call).map(Number);
  const [from, to] = numbers.length > 1 ? [numbers[0] ?? 1, numbers[1] ?? 0] : [1, numbers[0] ?? 0];
  if (!Number.isInteger(from) || !Number.isInteger(to))
    return failed(1, 'seq: whole numbers, please: seq [FIRST] LAST');
  if (to - from > 10_000) return failed(1, 'seq: at most 10000 numbers');
  const count = Math.max(0, to - from + 1);
  return said(joined(Array.from({ length: count }, (_, index) => String(from + index))));
}

/**
 * `printf FORMAT [TEXT]...`: %s, %d, %% and the escapes \\n, \\r, \\t and \\\\; the format again while texts
 * are left.
 */
function printf(call: Call): CommandResult {
  const [first, ...more] = textsOf(call);
  const [format, ...texts] = first === '--' ? more : [first, ...more];
  if (format === undefined) return failed(1, 'printf: missing operand');
  let out = '';
  do {
    const left = texts.length;
    out += format.replace(/\\[nrt\\]|%[sd%]/g, (found) => {
      if (found === '%%') return '%';
      if (found.startsWith('%')) return texts.shift() ?? (found === '%d' ? '0' : '');
      return { '\\n': '\n', '\\r': '\r', '\\t': '\t' }[found] ?? '\\';
    });
    if (texts.length === left) break;
  } while (texts.length > 0);
  return said(out);
}

const extended: PlacedWord = { text: '-E', line: 1, column: 1 };

/** Small programs that read and write text, with the options that operators use of them. */
export const TEXT_TOOLS: readonly (readonly [string, Program])[] = [
  ['cat', cat],
  ['echo', echo],
  ['printf', printf],
  ['head', part('head')],
  ['tail', part('tail')],
  ['wc', wc],
  ['grep', grep],
  ['egrep', (call) => grep({ ...call, args: [extended, ...call.args] })],
  ['sort', sort],
  ['cmp', cmp],
  ['basename', basename],
  ['seq', seq],
  ['true', () => DONE],
  [':', () => DONE],
  ['false', () => ({ ...DONE, rc: 1 })],
];
