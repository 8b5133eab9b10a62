import type { World } from '@lvscope/cluster';
import { expect, test, vi } from 'vitest';
import { directors, logged, loggedAt, on, pool, to, VIP } from '../testing/directors.ts';

vi.setConfig({ testTimeout: 60_000 });

interface PoolPlan {
  /** Lines of the virtual_server. */
  readonly service?: string;
  /** Lines of both real_servers. */
  readonly real?: string;
  readonly rs1?: string;
  readonly rs2?: string;
  readonly files?: Readonly<Record<string, string>>;
}

const RS1 = '192.168.1.11';
const RS2 = '192.168.1.12';
const SORRY = 'sorry_server 192.168.1.99 80';
const FAST = 'delay_loop 6\nretry 1\ndelay_before_retry 1\nconnect_timeout 2\nwarmup 0';

/** keepalived on d1 alone, with the checks of two servers; warmup 0: the first check comes at once. */
function pools({ service = '', real = 'TCP_CHECK {\n}', rs1, rs2, files = {} }: PoolPlan): World {
  return directors({
    setup: (n) => (n === 1 ? [`ip addr add ${VIP}/32 dev eth0`, 'systemctl start keepalived'] : []),
    files: () => ({
      ...files,
      '/etc/keepalived/keepalived.conf': `virtual_server ${VIP} 80 {
    lvs_sched rr
    lvs_method DR
    protocol TCP
${service}
    real_server ${RS1} 80 {
        weight 1
${rs1 ?? real}
    }
    real_server ${RS2} 80 {
        weight 1
${rs2 ?? real}
    }
}
`,
    }),
  });
}

const log = (world: World, since = 0): string[] => logged(world, 'd1', 'keepalived', since);
const at = (world: World, what: RegExp): number[] => loggedAt(world, 'd1', 'keepalived', what);

/** Seconds from one line of the log to the next of another kind. */
function between(world: World, from: RegExp, until: RegExp): number {
  const first = at(world, from)[0]!;
  return at(world, until).find((one) => one >= first)! - first;
}

test('a server that fails is deleted, and comes back at the first success', () => {
  const world = pools({ service: FAST });
  to(world, 10);
  expect(pool(world, 'd1').sort()).toEqual([`${RS1} 1`, `${RS2} 1`]);
  on(world, 'rs1', 'systemctl stop httpd');
  to(world, 25);
  expect(pool(world, 'd1')).toEqual([`${RS2} 1`]);
  expect(log(world, 10)).toEqual([
    `TCP connection to [${RS1}]:tcp:80 failed.`,
    `TCP connection to [${RS1}]:tcp:80 failed.`,
    `Check on service [${RS1}]:tcp:80 failed after 1 retries.`,
    `Removing service [${RS1}]:tcp:80 from VS [${VIP}]:tcp:80`,
  ]);
  on(world, 'rs1', 'systemctl start httpd');
  to(world, 40);
  expect(pool(world, 'd1').sort()).toEqual([`${RS1} 1`, `${RS2} 1`]);
  expect(log(world, 25)).toEqual([
    `TCP connection to [${RS1}]:tcp:80 success.`,
    `Adding service [${RS1}]:tcp:80 to VS [${VIP}]:tcp:80`,
  ]);
});

test('with inhibit_on_failure it stays with weight 0', () => {
  const world = pools({ service: `${FAST}\ninhibit_on_failure` });
  to(world, 10);
  on(world, 'rs1', 'systemctl stop httpd');
  to(world, 25);
  expect(pool(world, 'd1').sort()).toEqual([`${RS1} 0`, `${RS2} 1`]);
  expect(log(world)).toContain(`Disabling service [${RS1}]:tcp:80 of VS [${VIP}]:tcp:80`);
  on(world, 'rs1', 'systemctl start httpd');
  to(world, 40);
  expect(pool(world, 'd1').sort()).toEqual([`${RS1} 1`, `${RS2} 1`]);
  expect(log(world)).toContain(`Enabling service [${RS1}]:tcp:80 of VS [${VIP}]:tcp:80`);
});

