import { checkpoint, execute, fingerprints, haView, hostNamed, type World } from '@lvscope/cluster';
import { programs } from '@lvscope/shell';
import { expect, test, vi } from 'vitest';
import { directors, loggedAt, on, to } from './testing/directors.ts';
import { runTo, started } from './testing/preset-worlds.ts';

vi.setConfig({ testTimeout: 60_000 });

/** What a host's tools say of it. */
function stateOf(world: World, host: string): string {
  const says = (line: string): string => execute(world, programs, host, line).out ?? '';
  const looks = [
    'ip -4 addr',
    'ip link',
    'ip route',
    'ip neigh',
    'sysctl -a',
    'iptables -S',
    'iptables -t mangle -S',
    'arptables -L',
    'tc qdisc show dev eth0',
    'ipvsadm -Ln --stats',
    'ipvsadm -Ln --thresholds',
    'ipvsadm -Ln --timeout',
    'ipvsadm -Lnc',
  ];
  return looks.map(says).join('\n');
}

const TYPED = [
  'ip addr add 192.168.1.77/32 dev eth0',
  'ip addr del 192.168.1.6/32 dev eth0',
  'ip route add 10.99.0.0/16 via 192.168.1.12',
  'ip route del default',
  'ip neigh add 192.168.1.88 lladdr 02:00:00:00:00:88 dev eth0',
  'ip link set eth0 address 02:00:00:00:00:01',
  'ip link set eth0 mtu 1300',
  'ip link add dummy7 type dummy',
  'iptables -P FORWARD DROP',
  'sysctl -w net.ipv4.ip_forward=0',
  'sysctl -w net.ipv4.conf.eth0.arp_ignore=1',
  'sysctl -w net.ipv4.neigh.eth0.gc_stale_time=7',
  'sysctl -w net.ipv4.tcp_fin_timeout=5',
  'sysctl -w net.ipv4.vs.expire_nodest_conn=1',
  'iptables -A INPUT -p udp -j DROP',
  'iptables -t mangle -A PREROUTING -d 192.168.1.77/32 -p tcp --dport 80 -j MARK --set-mark 1',
  'arptables -A INPUT -d 192.168.1.6 -j DROP',
  'tc qdisc replace dev eth0 root netem delay 100ms',
  'ipvsadm -e -t 192.168.1.6:80 -r 192.168.1.11:80 -g -w 0 -x 5 -y 2',
  'ipvsadm -A -f 1 -s rr',
  'ipvsadm --set 60 30 20',
];

/** One director at packet level, and clients that ask it. */
const world = (): World => started('arp-problem');

test('what was typed is lost, what the scenario sets up is there again: as if nothing had been done', () => {
  const one = world();
  const fresh = stateOf(one, 'd1');
  for (const line of TYPED) on(one, 'd1', line);
  const changed = stateOf(one, 'd1');
  for (const line of [
    '10.99.0.0',
    'netem',
    'gc_stale_time = 7',
    'FWM',
    '60 30 20',
    '192.168.1.77',
    'mtu 1300',
    'dummy7',
  ]) {
    expect(changed).toContain(line);
  }
  for (const workload of one.workloads) workload.concurrency = 0;
  on(one, 'd1', 'reboot');
  runTo(one, 30.001);
  expect(stateOf(one, 'd1')).toBe(fresh);
});

test('files stay: what a daemon reads at boot is what was written last', () => {
  const one = world();
  on(one, 'd1', 'echo hello > /etc/motd');
  on(one, 'd1', 'reboot');
  runTo(one, 31);
  expect(execute(one, programs, 'd1', 'cat /etc/motd').out).toBe('hello\n');
});

test('the machine is away for thirty seconds: nobody gets through, and then everybody does', () => {
  const one = started('topology-nat');
  const served = (): number => one.workloads.reduce((sum, { succeeded }) => sum + succeeded, 0);
  runTo(one, 5);
  on(one, 'd1', 'reboot');
  expect(execute(one, programs, 'd1', 'uptime').err).toBe(
    'ssh: connect to host d1 port 22: No route to host\n',
  );
  runTo(one, 6);
  const before = served();
  runTo(one, 34.9);
  expect([served() - before, hostNamed(one, 'd1')?.power]).toEqual([0, false]);
  runTo(one, 60);
  expect(hostNamed(one, 'd1')?.power).toBe(true);
  expect(served()).toBeGreaterThan(before);
});

