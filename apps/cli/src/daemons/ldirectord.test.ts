import type { World } from '@lvscope/cluster';
import { expect, test, vi } from 'vitest';
import { asked, directors, logged, loggedAt, on, pool, to, VIP } from '../testing/directors.ts';

vi.setConfig({ testTimeout: 60_000 });

const RS1 = '192.168.1.11';
const RS2 = '192.168.1.12';

/** ldirectord on d1 alone; `head` is global, `below` the virtual server's. */
function ldirectord(head: string, below: string): World {
  const indented = below.split('\n').map((line) => `\t${line}\n`);
  return directors({
    setup: (n) => (n === 1 ? [`ip addr add ${VIP}/32 dev eth0`, 'systemctl start ldirectord'] : []),
    files: () => ({
      '/etc/ha.d/ldirectord.cf': `checkinterval=5\nchecktimeout=3\nnegotiatetimeout=4\n${head}
virtual=${VIP}:80
\treal=${RS1}:80 gate
\treal=${RS2}:80 gate
\tscheduler=rr
${indented.join('')}`,
    }),
  });
}

const log = (world: World, since = 0): string[] => logged(world, 'd1', 'ldirectord', since);
const at = (world: World, what: RegExp): number[] => loggedAt(world, 'd1', 'ldirectord', what);

test('quiescent=no deletes a server that fails, quiescent=yes gives it weight 0', () => {
  for (const [quiescent, left, verb] of [
    ['no', [`${RS2} 1`], `Deleted real server: ${RS1}:80 (${VIP}:80)`],
    ['yes', [`${RS1} 0`, `${RS2} 1`], `Quiescent real server: ${RS1}:80 (${VIP}:80) (Weight set to 0)`],
  ] as const) {
    const world = ldirectord(`quiescent=${quiescent}`, 'checktype=connect');
    to(world, 10);
    expect(pool(world, 'd1')).toHaveLength(2);
    on(world, 'rs1', 'systemctl stop httpd');
    to(world, 20);
    expect(pool(world, 'd1').sort()).toEqual(left);
    expect(log(world, 10)).toEqual([verb]);
    on(world, 'rs1', 'systemctl start httpd');
    to(world, 30);
    expect(pool(world, 'd1').sort()).toEqual([`${RS1} 1`, `${RS2} 1`]);
  }
});

test('before its first check a server is out: with weight 0 if quiescent, not listed if not', () => {
  const servers = (quiescent: string): string[] => {
    const world = ldirectord(`quiescent=${quiescent}`, 'checktype=off');
    to(world, 0.0001);
    return pool(world, 'd1').sort();
  };
  expect(servers('yes')).toEqual([`${RS1} 0`, `${RS2} 0`]);
  expect(servers('no')).toEqual([]);
});

/** Who is in the pool 25 s after something has happened to rs1. */
function after(checktype: string, what: string): string[] {
  const world = ldirectord('quiescent=no', `service=http\nchecktype=${checktype}`);
  to(world, 10);
  on(world, 'rs1', what);
  to(world, 35);
  return pool(world, 'd1').sort();
}

test('ping notices the machine, connect the port, negotiate the answer, on and off nothing', () => {
  const both = [`${RS1} 1`, `${RS2} 1`];
  const one = [`${RS2} 1`];
  expect(after('ping', 'poweroff')).toEqual(one);
  expect(after('ping', 'systemctl stop httpd')).toEqual(both);
  expect(after('connect', 'systemctl stop httpd')).toEqual(one);
  expect(after('connect', 'pkill -STOP httpd')).toEqual(both);
  expect(after('negotiate', 'pkill -STOP httpd')).toEqual(one);
  expect(after('on', 'poweroff')).toEqual(both);
  expect(after('off', 'true')).toEqual([]);
});

test('a negotiating check waits for negotiatetimeout, a connecting one for checktimeout', () => {
  const down = (below: string, what: string): number => {
    const world = ldirectord('quiescent=no', below);
    to(world, 6);
    on(world, 'rs1', what);
    to(world, 30);
    const [deleted] = at(world, /Deleted real server: 192.168.1.11/);
    const began = asked(world, 'd1', RS1).findLast((one) => one < deleted! - 2.5)!;
    return deleted! - began;
  };
  expect(down('service=http\nchecktype=negotiate', 'pkill -STOP httpd')).toBeCloseTo(4, 1);
  expect(down('checktype=connect', 'ip link set eth0 down')).toBeCloseTo(3, 1);
});