test('before the first success one failure is enough; later there are retries', () => {
  const service = 'delay_loop 10\nretry 3\ndelay_before_retry 2\nconnect_timeout 1\nwarmup 0';
  const world = pools({ service, rs2: 'TCP_CHECK {\nconnect_port 81\n}' });
  to(world, 1);
  expect(pool(world, 'd1')).toEqual([`${RS1} 1`]);
  to(world, 5);
  on(world, 'rs1', 'systemctl stop httpd');
  to(world, 40);
  const tries = at(world, /TCP connection to \[192.168.1.11\].*failed/);
  expect(tries).toHaveLength(4);
  expect(tries[0]).toBeCloseTo(10, 1);
  for (let i = 1; i < tries.length; i++) expect(tries[i]! - tries[i - 1]!).toBeCloseTo(2, 1);
  expect(at(world, /Removing service \[192.168.1.11\]/)[0]).toBeCloseTo(16, 1);
});

test('a server that is silent costs connect_timeout at each try, one that refuses costs nothing', () => {
  const silent = pools({
    service: 'delay_loop 10\nretry 1\ndelay_before_retry 3\nconnect_timeout 4\nwarmup 0',
  });
  to(silent, 5);
  on(silent, 'rs1', 'poweroff');
  to(silent, 40);
  // 10 s: first try; 14: in vain; 17: second; 21: in vain
  expect(at(silent, /TCP connection to .* timeout/)[0]).toBeCloseTo(14, 1);
  expect(at(silent, /Removing service/)[0]).toBeCloseTo(21, 1);
});

test('HTTP_GET notices a server that accepts and does not answer, TCP_CHECK does not', () => {
  const http = `HTTP_GET {\nurl {\npath /\nstatus_code 200\n}\n}`;
  const world = pools({ service: FAST, rs1: http, rs2: 'TCP_CHECK {\n}' });
  to(world, 5);
  for (const host of ['rs1', 'rs2']) on(world, host, 'pkill -STOP httpd');
  to(world, 30);
  expect(pool(world, 'd1')).toEqual([`${RS2} 1`]);
  expect(log(world, 5)[0]).toBe(`Timeout connecting server [${RS1}]:tcp:80.`);
  expect(between(world, /Timeout connecting/, /Removing service/)).toBeCloseTo(1 + 2, 1);
});

test('HTTP_GET waits three seconds before it tries again, TCP_CHECK one', () => {
  const service = 'delay_loop 10\nwarmup 0';
  for (const [check, wait] of [
    ['HTTP_GET {\nurl {\npath /\n}\n}', 3],
    ['TCP_CHECK {\n}', 1],
  ] as const) {
    const world = pools({ service, real: check });
    to(world, 5);
    on(world, 'rs1', 'systemctl stop httpd');
    to(world, 30);
    expect(between(world, /\[192.168.1.11\]:tcp:80( failed)?\.$/, /Removing service/)).toBeCloseTo(wait, 1);
  }
});

test('without warmup 0 the first checks are spread over delay_loop', () => {
  const world = pools({ service: 'delay_loop 20\nretry 0', real: 'TCP_CHECK {\nconnect_port 81\n}' });
  to(world, 21);
  const first = at(world, /Removing service/);
  expect(first).toHaveLength(2);
  expect(Math.abs(first[0]! - first[1]!)).toBeGreaterThan(0.1);
  for (const one of first) expect(one).toBeLessThan(20.1);
});

test('alpha: a server counts as down until a check has seen it', () => {
  const world = pools({ service: `${FAST}\nalpha\nwarmup 4` });
  to(world, 0.001);
  expect(pool(world, 'd1')).toEqual([]);
  to(world, 5);
  expect(pool(world, 'd1')).toHaveLength(2);
});