test('a real server’s programs start again, a stopped one too; processes of before are gone', () => {
  const one = world();
  on(one, 'rs1', 'systemctl stop httpd');
  execute(one, programs, 'rs1', 'ping 192.168.1.1');
  on(one, 'rs1', 'reboot');
  runTo(one, 31);
  expect(execute(one, programs, 'rs1', 'systemctl is-active httpd').out).toBe('active\n');
  expect(execute(one, programs, 'rs1', 'ps aux').out).not.toContain('ping');
});

test('poweron before its time boots at once, and once', () => {
  const one = world();
  on(one, 'd1', 'reboot');
  runTo(one, 10);
  on(one, 'd1', 'poweron');
  on(one, 'd1', 'ip addr add 192.168.1.77/32 dev eth0');
  runTo(one, 31);
  expect(execute(one, programs, 'd1', 'ip addr').out).toContain('192.168.1.77');
  on(one, 'd1', 'reboot');
  on(one, 'd1', 'poweron');
  on(one, 'd1', 'poweroff');
  runTo(one, 70);
  expect(hostNamed(one, 'd1')?.power).toBe(false);
});

test('it takes no operand, and of options -f alone', () => {
  const one = world();
  const says = (line: string): unknown => {
    const { rc, err } = execute(one, programs, 'd1', line);
    return [rc, err];
  };
  expect(says('reboot now')).toEqual([1, 'Too many arguments.\n']);
  expect(says('reboot -x')).toEqual([1, "reboot: invalid option -- 'x'\n"]);
  expect(hostNamed(one, 'd1')?.power).toBe(true);
});

/** keepalived on two directors, d1 the better one. */
const pair = (): World =>
  directors({
    withRules: true,
    asks: true,
    setup: () => ['systemctl start keepalived'],
    files: (n) => ({
      '/etc/keepalived/keepalived.conf': `vrrp_instance VI_1 {
    state BACKUP\n    interface eth0\n    virtual_router_id 51\n    priority ${n === 1 ? 150 : 100}
    virtual_ipaddress {\n        192.168.1.6/32\n    }\n}\n`,
    }),
  });
const holders = (one: World): readonly string[] => haView(one).addresses[0]?.holders ?? [];

const failuresOf = (one: World): number =>
  Object.values(one.workloads[0]!.failures).reduce((sum, n) => sum + n, 0);

test('a rebooting master says goodbye, so the other need not wait; with -f it does', () => {
  for (const [line, most] of [
    ['reboot', 1],
    ['reboot -f', 4],
  ] as const) {
    const one = pair();
    to(one, 20);
    on(one, 'd1', line);
    to(one, 30);
    const [taken] = loggedAt(one, 'd2', 'keepalived', /Entering MASTER/);
    expect(taken! - 20).toBeGreaterThan(most === 1 ? 0.5 : 2.5);
    expect(taken! - 20).toBeLessThan(most);
  }
});

test('a better master that preempts takes the address back when it has booted', () => {
  const one = pair();
  to(one, 20);
  on(one, 'd1', 'reboot');
  to(one, 49);
  expect(holders(one)).toEqual(['d2']);
  to(one, 56);
  expect(holders(one)).toEqual(['d1']);
  expect(loggedAt(one, 'd1', 'keepalived', /Starting Keepalived/)).toEqual([0, 50]);
});

test('the interface of a virtual MAC is made anew, and serves', () => {
  const one = started('failover-virtual-mac');
  runTo(one, 15);
  on(one, 'd1', 'reboot');
  runTo(one, 60);
  expect(holders(one)).toEqual(['d1']);
  expect(hostNamed(one, 'd1')?.interfaces.filter(({ name }) => name === 'vrrp.51')).toHaveLength(1);
  const [failed, good] = [failuresOf(one), one.workloads[0]!.succeeded];
  runTo(one, 70);
  expect(failuresOf(one)).toBe(failed);
  expect(one.workloads[0]!.succeeded).toBeGreaterThan(good + 20);
});

test('a copy made while a machine boots runs on like the original', () => {
  const one = pair();
  to(one, 20);
  on(one, 'd1', 'reboot');
  to(one, 35);
  const copy = checkpoint(one);
  to(one, 60);
  to(copy, 60);
  expect(fingerprints(copy)).toEqual(fingerprints(one));
  expect(hostNamed(copy, 'd1')?.power).toBe(true);
});
