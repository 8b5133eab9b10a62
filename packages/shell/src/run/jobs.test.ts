import {
  act,
  advance,
  checkpoint,
  commands,
  execute,
  historyOf,
  openTerminal,
  processesOf,
  readTerminal,
  type World,
} from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import { expect, test } from 'vitest';
import { programs } from '../programs.ts';
import { smallWorld } from '../testing/small-world.ts';

const to = (world: World, seconds: number): void => {
  advance(world, programs, (seconds * 1e9) as SimTime);
};

/** A line begun at time 0; what the log has of it after so many seconds. */
function logged(line: string, seconds: number): string {
  const world = smallWorld();
  execute(world, programs, 'rs1', line);
  to(world, seconds);
  const record = commands(world).at(-1);
  return `${record?.rc}: ${record?.out}${record?.err}`;
}

test('a line that takes time has no exit code until it is over', () => {
  const world = smallWorld();
  const begun = execute(world, programs, 'rs1', 'sleep 2; echo done');
  expect([begun.rc, begun.out]).toEqual([undefined, '']);
  to(world, 1.9);
  expect(commands(world).at(-1)).toMatchObject({ rc: undefined, out: '' });
  to(world, 2.1);
  expect(commands(world).at(-1)).toMatchObject({ rc: 0, out: 'done\n' });
  expect(processesOf(world)).toEqual([]);
});

test('; && || keep their order around programs that take time', () => {
  expect(logged('echo a; sleep 1; echo b', 0.5)).toBe('undefined: a\n');
  expect(logged('echo a; sleep 1; echo b', 1.5)).toBe('0: a\nb\n');
  expect(logged('sleep 1 && echo yes || echo no', 1.5)).toBe('0: yes\n');
  expect(logged('sleep 1 && false || echo no', 1.5)).toBe('0: no\n');
  expect(logged('for i in 1 2 3; do sleep 1; echo $i; done; echo end', 2.5)).toBe('undefined: 1\n2\n');
  expect(logged('for i in 1 2 3; do sleep 1; echo $i; done; echo end', 3.5)).toBe('0: 1\n2\n3\nend\n');
});

test('a substitution is waited for, and its exit code can be asked', () => {
  expect(logged('echo $(sleep 1; echo late) $(echo soon)', 0.5)).toBe('undefined: ');
  expect(logged('echo $(sleep 1; echo late) $(echo soon)', 1.5)).toBe('0: late soon\n');
  expect(logged('true; echo $? $(false) $?; x=$(false); echo $?', 0)).toBe('0: 0 1\n1\n');
});

test('& begins a list and goes on at once; wait waits for it', () => {
  expect(logged('sleep 1 && echo late & echo now', 0.5)).toBe('0: now\n');
  expect(logged('sleep 1 && echo late & echo now', 1.5)).toBe('0: now\nlate\n');
  expect(logged('sleep 2 & sleep 1 & wait; echo both', 1.5)).toBe('undefined: ');
  expect(logged('sleep 2 & sleep 1 & wait; echo both', 2.5)).toBe('0: both\n');
});

test('filters work line by line while the program before them runs', () => {
  const slow = 'for i in 1 2 3 4; do echo line $i; sleep 1; done';
  expect(logged(`${slow} | grep -v 2`, 2.5)).toBe('undefined: line 1\nline 3\n');
  expect(logged(`${slow} | grep line | cat`, 1.5)).toBe('undefined: line 1\nline 2\n');
  expect(logged(`${slow} | tail -1`, 3.5)).toBe('undefined: ');
  expect(logged(`${slow} | tail -1; echo $?`, 4.5)).toBe('0: line 4\n0\n');
  expect(logged(`${slow} | wc -l`, 4.5)).toBe('0: 4\n');
  expect(logged(`${slow} | grep 9; echo $?`, 4.5)).toBe('0: 1\n');
});

test('head ends when it has its lines, and the writer dies at its next write', () => {
  const slow = 'for i in 1 2 3 4; do echo line $i; sleep 1; done';
  expect(logged(`${slow} | head -2; echo over`, 1.5)).toBe('undefined: line 1\nline 2\n');
  expect(logged(`${slow} | head -2; echo over`, 2.5)).toBe('0: line 1\nline 2\nover\n');
});

