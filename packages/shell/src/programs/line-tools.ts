import type { CommandResult } from '@lvscope/cluster';
import { removeFile } from '@lvscope/cluster';
import { openToWrite, saveFile } from '../files.ts';
import { DONE, failed, said } from '../program.ts';
import type { Call, Program } from '../program.ts';
import { filter, invalid, joined, linesOf, readAll, readOptions } from './text-tools.ts';

/** `uniq [-c] [-d] [-u]`: neighbours that are equal become one. */
function uniq(call: Call): CommandResult {
  const { flags, rest, unknown } = readOptions(call, 'cdu');
  if (unknown !== undefined) return invalid('uniq', unknown);
  return filter(readAll(call, 'uniq', rest), (text) => {
    const groups: { line: string; count: number }[] = [];
    for (const line of linesOf(text)) {
      const last = groups.at(-1);
      if (last?.line === line) last.count++;
      else groups.push({ line, count: 1 });
    }
    const shown = groups.filter(
      ({ count }) => (!flags.has('d') || count > 1) && (!flags.has('u') || count === 1),
    );
    return said(
      joined(
        shown.map(({ line, count }) => (flags.has('c') ? `${String(count).padStart(7)} ${line}` : line)),
      ),
    );
  });
}

/** A list as `1,3-5,7-`: which places (from 1) it means. */
function listOf(text: string): ((place: number) => boolean) | undefined {
  const ranges = text.split(',').map((part) => /^(\d{0,6})(-?)(\d{0,6})$/.exec(part));
  if (ranges.some((range) => range === null || range[0] === '' || range[0] === '-')) return undefined;
  const bounds = ranges.map((range) => {
    const from = range?.[1] === '' ? 1 : Number(range?.[1]);
    const to = range?.[2] === '' ? from : range?.[3] === '' ? Number.POSITIVE_INFINITY : Number(range?.[3]);
    return { from, to };
  });
  return (place) => bounds.some(({ from, to }) => place >= from && place <= to);
}

/** `cut -f LIST [-d C] | -c LIST` */
function cut(call: Call): CommandResult {
  const { flags, values, rest, unknown } = readOptions(call, 's', 'fdcb');
  if (unknown !== undefined) return invalid('cut', unknown);
  const characters = values.get('c') ?? values.get('b');
  const list = characters ?? values.get('f');
  if (list === undefined) {
    return failed(
      1,
      "cut: you must specify a list of bytes, characters, or fields\nTry 'cut --help' for more information.",
    );
  }
  const wanted = listOf(list);
  if (wanted === undefined) return failed(1, `cut: invalid field value ‘${list}’`);
  const delimiter = values.get('d') ?? '\t';
  if (delimiter.length !== 1) return failed(1, 'cut: the delimiter must be a single character');
  return filter(readAll(call, 'cut', rest), (text) =>
    said(
      joined(
        linesOf(text).flatMap((line) => {
          if (characters !== undefined)
            return [
              line
                .split('')
                .filter((_, i) => wanted(i + 1))
                .join(''),
            ];
          if (!line.includes(delimiter)) return flags.has('s') ? [] : [line];
          return [
            line
              .split(delimiter)
              .filter((_, i) => wanted(i + 1))
              .join(delimiter),
          ];
        }),
      ),
    ),
  );
}

const CLASSES: Readonly<Record<string, string>> = {
  '[:upper:]': 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  '[:lower:]': 'abcdefghijklmnopqrstuvwxyz',
  '[:digit:]': '0123456789',
  '[:space:]': ' \t\n\r\f\v',
  '[:blank:]': ' \t',
};

/** A set as tr(1) has it: ranges, classes, and the escapes \n and \t. */
function setOf(text: string): string[] {
  const plain = text
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t')
    .replace(/\[:[a-z]+:\]/g, (name) => CLASSES[name] ?? name);
  const spread = plain.replace(/(.)-(.)/gs, (all, from: string, to: string) => {
    const [a, b] = [from.charCodeAt(0), to.charCodeAt(0)];
    if (b < a || b - a > 256) return all;
    return Array.from({ length: b - a + 1 }, (_, i) => String.fromCharCode(a + i)).join('');
  });
  return spread.split('');
}

/** `tr [-d] [-s] SET1 [SET2]` */
function tr(call: Call): CommandResult {
  const { flags, rest, unknown } = readOptions(call, 'dsc');
  if (unknown !== undefined) return invalid('tr', unknown);
  const [first, second] = rest.map(setOf);
  if (first === undefined) return failed(1, 'tr: missing operand');
  if (second === undefined && !flags.has('d') && !flags.has('s')) {
    return failed(
      1,
      `tr: missing operand after ‘${rest[0] ?? ''}’\nTwo strings must be given when translating.`,
    );
  }
  const inFirst = (char: string): boolean => first.includes(char) !== flags.has('c');
  let out = '';
  for (const char of call.input) {
    if (flags.has('d')) {
      if (!inFirst(char)) out += char;
      continue;
    }
    const to = second?.[Math.min(first.indexOf(char), second.length - 1)];
    const put = inFirst(char) && to !== undefined ? to : char;
    const squeezed = flags.has('s') && out.endsWith(put) && (second ?? first).includes(put);
    if (!squeezed) out += put;
  }
  return said(out);
}

/** `tee [-a] FILE…` */
function tee(call: Call): CommandResult {
  const { flags, rest, unknown } = readOptions(call, 'ai');
  if (unknown !== undefined) return invalid('tee', unknown);
  let err = '';
  for (const path of rest) {
    const fault =
      openToWrite(call.world, call.host, path, flags.has('a')) ??
      saveFile(call.world, call.host, path, call.input, true);
    if (fault !== undefined) err += `tee: ${path}: ${fault}\n`;
  }
  return { rc: err === '' ? 0 : 1, out: call.input, err };
}

function rm(call: Call): CommandResult {
  const { flags, rest, unknown } = readOptions(call, 'frv');
  if (unknown !== undefined) return invalid('rm', unknown);
  const gone = (path: string): boolean =>
    removeFile(call.world, call.host, path.startsWith('/') ? path : `/root/${path}`);
  const missing = rest.filter((path) => !gone(path));
  if (missing.length === 0 || flags.has('f')) return DONE;
  return failed(
    1,
    missing.map((path) => `rm: cannot remove '${path}': No such file or directory`).join('\n'),
  );
}

/** More of what stands in operators' pipes. */
export const LINE_TOOLS: readonly (readonly [string, Program])[] = [
  ['uniq', uniq],
  ['cut', cut],
  ['tr', tr],
  ['tee', tee],
  ['rm', rm],
  ['pwd', () => said('/root\n')],
  ['whoami', () => said('root\n')],
];
