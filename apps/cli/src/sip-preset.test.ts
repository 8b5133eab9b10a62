import { advance, createWorld, execute, type World } from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import { preset, type Scenario } from '@lvscope/scenario';
import { programs } from '@lvscope/shell';
import { expect, it, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000 });

/** The preset after so many seconds, with its rules changed or not. */
function calling(seconds: number, change: (rules: string) => string = (rules) => rules): World {
  const scenario: Scenario = preset('sip-call-id')!;
  const hosts = scenario.hosts.map((host) => ({ ...host, rules: change(host.rules) }));
  const created = createWorld({ ...scenario, hosts }, programs);
  if (!created.ok) throw new Error(JSON.stringify(created.faults));
  advance(created.world, programs, (seconds * 1e9) as SimTime);
  return created.world;
}

const said = (world: World, run: string): string => execute(world, programs, 'd1', run).out;

/** Templates as `call server`, one a row of the table. */
function templates(world: World): string[] {
  return said(world, 'ipvsadm -Lnc --persistent-conn')
    .split('\n')
    .map((line) => line.split(/ +/))
    .filter((words) => words[6] === 'sip')
    .map((words) => `${words[7]} ${words[5]}`);
}

it('six calls of four exchanges have six templates, two at each server', () => {
  const world = calling(60);
  const found = templates(world);
  expect(found).toHaveLength(6);
  const calls = [0, 1, 2, 3, 4, 5].map((n) => `${n}@calls`);
  expect(new Set(found.map((row) => row.split(' ')[0]))).toEqual(new Set(calls));
  const servers = found.map((row) => row.split(' ')[1]);
  for (const server of new Set(servers)) expect(servers.filter((one) => one === server)).toHaveLength(2);
  expect(world.workloads[0]!.succeeded).toBeGreaterThan(80);
  expect(world.workloads[0]!.failures).toMatchObject({ timeout: 0, refused: 0, reset: 0, unreachable: 0 });
});

it('without -M each exchange’s part of a call is a template of its own', () => {
  const world = calling(110, (rules) => rules.replace(' -M 255.255.255.0', ''));
  expect(templates(world)).toHaveLength(24);
});

it('without --pe sip the exchanges are at one server, whatever they speak of', () => {
  const world = calling(60, (rules) => rules.replace(' --pe sip', ''));
  expect(templates(world)).toEqual([]);
  const rows = said(world, 'ipvsadm -Ln --persistent-conn')
    .split('\n')
    .filter((line) => line.includes('->'));
  expect(rows.map((row) => row.split(/ +/)[4])).toEqual([undefined, '0', '0', '1']);
});