test('what is written to a file is there as soon as it was written', () => {
  const world = smallWorld();
  execute(world, programs, 'rs1', 'for i in 1 2; do echo $i; sleep 1; done | cat > /tmp/x');
  to(world, 0.5);
  expect(execute(world, programs, 'rs1', 'cat /tmp/x').out).toBe('1\n');
  to(world, 1.5);
  expect(execute(world, programs, 'rs1', 'cat /tmp/x').out).toBe('1\n2\n');
});

test('a world copied in the middle of a job runs on like the original', () => {
  const world = smallWorld();
  openTerminal(world, 'rs1');
  act(world, programs, {
    kind: 'type',
    terminal: 1,
    line: 'for i in 1 2 3; do echo $(sleep 1; echo $i); done | grep -v 2',
  });
  to(world, 1.5);
  const copy = checkpoint(structuredClone(world));
  to(world, 5);
  to(copy, 5);
  expect(readTerminal(copy, 1)).toEqual(readTerminal(world, 1));
  expect(commands(copy)).toEqual(commands(world));
  expect(commands(world).at(-1)).toMatchObject({ rc: 0, out: '1\n3\n' });
});

test('a terminal shows prompt, line and output; what is typed ahead waits', () => {
  const world = smallWorld();
  const terminal = openTerminal(world, 'rs1');
  for (const line of ['echo a', 'sleep 1', 'echo b', ''])
    act(world, programs, { kind: 'type', terminal, line });
  const prompt = 'root@rs1:~# ';
  expect(readTerminal(world, terminal)?.text).toBe(`${prompt}echo a\na\n${prompt}sleep 1\n`);
  const seen = readTerminal(world, terminal)?.next;
  to(world, 1.5);
  expect(readTerminal(world, terminal, seen)?.text).toBe(`${prompt}echo b\nb\n${prompt}\n${prompt}`);
  expect(historyOf(world, 'rs1')).toEqual(['echo a', 'sleep 1', 'echo b']);
});

test('Ctrl-C ends the line in the foreground with 130 and leaves the background alone', () => {
  const world = smallWorld();
  const terminal = openTerminal(world, 'rs1');
  act(world, programs, { kind: 'type', terminal, line: 'sleep 3 && echo back &' });
  act(world, programs, { kind: 'type', terminal, line: 'sleep 9; echo never' });
  to(world, 1);
  act(world, programs, { kind: 'interrupt', terminal });
  expect(commands(world).at(-1)?.rc).toBe(130);
  expect(readTerminal(world, terminal)?.text).toMatch(/sleep 9; echo never\n\^C\nroot@rs1:~# $/);
  to(world, 4);
  expect(readTerminal(world, terminal)?.text).toMatch(/# back\n$/);
});

test('a host that loses its power has no processes, and no prompt answers', () => {
  const world = smallWorld();
  execute(world, programs, 'rs1', 'sleep 100');
  expect(execute(world, programs, 'rs1', 'poweroff').rc).toBe(0);
  expect(processesOf(world)).toEqual([]);
  expect(execute(world, programs, 'rs1', 'hostname').err).toMatch(/No route to host/);
});

test('no sequence of typing, time and signals makes a terminal throw or lose its prompt', () => {
  const world = smallWorld();
  const terminal = openTerminal(world, 'rs1');
  const lines = [
    'sleep 1 | cat',
    'for i in 1 2; do sleep $i & done; wait',
    'sleep x',
    '| |',
    'echo $(sleep 2)',
  ];
  for (let i = 0; i < 60; i++) {
    act(world, programs, { kind: 'type', terminal, line: lines[(i * 7) % lines.length] ?? '' });
    to(world, i / 3);
    if (i % 4 === 1) act(world, programs, { kind: 'interrupt', terminal });
  }
  to(world, 300);
  expect(readTerminal(world, terminal)?.busy).toBe(false);
  expect(processesOf(world)).toEqual([]);
});
