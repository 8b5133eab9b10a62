import { expect, test, vi } from 'vitest';
import type { Scenario } from '@lvscope/scenario';
import { createWorld } from './build.ts';
import { open, scenarioOf } from './testing/cluster.ts';
import { testPrograms } from './testing/programs.ts';

vi.setConfig({ testTimeout: 60_000 });

const good = scenarioOf({ workload: open(5, 5) });

function faultsOf(change: Partial<Scenario>): string[] {
  const made = createWorld({ ...good, ...change }, testPrograms);
  return made.ok ? [] : made.faults.map((fault) => `${fault.path}: ${fault.found}; wanted ${fault.wanted}`);
}

test('a scenario without faults becomes a world', () => {
  expect(faultsOf({})).toEqual([]);
});

test('a timeline on a host that does not exist is refused at its place', () => {
  const timeline = [{ atSeconds: 1, on: 'rs9', run: 'true' }];
  expect(faultsOf({ timeline })).toEqual(['timeline[0].on: rs9; wanted the name of a host']);
});

test('an address that lies outside its network is refused', () => {
  const [client, ...rest] = good.hosts;
  const nic = { ...client!.interfaces[0]!, addresses: ['10.77.0.1/30'] };
  expect(faultsOf({ hosts: [{ ...client!, interfaces: [nic] }, ...rest] })[0]).toBe(
    'hosts[0].interfaces[0].addresses[0]: 10.77.0.1/30; ' +
      'wanted an address in 10.254.0.0/30, the network internet',
  );
});

test('an interface on a network that does not exist is refused with the names that do', () => {
  const [client, ...rest] = good.hosts;
  const nic = { ...client!.interfaces[0]!, network: 'moon' };
  expect(faultsOf({ hosts: [{ ...client!, interfaces: [nic] }, ...rest] })[0]).toBe(
    'hosts[0].interfaces[0].network: moon; wanted one of internet, lan',
  );
});

test('a gateway that is on no network of the host is refused', () => {
  const [client, ...rest] = good.hosts;
  const hosts = [{ ...client!, routes: ['default via 172.31.0.1'] }, ...rest];
  expect(faultsOf({ hosts })[0]).toContain(
    'hosts[0].routes[0]: default via 172.31.0.1 (gateway-unreachable)',
  );
  const nonsense = [{ ...client!, routes: ['default over there'] }, ...rest];
  expect(faultsOf({ hosts: nonsense })[0]).toContain('hosts[0].routes[0]: default over there; wanted');
});

test('two server programs on one port of a host are refused', () => {
  const services = [good.services[0]!, { ...good.services[0]!, name: 'nginx', on: ['rs1'] }];
  expect(faultsOf({ services })[0]).toBe(
    'services[1].port: tcp port 80 of rs1 a second time; wanted one server program per port',
  );
});

test('more than 5000 real servers are refused, and a thousand run', () => {
  const rs = good.hosts.at(-1)!;
  const many = (n: number) => Array.from({ length: n }, (_, i) => ({ ...rs, name: `x${i}`, interfaces: [] }));
  expect(faultsOf({ hosts: [...good.hosts, ...many(5000)] })).toEqual([
    'hosts: 5003 real servers; wanted at most 5000',
  ]);
  expect(
    faultsOf({ hosts: [...good.hosts, ...many(1000).map((h) => ({ ...h, setup: [], routes: [] }))] }),
  ).toEqual([]);
});

test('a load that memory could not hold is refused', () => {
  expect(faultsOf({ workloads: [open(5, 1_000_000)] })[0]).toContain(
    'workloads[0]: about 120000000 connections',
  );
});

test('a set-up command that fails does not stop the world and stands in the log', () => {
  const [client, ...rest] = good.hosts;
  const made = createWorld(
    { ...good, hosts: [{ ...client!, setup: ['frobnicate'] }, ...rest] },
    testPrograms,
  );
  expect(made.ok && made.world.commands[0]).toMatchObject({
    at: 0,
    host: 'client',
    command: 'frobnicate',
    rc: 127,
    err: 'frobnicate: command not found\n',
    origin: 'setup',
  });
});