test('the sorry server comes when the last server has gone, and goes when one is back', () => {
  const world = pools({ service: `${FAST}\n${SORRY}` });
  to(world, 10);
  on(world, 'rs1', 'systemctl stop httpd');
  to(world, 20);
  expect(pool(world, 'd1')).toEqual([`${RS2} 1`]);
  on(world, 'rs2', 'systemctl stop httpd');
  to(world, 30);
  expect(pool(world, 'd1')).toEqual(['192.168.1.99 1']);
  expect(log(world, 20).slice(-3)).toEqual([
    `Lost quorum 1-0=1 > 0 for VS [${VIP}]:tcp:80`,
    `Adding sorry server [192.168.1.99]:tcp:80 to VS [${VIP}]:tcp:80`,
    `Removing alive servers from the pool for VS [${VIP}]:tcp:80`,
  ]);
  on(world, 'rs1', 'systemctl start httpd');
  to(world, 40);
  expect(pool(world, 'd1')).toEqual([`${RS1} 1`]);
  expect(log(world, 30).slice(-3)).toEqual([
    `Gained quorum 1+0=1 <= 1 for VS [${VIP}]:tcp:80`,
    `Removing sorry server [192.168.1.99]:tcp:80 from VS [${VIP}]:tcp:80`,
    `Adding alive servers to the pool for VS [${VIP}]:tcp:80`,
  ]);
});

test('below the quorum the servers that are left go too; hysteresis widens both thresholds', () => {
  const heavy = (weight: number): string => `weight ${weight}\nTCP_CHECK {\n}`;
  const world = pools({
    service: `${FAST}\n${SORRY}\nquorum 3\nhysteresis 1`,
    rs1: heavy(2),
    rs2: heavy(2),
  });
  to(world, 10);
  // 4 ≥ 3 + 1
  expect(pool(world, 'd1')).toHaveLength(2);
  on(world, 'rs1', 'systemctl stop httpd');
  to(world, 20);
  // 2 is not less than 3 − 1
  expect(pool(world, 'd1')).toEqual([`${RS2} 2`]);
  on(world, 'rs2', 'systemctl stop httpd');
  to(world, 30);
  expect(pool(world, 'd1')).toEqual(['192.168.1.99 1']);
  on(world, 'rs2', 'systemctl start httpd');
  to(world, 40);
  // 2 is less than 3 + 1: the quorum is not back
  expect(pool(world, 'd1')).toEqual(['192.168.1.99 1']);
  on(world, 'rs1', 'systemctl start httpd');
  to(world, 50);
  expect(pool(world, 'd1').sort()).toEqual([`${RS1} 2`, `${RS2} 2`]);
  expect(log(world).at(-3)).toBe(`Gained quorum 3+1=4 <= 4 for VS [${VIP}]:tcp:80`);
});

test('while a sorry server stands in, servers that inhibit are there with weight 0', () => {
  const world = pools({ service: `${FAST}\n${SORRY}\nquorum 2\ninhibit_on_failure` });
  to(world, 10);
  on(world, 'rs1', 'systemctl stop httpd');
  to(world, 20);
  expect(pool(world, 'd1').sort()).toEqual([`${RS1} 0`, `${RS2} 0`, '192.168.1.99 1'].sort());
  on(world, 'rs1', 'systemctl start httpd');
  to(world, 30);
  expect(pool(world, 'd1').sort()).toEqual([`${RS1} 1`, `${RS2} 1`]);
});

test('sorry_server_inhibit keeps the sorry server with weight 0 until its turn', () => {
  const world = pools({ service: `${FAST}\n${SORRY}\nsorry_server_inhibit` });
  to(world, 10);
  expect(pool(world, 'd1')).toContain('192.168.1.99 0');
  for (const host of ['rs1', 'rs2']) on(world, host, 'systemctl stop httpd');
  to(world, 20);
  expect(pool(world, 'd1')).toEqual(['192.168.1.99 1']);
});

