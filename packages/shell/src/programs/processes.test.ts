import { endProcess, execute, openTerminal, readTerminal, typeLine } from '@lvscope/cluster';
import { DAEMONS, journal, type World } from '@lvscope/cluster';
import { expect, test } from 'vitest';
import { programs } from '../programs.ts';
import { quietWorld, typed } from '../testing/timed.ts';

DAEMONS.set('sitter', {
  start: ({ world, process }, args) => {
    journal(world, process, `begun ${args.join(' ')}`.trim());
    return args[0] === '-x' ? 'sitter: -x is not understood' : undefined;
  },
  wake: () => {},
  signal: ({ world, process }, signal) => {
    journal(world, process, `got ${signal}`);
    if (signal === 'TERM') endProcess(world, process, 0);
  },
  status: () => ['     sits'],
});

const now = (world: World, line: string): string => typed(line, 'rs1', 0, world);

test('systemctl starts, reloads, shows and stops a daemon of the table', () => {
  const world = quietWorld();
  expect(now(world, 'systemctl is-active sitter')).toBe('inactive\n[3]');
  expect(now(world, 'systemctl start sitter')).toBe('[0]');
  expect(now(world, 'systemctl status sitter')).toMatch(
    /^\* sitter\.service\n {5}Active: active \(running\)\n {3}Main PID: \d+ \(sitter\)\n {5}sits\n\[0\]$/,
  );
  expect(now(world, 'pidof sitter')).toMatch(/^\d+\n\[0\]$/);
  now(world, 'systemctl reload sitter; service sitter stop');
  expect(now(world, 'journalctl -u sitter')).toMatch(/begun\n.*got HUP\n.*got TERM\n/);
  expect(now(world, 'systemctl reload sitter')).toBe('sitter.service is not active, cannot reload.\n[1]');
  expect(now(world, 'systemctl start nobody')).toMatch(/Unit nobody\.service not found\.\n\[5\]$/);
});

test('a daemon is begun by its own name, with its own words', () => {
  const world = quietWorld();
  expect(now(world, '/usr/sbin/sitter -x')).toBe('sitter: -x is not understood\n[1]');
  expect(now(world, 'sitter -f /etc/sitter.conf; ps ax')).toMatch(/ sitter\n/);
  expect(now(world, '/etc/init.d/sitter stop; pidof sitter')).toBe('[1]');
});

test('kill and pkill end what runs, by number and by name', () => {
  const world = quietWorld();
  execute(world, programs, 'rs1', 'sleep 100; echo $?');
  const pid = now(world, 'pidof sleep').split('\n')[0] ?? '';
  expect(now(world, `kill ${pid}`)).toBe('[0]');
  expect(world.commands.find(({ command }) => command.startsWith('sleep'))?.out).toBe('143\n');
  expect(now(world, `kill ${pid}`)).toBe(`bash: kill: (${pid}) - No such process\n[1]`);
  execute(world, programs, 'rs1', 'sleep 100');
  expect(now(world, 'pkill -9 sleep; pidof sleep')).toBe('[1]');
  expect(now(world, 'pkill -STOP httpd; ps ax')).toMatch(/ httpd\n/);
  expect(world.servers[0]?.state).toBe('hung');
});

test('a stopped job goes on where it was', () => {
  const world = quietWorld();
  execute(world, programs, 'rs1', 'sleep 2; echo done');
  const pid = now(world, 'pidof sleep').split('\n')[0] ?? '';
  now(world, `kill -STOP ${pid}`);
  expect(typed('true', 'rs1', 5, world)).toBe('[0]');
  expect(now(world, 'pidof sleep')).toBe(`${pid}\n[0]`);
  now(world, `kill -CONT ${pid}`);
  expect(world.commands[world.commands.findIndex(({ command }) => command.startsWith('sleep 2'))]?.out).toBe(
    'done\n',
  );
});

test('watch draws again every interval until Ctrl-C', () => {
  const world = quietWorld();
  const terminal = openTerminal(world, 'director1');
  typeLine(world, programs, terminal, 'watch -n1 ipvsadm -Ln');
  typed('true', 'rs1', 2.5, world);
  const text = readTerminal(world, terminal)?.text ?? '';
  expect(text.match(/Every 1\.0s: ipvsadm -Ln {2,}director1: 00:00:0\d\n\nIP Virtual Server/g)).toHaveLength(
    3,
  );
  expect(readTerminal(world, terminal)?.busy).toBe(true);
});

test('lines are counted, cut and translated as the small tools do', () => {
  const world = quietWorld();
  const says = (line: string): string => now(world, line).replace(/\[0\]$/, '');
  expect(says('printf "a\\na\\nb\\n" | uniq -c')).toBe('      2 a\n      1 b\n');
  expect(says('echo "a:b:c" | cut -d: -f1,3')).toBe('a:c\n');
  expect(says('echo hello | tr a-z A-Z')).toBe('HELLO\n');
  expect(says('echo "a  b" | tr -s " "')).toBe('a b\n');
  expect(says('echo x | tee /tmp/t; cat /tmp/t')).toBe('x\nx\n');
  expect(says('echo abc | egrep "b|x"')).toBe('abc\n');
  expect(says('history | tail -1')).toMatch(/history \| tail -1\n$/);
});
