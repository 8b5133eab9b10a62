import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ShellScript } from './index.ts';
import { parseShellLine, printShell, quoteWord } from './index.ts';
import { recordedCommands } from './testing/recorded.ts';

/** The script printed again, or the problem in short. */
function read(text: string): string {
  const script = parseShellLine(text);
  if (script.ok) return printShell(script.value);
  const { line, column, found, wanted } = script.problem;
  return `${line}:${column} found ${found}, wanted ${wanted}`;
}

const withoutPlaces = (script: ShellScript): unknown =>
  JSON.parse(
    JSON.stringify(script, (key, value: unknown) => (key === 'line' || key === 'column' ? 0 : value)),
  );

test('commands are joined by ; && || | and redirected', () => {
  expect(read('ipvsadm -S -n > s1; cmp s1 s2 && echo same || true')).toBe(
    'ipvsadm -S -n 1>s1; cmp s1 s2 && echo same || true',
  );
  expect(read('ipvsadm -Ln 2>/dev/null | grep -c Route >> log 2>&1')).toBe(
    'ipvsadm -Ln 2>/dev/null | grep -c Route 1>>log 2>&1',
  );
  expect(read('ipvsadm -R < rules')).toBe('ipvsadm -R <rules');
});

test('quotes and backslashes keep blanks and operators in a word', () => {
  expect(read(`echo 'a; b' "c | $X" d\\ e`)).toBe('echo "a; b" "c | ""${X}" d" "e');
});

test('comments and line ends part commands, a backslash joins lines', () => {
  expect(read('# first\necho a # rest\necho b#c \\\n d')).toBe('echo a; echo b#c d');
});

test('the loop over settings that the recording used is read', () => {
  const loop = 'for f in /proc/sys/net/ipv4/vs/*; do echo $(basename $f)=$(cat $f); done';
  expect(read(loop)).toBe('for f in /proc/sys/net/ipv4/vs/*; do echo $(basename ${f})=$(cat ${f}); done');
});

test('& sends the whole list before it into the background, back to the last ; or &', () => {
  expect(read('a; b && c & d')).toBe('a; b && c & d');
  const line = parseShellLine('a; b && c & d');
  expect(line.ok && line.value.steps.map(({ background }) => background)).toEqual([false, true, true, false]);
  expect(read('for i in 1 2; do sleep $i & done')).toBe('for i in 1 2; do sleep ${i} & done');
});

test('a problem names its place, what stands there and what should', () => {
  expect(read('echo "a')).toBe('1:6 found the end of the line, wanted a closing "');
  expect(read('echo a &&')).toBe('1:10 found the end of the line, wanted a command');
  expect(read('echo a\n  ;; echo')).toBe('2:3 found ;;, wanted a command');
  expect(read('sleep 1 & ; ls')).toBe('1:11 found ;, wanted a command');
  expect(read('echo >')).toBe('1:7 found the end of the line, wanted the name of a file');
  expect(read('for f in a; echo')).toBe('1:13 found echo, wanted do');
});

test('every recorded command line is read', () => {
  for (const trace of ['cli-errors', 'cli-save-restore', 'misconf-sysctl-defaults']) {
    for (const { cmd } of recordedCommands(trace)) expect(parseShellLine(cmd).ok).toBe(true);
  }
});

const PIECES = 'a for in do done ; && || | > 2>&1 < # \\ \' " $ $x ${x} $( ) = 2 & `'
  .split(' ')
  .concat(' ', '\n', 'x y');
const pieces = fc.constantFrom(...PIECES);

test('a line that ends in a backslash goes on in the next, in the midst of a variable too', () => {
  const variable = { kind: 'variable', name: 'ab', quoted: false };
  for (const line of ['echo $ab', 'echo $\\\nab', 'echo $a\\\nb', 'echo $\\\n\\\n{\\\na\\\nb\\\n}']) {
    const script = parseShellLine(line);
    const command = script.ok ? script.value.steps[0]?.pipeline[0] : undefined;
    expect(command?.kind === 'simple' && command.words[1]?.parts, line).toEqual([variable]);
  }
  expect(read('echo $a\\\nb >')).toBe('2:4 found the end of the line, wanted the name of a file');
});

test('a reserved word is none of the commands, however it is written', () => {
  for (const line of ['for\\\n', '>x for', 'done']) expect(parseShellLine(line).ok, line).toBe(false);
});

test('what was read comes back from its printed form', () => {
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 20 }).map((given) => given.join('')),
      (text) => {
        const first = parseShellLine(text);
        if (!first.ok) return;
        const again = parseShellLine(printShell(first.value));
        expect(again.ok && withoutPlaces(again.value)).toEqual(withoutPlaces(first.value));
      },
    ),
    { numRuns: 3000 },
  );
});

test('a quoted word is one word with exactly its text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const clean = text.replaceAll('\r', '').replace(/^\uFEFF/, '');
      const script = parseShellLine(`echo ${quoteWord(clean)}`);
      const command = script.ok ? script.value.steps[0]?.pipeline[0] : undefined;
      const parts = command?.kind === 'simple' ? command.words[1]?.parts : undefined;
      expect(parts?.map((part) => (part.kind === 'text' ? part.text : '?')).join('')).toBe(clean);
    }),
  );
});

test('no bytes whatever make the reader throw', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void parseShellLine(text)));
  expect(read('$('.repeat(5000))).toMatch(/at most 20 scripts/);
});
