import { execute, type World } from '@lvscope/cluster';
import { expect, test } from 'vitest';
import { faultsOf } from './faults.ts';
import { programs } from './programs.ts';
import { quietWorld, typed } from './testing/timed.ts';

const commands = (world: World, host: string): string[] =>
  (faultsOf(world, host) ?? []).flatMap(({ faults }) => faults.map(({ command }) => command));

test('what can be broken is a command on the host: by cable, by service, and the machine', () => {
  expect(commands(quietWorld(), 'rs1')).toEqual([
    'ip link set eth0 down',
    'tc qdisc replace dev eth0 root netem delay 100ms',
    'tc qdisc replace dev eth0 root netem loss 5%',
    'tc qdisc del dev eth0 root',
    'systemctl stop httpd',
    'pkill -STOP httpd',
    'reboot',
    'poweroff',
  ]);
});

test('where something is broken, the way back is offered', () => {
  const world = quietWorld();
  const after = (line: string): string[] => {
    execute(world, programs, 'rs1', line);
    return commands(world, 'rs1');
  };
  expect(after('pkill -STOP httpd')).toContain('pkill -CONT httpd');
  expect(after('systemctl stop httpd')).toContain('systemctl start httpd');
  const cut = after('ip link set eth0 down');
  expect(cut).toContain('ip link set eth0 up');
  expect(cut).not.toContain('ip link set eth0 down');
  expect(after('poweroff')).toEqual(['poweron']);
});

test('daemons can be stopped and hung like server programs', () => {
  const world = quietWorld();
  execute(world, programs, 'director1', 'echo > /etc/keepalived/keepalived.conf; systemctl start keepalived');
  expect(commands(world, 'director1')).toContain('pkill -STOP keepalived');
  execute(world, programs, 'director1', 'pkill -STOP keepalived');
  expect(commands(world, 'director1')).toContain('pkill -CONT keepalived');
});

test('every command that is offered is one that works', () => {
  for (const host of ['rs1', 'director1']) {
    for (const command of commands(quietWorld(), host)) {
      const removes = command.startsWith('tc qdisc del');
      const line = `${removes ? 'tc qdisc add dev eth0 root netem loss 1%; ' : ''}${command}`;
      expect([command, typed(line, host, 0)]).toEqual([command, '[0]']);
    }
  }
});

test('nobody knows what can happen to a host that is not there', () => {
  expect(faultsOf(quietWorld(), 'nobody')).toBeUndefined();
});
