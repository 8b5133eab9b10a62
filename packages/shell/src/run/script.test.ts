import { writeFile } from '@lvscope/cluster';
import { expect, test } from 'vitest';
import { programs } from '../programs.ts';
import { smallWorld } from '../testing/small-world.ts';

/** What a line says on rs1, where these files are. */
function says(line: string, files: Readonly<Record<string, string>> = {}): string {
  const world = smallWorld();
  for (const [path, text] of Object.entries(files)) writeFile(world, 'rs1', path, text);
  const { rc, out, err } = programs.run(world, 'rs1', line);
  return `${out}${err}${rc === 0 ? '' : `[${rc}]`}`;
}

const VIP = '#!/bin/sh\n# what a real server needs\nip addr $1 192.168.0.100/32 dev lo\necho $0 $# $@\n';

test('sh -c runs a line with arguments, in a shell of its own', () => {
  expect(says("sh -c 'echo $1 $0; exit 3; echo no' name arg")).toBe('arg name\n[3]');
  expect(says("X=1; bash -c 'X=2; echo $X'; echo $X")).toBe('2\n1\n');
  expect(says("sh -c 'echo a; echo b' | wc -l; sh -c 'echo out' > f; cat f")).toBe('2\nout\n');
  expect(says("echo 'ip addr show dev lo' | sh | grep -c 127.0.0.1")).toBe('1\n');
});

test('a file is run by its path, or by a shell', () => {
  const files = { '/root/vip.sh': VIP };
  expect(says('sh vip.sh add x; ip a | grep -c 192.168.0.100/32', files)).toBe('vip.sh 2 add x\n1\n');
  expect(says('./vip.sh add && /root/vip.sh del; ip a | grep -c 192.168.0.100/32', files)).toBe(
    './vip.sh 1 add\n/root/vip.sh 1 del\n0\n[1]',
  );
  expect(says('printf "echo made\\n" > here.sh; sh here.sh')).toBe('made\n');
});

test('what is no script is said so', () => {
  expect(says('./nothing.sh')).toBe('bash: ./nothing.sh: No such file or directory\n[127]');
  expect(says('bash nothing.sh')).toBe('bash: nothing.sh: No such file or directory\n[127]');
  expect(says('sh -c')).toBe('sh: -c: option requires an argument\n[2]');
  expect(says('sh -x a')).toBe('sh: -x: invalid option\n[2]');
  expect(says("sh -c 'for'")).toMatch(/^bash: line 1, column 4: syntax error.*\[2\]$/s);
});

test.each(['./me.sh', './me.sh; ./me.sh', './me.sh | ./me.sh', './me.sh & ./me.sh &'])(
  'a script that calls itself comes to an end: %s',
  (line) => {
    expect(says('./me.sh > /dev/null 2>&1; echo over', { '/root/me.sh': line })).toMatch(
      /^(over|bash: more than 10000 commands in one line)\n/,
    );
  },
);