test('quorum_up and quorum_down are command lines that are run at each change', () => {
  const world = pools({
    service: `${FAST}\nquorum 2\nquorum_up "/etc/up.sh yes"\nquorum_down "/etc/up.sh no"`,
    files: { '/etc/up.sh': '#!/bin/sh\necho quorum $1 >> /tmp/quorum\n' },
  });
  const told = (): string => world.files.get('d1 /tmp/quorum') ?? '';
  to(world, 10);
  // it began with its quorum: nothing has changed
  expect(told()).toBe('');
  on(world, 'rs1', 'systemctl stop httpd');
  to(world, 20);
  expect(told()).toBe('quorum no\n');
  on(world, 'rs1', 'systemctl start httpd');
  to(world, 30);
  expect(told()).toBe('quorum no\nquorum yes\n');
});

test('notify_down and notify_up are run when a server goes and comes back', () => {
  const script = (word: string): string => `"/bin/echo ${word} >> /tmp/rs1"`;
  const rs1 = `notify_up ${script('up')}\nnotify_down ${script('down')}\nTCP_CHECK {\n}`;
  const world = pools({ service: FAST, rs1 });
  const told = (): string => world.files.get('d1 /tmp/rs1') ?? '';
  to(world, 10);
  expect(told()).toBe('');
  on(world, 'rs1', 'systemctl stop httpd');
  to(world, 20);
  expect(told()).toBe('down\n');
  on(world, 'rs1', 'systemctl start httpd');
  to(world, 30);
  expect(told()).toBe('down\nup\n');
});

const misc = (path: string, more = ''): string => `MISC_CHECK {\nmisc_path "${path}"\n${more}\n}`;

test('MISC_CHECK believes its script: 0 is up, anything else down', () => {
  const world = pools({ service: FAST, rs1: misc('/bin/true'), rs2: misc('/bin/false') });
  to(world, 10);
  expect(pool(world, 'd1')).toEqual([`${RS1} 1`]);
  expect(log(world)).toContain(`Misc check to [${RS2}] for [/bin/false] failed (exited with status 1).`);
});

test('what a script says can be stated in its file', () => {
  const world = pools({
    service: FAST,
    rs1: misc('/etc/keepalived/check.sh 0'),
    rs2: misc('/etc/keepalived/check.sh 1'),
    files: { '/etc/keepalived/check.sh': '#!/bin/sh\nexit $1\n' },
  });
  to(world, 10);
  expect(pool(world, 'd1')).toEqual([`${RS1} 1`]);
  on(world, 'd1', 'echo "exit 0" > /etc/keepalived/check.sh');
  to(world, 20);
  expect(pool(world, 'd1').sort()).toEqual([`${RS1} 1`, `${RS2} 1`]);
});

test('with misc_dynamic an exit status of 2 to 255 is the weight and two more', () => {
  const world = pools({
    service: FAST,
    rs1: misc('/etc/w.sh', 'misc_dynamic'),
    files: { '/etc/w.sh': 'exit 7\n' },
  });
  to(world, 10);
  expect(pool(world, 'd1').sort()).toEqual([`${RS1} 5`, `${RS2} 1`]);
  expect(log(world)).toContain(
    `Changing weight from 1 to 5 for active service [${RS1}]:tcp:80 of VS [${VIP}]:tcp:80`,
  );
});

test('a script that takes longer than misc_timeout is ended, and has failed', () => {
  const world = pools({ service: FAST, rs1: misc('/bin/sleep 60', 'misc_timeout 4') });
  to(world, 10);
  expect(pool(world, 'd1')).toEqual([`${RS2} 1`]);
  expect(at(world, /Misc check .* timed out/)).toEqual([4]);
});

test('a script that is not there is disabled, and its server stays', () => {
  const world = pools({ service: FAST, rs1: misc('/usr/local/bin/nothing') });
  to(world, 30);
  expect(pool(world, 'd1')).toHaveLength(2);
  expect(at(world, /Disabling misc script \/usr\/local\/bin\/nothing since not found/)).toHaveLength(1);
});
