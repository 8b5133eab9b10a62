import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_RULES_CHARACTERS, MAX_RULES_SERVERS, parseRules, printIpvsadm } from './index.ts';
import { recordedCommands } from './testing/recorded.ts';

const read = (text: string): string[] => {
  const { commands, problems } = parseRules(text);
  return [
    ...commands.map((placed) => `${placed.line}:${placed.column} ${printIpvsadm(placed.command)}`),
    ...problems.map((problem) => `${problem.line}:${problem.column} ! ${problem.found}`),
  ];
};

test('what the real tool saved is read back and printed as it was', () => {
  const saved = recordedCommands('cli-errors').find(({ cmd }) => cmd === 'ipvsadm -S -n');
  const { commands, problems } = parseRules(saved?.out ?? '');
  expect(problems).toEqual([]);
  const printed = commands.map(({ command }) => printIpvsadm(command).replace(/^ipvsadm /, ''));
  expect(`${printed.join('\n')}\n`).toBe(saved?.out);
});

test('a script may name the program, quote, comment, continue lines and end them as DOS does', () => {
  const text =
    '\uFEFF# rules\r\n\r\nipvsadm -A -t "10.0.0.1:80" -s rr # web\r\n' +
    'sudo /sbin/ipvsadm -a -t 10.0.0.1:80 \\\r\n  -r 10.0.0.2\r\n';
  expect(read(text)).toEqual([
    '3:9 ipvsadm -A -t 10.0.0.1:80 -s rr',
    '4:20 ipvsadm -a -t 10.0.0.1:80 -r 10.0.0.2:80 -g -w 1',
  ]);
});

test('every faulty line is named with its place', () => {
  const text = '-A -t 10.0.0.1:80\n-a -t 10.0.0.1:80\n  -A -t 10.0.0.1:99999\n-A -t "10\n-L\n';
  expect(read(text)).toEqual([
    '1:1 ipvsadm -A -t 10.0.0.1:80 -s wlc',
    '5:1 ipvsadm -L',
    '2:18 ! the end of the line',
    '3:9 ! 10.0.0.1:99999',
    '4:7 ! the end of the line',
  ]);
});

test('too many servers or too much text stop with one clear problem', () => {
  const line = '-a -f 1 -r 10.0.0.1\n';
  const many = parseRules(line.repeat(MAX_RULES_SERVERS + 2));
  expect(many.commands).toHaveLength(MAX_RULES_SERVERS);
  expect(many.problems).toMatchObject([{ line: MAX_RULES_SERVERS + 1, found: 'one more server' }]);
  expect(parseRules('x'.repeat(MAX_RULES_CHARACTERS + 1)).problems).toHaveLength(1);
});

test('no bytes whatever make the reader throw, and the number of problems is bounded', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      expect(parseRules(text).problems.length).toBeLessThanOrEqual(201);
    }),
  );
  expect(parseRules('-?\n'.repeat(1000)).problems).toHaveLength(201);
});