test('a number as checktype: so many connects, then a request, which alone notices a hang', () => {
  const deletedAfter = (checktype: number): number => {
    const world = ldirectord('quiescent=no', `service=http\nchecktype=${checktype}`);
    // requests at 0 s, and then at each (N + 1)th check, 5 s apart
    to(world, 1);
    on(world, 'rs1', 'pkill -STOP httpd');
    to(world, 40);
    return at(world, /Deleted real server: 192.168.1.11/)[0]!;
  };
  // the request waits for negotiatetimeout, 4 s
  expect(deletedAfter(1)).toBeCloseTo(2 * 5 + 4, 1);
  expect(deletedAfter(3)).toBeCloseTo(4 * 5 + 4, 1);
});

test('a number as checktype: after a connect that failed a request must be answered', () => {
  const world = ldirectord('quiescent=no', 'service=http\nchecktype=3');
  to(world, 6);
  on(world, 'rs1', 'systemctl stop httpd');
  to(world, 11);
  expect(pool(world, 'd1')).toEqual([`${RS2} 1`]);
  // it would connect again, and says nothing
  on(world, 'rs1', 'systemctl start httpd');
  on(world, 'rs1', 'pkill -STOP httpd');
  to(world, 30);
  expect(pool(world, 'd1')).toEqual([`${RS2} 1`]);
  on(world, 'rs1', 'pkill -CONT httpd');
  to(world, 45);
  expect(pool(world, 'd1').sort()).toEqual([`${RS1} 1`, `${RS2} 1`]);
});

test('failurecount: so many checks in a row must fail, and one that succeeds begins the count anew', () => {
  const world = ldirectord('quiescent=no\nfailurecount=3', 'checktype=connect');
  to(world, 6);
  on(world, 'rs1', 'systemctl stop httpd');
  to(world, 16);
  // failed at 10 and 15
  expect(pool(world, 'd1')).toHaveLength(2);
  on(world, 'rs1', 'systemctl start httpd');
  to(world, 21);
  on(world, 'rs1', 'systemctl stop httpd');
  // fails at 25 and 30, and for the third time at 35
  to(world, 34);
  expect(pool(world, 'd1')).toHaveLength(2);
  to(world, 36);
  expect(pool(world, 'd1')).toEqual([`${RS2} 1`]);
});

test('checkcount: so many pings without an answer are one check that failed', () => {
  const noticed = (checkcount: number): number => {
    const world = ldirectord(`quiescent=no\ncheckcount=${checkcount}`, 'checktype=ping');
    to(world, 6);
    on(world, 'rs1', 'poweroff');
    to(world, 40);
    return at(world, /^Deleted real server/)[0]!;
  };
  // checktimeout is 3 s
  expect(noticed(3) - noticed(1)).toBeCloseTo(6, 1);
});

test('fallback stands in while no real server is up', () => {
  const world = ldirectord('quiescent=no', `checktype=connect\nfallback=127.0.0.1:80 gate`);
  to(world, 0.0001);
  expect(pool(world, 'd1')).toEqual(['127.0.0.1 1']);
  to(world, 10);
  expect(pool(world, 'd1').sort()).toEqual([`${RS1} 1`, `${RS2} 1`]);
  on(world, 'rs1', 'systemctl stop httpd');
  to(world, 20);
  expect(pool(world, 'd1')).toEqual([`${RS2} 1`]);
  on(world, 'rs2', 'systemctl stop httpd');
  to(world, 30);
  expect(pool(world, 'd1')).toEqual(['127.0.0.1 1']);
  expect(log(world).at(-1)).toBe(`Added fallback server: 127.0.0.1:80 (${VIP}:80) (Weight set to 1)`);
  on(world, 'rs2', 'systemctl start httpd');
  to(world, 40);
  expect(pool(world, 'd1')).toEqual([`${RS2} 1`]);
  expect(log(world).at(-1)).toBe(`Deleted fallback server: 127.0.0.1:80 (${VIP}:80)`);
});

test('with quiescent=yes the fallback stands beside servers of weight 0', () => {
  const world = ldirectord('quiescent=yes', 'checktype=connect\nfallback=127.0.0.1:80 gate');
  to(world, 10);
  for (const host of ['rs1', 'rs2']) on(world, host, 'systemctl stop httpd');
  to(world, 20);
  expect(pool(world, 'd1').sort()).toEqual(['127.0.0.1 1', `${RS1} 0`, `${RS2} 0`]);
});

test('checks are serial: a server that hangs delays the check of the next, and the whole round', () => {
  const world = ldirectord('quiescent=no', 'service=http\nchecktype=negotiate');
  to(world, 8);
  const quick = asked(world, 'd1', RS2);
  expect(quick[1]! - quick[0]!).toBeCloseTo(5, 1);
  on(world, 'rs1', 'pkill -STOP httpd');
  to(world, 60);
  const slow = asked(world, 'd1', RS2).filter((one) => one > 18);
  // checkinterval and rs1's negotiatetimeout
  for (let i = 1; i < slow.length; i++) expect(slow[i]! - slow[i - 1]!).toBeCloseTo(5 + 4, 1);
  expect(slow.length).toBeGreaterThan(3);
});
