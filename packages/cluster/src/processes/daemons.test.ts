import { addTime, seconds, type SimTime } from '@lvscope/des';
import { afterEach, expect, test } from 'vitest';
import { checkpoint } from '../checkpoint.ts';
import { execute } from '../execute.ts';
import { advance } from '../loop.ts';
import { setPower } from '../server/control.ts';
import { worldOf } from '../testing/cluster.ts';
import { testPrograms } from '../testing/programs.ts';
import type { World } from '../world.ts';
import { type Daemon, DAEMONS, daemonOn, signalProcess, startDaemon, stopDaemon } from './daemons.ts';
import { journal, journalOf } from './journal.ts';
import { openSocket } from './sockets.ts';
import { endProcess, setAlarm } from './table.ts';

/** Knocks at the web server of rs1 every second, and says in the log what came of it. */
const knocker: Daemon = {
  start: ({ world, process }, args) => {
    if (args.length > 0) return `knocker: ${args[0]} is not understood`;
    process.state = { knocks: 0 };
    setAlarm(world, process, world.sim.now);
    return undefined;
  },
  wake: ({ world, programs, process }, messages) => {
    const state = process.state as { knocks: number };
    for (const { kind } of messages) if (kind !== 'alarm') journal(world, process, kind);
    if (!messages.some(({ kind }) => kind === 'alarm')) return;
    state.knocks++;
    const rs1 = world.net.hostByName.get('rs1')?.interfaces[1]?.addresses[0]?.address;
    if (rs1 !== undefined) openSocket(world, process, { destination: rs1, destinationPort: 80 });
    if (state.knocks === 2) execute(world, programs, process.host, 'true', 'daemon', { parent: process.pid });
    setAlarm(world, process, addTime(world.sim.now, seconds(1)));
  },
  signal: ({ world, process }, signal) => {
    journal(world, process, `got ${signal}`);
    if (signal === 'TERM') endProcess(world, process, 0);
  },
};

DAEMONS.set('knocker', knocker);
afterEach(() => DAEMONS.set('knocker', knocker));

const to = (world: World, second: number): void => {
  advance(world, testPrograms, seconds(second) as number as SimTime);
};
const said = (world: World): string =>
  journalOf(world, 'd1', 'knocker')
    .map(({ text }) => text)
    .join(' ');

test('a daemon is woken by its alarm, its sockets and the command lines that it began', () => {
  const world = worldOf({});
  expect(startDaemon(world, testPrograms, 'd1', 'knocker')).toMatchObject({ ok: true });
  to(world, 1.5);
  expect(said(world)).toBe('connected child connected');
});

test('a second one is refused, and so is one that does not understand how it was called', () => {
  const world = worldOf({});
  expect(startDaemon(world, testPrograms, 'd1', 'knocker', ['-x'])).toEqual({
    ok: false,
    reason: 'knocker: -x is not understood',
  });
  startDaemon(world, testPrograms, 'd1', 'knocker');
  expect(startDaemon(world, testPrograms, 'd1', 'knocker')).toMatchObject({ ok: false });
  expect(startDaemon(world, testPrograms, 'rs1', 'knocker')).toMatchObject({ ok: true });
  expect(startDaemon(world, testPrograms, 'd1', 'nobody')).toMatchObject({ ok: false });
});

test('signals reach it; KILL and the loss of power end it without a word', () => {
  const world = worldOf({});
  startDaemon(world, testPrograms, 'd1', 'knocker');
  signalProcess(world, testPrograms, daemonOn(world, 'd1', 'knocker')?.pid ?? 0, 'HUP');
  expect(stopDaemon(world, testPrograms, 'd1', 'knocker')).toBe(true);
  expect(said(world)).toBe('got HUP got TERM');
  startDaemon(world, testPrograms, 'd1', 'knocker');
  signalProcess(world, testPrograms, daemonOn(world, 'd1', 'knocker')?.pid ?? 0, 'KILL');
  expect(daemonOn(world, 'd1', 'knocker')).toBeUndefined();
  startDaemon(world, testPrograms, 'd1', 'knocker');
  setPower(world, 'd1', false);
  expect(daemonOn(world, 'd1', 'knocker')).toBeUndefined();
  expect(said(world)).toBe('got HUP got TERM');
  expect(stopDaemon(world, testPrograms, 'd1', 'knocker')).toBe(false);
});

test('a stopped daemon hears of what happened when it goes on', () => {
  const world = worldOf({});
  startDaemon(world, testPrograms, 'd1', 'knocker');
  const pid = daemonOn(world, 'd1', 'knocker')?.pid ?? 0;
  to(world, 0.5);
  signalProcess(world, testPrograms, pid, 'STOP');
  to(world, 3.5);
  expect(said(world)).toBe('connected');
  signalProcess(world, testPrograms, pid, 'CONT');
  to(world, 4);
  expect(said(world)).toBe('connected child connected');
});

test('a world that is copied with a daemon in it runs on like the original', () => {
  const world = worldOf({});
  startDaemon(world, testPrograms, 'd1', 'knocker');
  to(world, 0.9);
  const copy = checkpoint(world);
  to(world, 5);
  to(copy, 5);
  expect(said(copy)).toBe(said(world));
  expect(copy.sim.eventsFired).toBe(world.sim.eventsFired);
});
