import { haView, type World } from '@lvscope/cluster';
import { preset } from '@lvscope/scenario';
import { expect, test, vi } from 'vitest';
import { announced, directors, logged, macOf, on, pool, to, VIP } from '../testing/directors.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Piranha on both directors with the file of its preset, some words of it changed. */
function piranha(change: Readonly<Record<string, string>> = {}): World {
  const path = '/etc/sysconfig/ha/lvs.cf';
  const host = preset('failover-piranha')?.hosts.find(({ name }) => name === 'd1');
  let text = host?.files?.[path] ?? '';
  for (const [from, to_] of Object.entries(change)) {
    if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
    text = text.replace(from, to_);
  }
  return directors({
    routerCache: { lifetimeSeconds: 14_400, learns: 'all' },
    setup: () => ['systemctl start pulse'],
    files: () => ({ [path]: text }),
  });
}

const holders = (world: World): readonly string[] => haView(world).addresses[0]?.holders ?? [];

test('the primary serves at once, and announces by itself, once a second for five seconds', () => {
  const world = piranha();
  to(world, 20);
  expect(holders(world)).toEqual(['d1']);
  const said = announced(world, 'd1');
  expect(said).toHaveLength(5);
  for (let i = 1; i < said.length; i++) expect(said[i]! - said[i - 1]!).toBeCloseTo(1, 6);
});

test('the backup takes over after deadtime and announces: the router learns without a script', () => {
  const world = piranha();
  to(world, 19);
  on(world, 'router', `ping -c 1 ${VIP}`);
  to(world, 20.5);
  const before = macOf(world, 'router');
  on(world, 'd1', 'poweroff');
  to(world, 25.9);
  expect(holders(world)).toEqual([]);
  to(world, 26.1);
  // the last heartbeat was at 20 s, deadtime is 6
  expect(holders(world)).toEqual(['d2']);
  expect(macOf(world, 'router')).not.toBe(before);
  to(world, 40);
  expect(announced(world, 'd2')).toHaveLength(5);
  expect(logged(world, 'd2', 'pulse')).toContain('gratuitous lvs arps finished');
});

test('the primary that comes back serves again, and the backup steps back', () => {
  const world = piranha();
  to(world, 20);
  on(world, 'd1', 'poweroff');
  to(world, 40);
  on(world, 'd1', 'poweron');
  to(world, 60);
  expect(holders(world)).toEqual(['d1']);
  expect(pool(world, 'd2')).toEqual([]);
  expect(logged(world, 'd2', 'pulse')).toContain('partner active: resuming slave mode');
});

test('a pulse that is stopped tells its partner, which does not wait', () => {
  const world = piranha();
  to(world, 20.5);
  on(world, 'd1', 'systemctl stop pulse');
  to(world, 20.6);
  expect(holders(world)).toEqual(['d2']);
});

test('without backup_active nobody takes over', () => {
  const world = piranha({ 'backup_active = 1': 'backup_active = 0' });
  to(world, 20);
  on(world, 'd1', 'poweroff');
  to(world, 60);
  expect(holders(world)).toEqual([]);
});

test('nanny deletes a server that fails, or quiesces it, and takes it back after reentry', () => {
  for (const [word, left] of [
    ['0', ['192.168.1.12 1']],
    ['1', ['192.168.1.11 0', '192.168.1.12 1']],
  ] as const) {
    const world = piranha({ 'quiesce_server = 0': `quiesce_server = ${word}` });
    to(world, 20);
    expect(pool(world, 'd1')).toHaveLength(2);
    on(world, 'rs1', 'systemctl stop httpd');
    to(world, 30);
    expect(pool(world, 'd1').sort()).toEqual(left);
    on(world, 'rs1', 'systemctl start httpd');
    // a check is due every 6 s, reentry is 15
    to(world, 30 + 15);
    expect(pool(world, 'd1').sort()).toEqual(left);
    to(world, 30 + 6 + 16);
    expect(pool(world, 'd1').sort()).toEqual(['192.168.1.11 1', '192.168.1.12 1']);
  }
});
