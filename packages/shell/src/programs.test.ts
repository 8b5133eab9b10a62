import { advance, checkpoint } from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PROGRAM_NAMES, programs, programsWithoutNames } from './programs.ts';
import { smallWorld } from './testing/small-world.ts';

const world = smallWorld();

/** What a line says on a host: output, errors, and the exit code where it is not 0. */
function says(line: string, host = 'director1', on = world): string {
  const { rc, out, err } = programs.run(on, host, line);
  return `${out}${err}${rc === 0 ? '' : `[${rc}]`}`;
}

test('an unknown command is not found, with 127', () => {
  expect(says('foo bar')).toBe('bash: foo: command not found\n[127]');
});

test('a line that cannot be read says where and what is wanted', () => {
  expect(says('echo "a')).toBe(
    'bash: line 1, column 6: syntax error near the end of the line: wanted a closing "\n[2]',
  );
});

test('pipes, conditions and redirections join programs', () => {
  expect(says('echo a && false || echo b; echo $?')).toBe('a\nb\n0\n');
  expect(says('seq 5 | grep -v 3 | tail -n 2')).toBe('4\n5\n');
  expect(says('seq 3 | wc -l')).toBe('3\n');
  expect(says('ipvsadm -X 2>/dev/null')).toBe('[255]');
  expect(says('ipvsadm -X 2>&1 | grep -c help')).toBe('1\n');
  expect(says("printf 'a\\nb\\nc\\n' | grep -e a -e c")).toBe('a\nc\n');
});

test('printf writes lines that ipvsadm -R can read', () => {
  expect(says("printf '%s\\n' a b")).toBe('a\nb\n');
  expect(says("printf 'a\\tb %d%%' 5")).toBe('a\tb 5%');
  expect(says("printf '%s\\n' -C | ipvsadm -R")).toBe('');
  // as recorded of 1.31: of a last line without newline one blank at the end is nothing, two lose it
  const saved = (end: string): string =>
    says(
      `ipvsadm -C; printf '%s${end}' '-A -t 1.1.1.1:80 -s rr' | ipvsadm -R; ipvsadm -S -n`,
      'director1',
      smallWorld(),
    );
  for (const end of ['', '\\n', ' ', '\\t', '  \\n']) expect(saved(end)).toBe('-A -t 1.1.1.1:80 -s rr\n');
  for (const end of ['  ', '   ', '\\t ', ' \\t', ' \\r']) expect(saved(end)).toBe('');
  for (const end of ['\\r', '\\r\\n']) expect(saved(end)).toBe('-A -t 1.1.1.1:80 -s rr\n');
});

test('cmp says which of two files ended, as busybox does of an empty one', () => {
  expect(says('echo a > one; true > none; cmp one none')).toBe('cmp: EOF on none\n[1]');
});

test('what a command wrote can be read later on the same host, and nowhere else', () => {
  says('echo one > notes; echo two >> notes');
  expect(says('cat notes')).toBe('one\ntwo\n');
  expect(says('cat notes', 'rs1')).toBe('cat: notes: No such file or directory\n[1]');
});

test('files are part of the world, so a checkpoint has them', () => {
  says('echo kept > state');
  const copy = checkpoint(world);
  says('echo changed > state');
  expect(says('cat state', 'director1', copy)).toBe('kept\n');
});

test('a setting is read and written by sysctl, by echo and by its slashes', () => {
  expect(says('sysctl net.ipv4.vs.drop_entry')).toBe('net.ipv4.vs.drop_entry = 0\n');
  expect(says('echo 1 > /proc/sys/net/ipv4/vs/expire_nodest_conn')).toBe('');
  expect(says('sysctl -n net/ipv4/vs/expire_nodest_conn')).toBe('1\n');
  expect(says('sysctl -w net.ipv4.vs.sync_threshold="5 10"')).toBe('net.ipv4.vs.sync_threshold = 5 10\n');
  expect(says('cat /proc/sys/net/ipv4/vs/sync_threshold')).toBe('5\t10\n');
  expect(says('sysctl -a | grep -c vs')).toMatch(/^\d+\n$/);
});

test('a setting that is not there, or a value that it does not take, is refused', () => {
  expect(says('sysctl net.ipv4.nope')).toBe(
    'sysctl: cannot stat /proc/sys/net/ipv4/nope: No such file or directory\n[255]',
  );
  expect(says('echo 9 > /proc/sys/net/ipv4/vs/drop_entry')).toBe(
    'bash: echo: write error: Invalid argument\n[1]',
  );
  expect(says('echo 1 > /proc/sys/net/ipv4/nope')).toContain('No such file or directory');
});

test('names of ports are shown without -n only', () => {
  const other = smallWorld();
  expect(says('ipvsadm -A -t 192.168.0.100:http -s rr; ipvsadm -S', 'director1', other)).toBe(
    '-A -t 192.168.0.100:http -s rr\n',
  );
  expect(says('ipvsadm -S -n', 'director1', other)).toBe('-A -t 192.168.0.100:80 -s rr\n');
  expect(programsWithoutNames.run(other, 'director1', 'ipvsadm -S').out).toBe(
    '-A -t 192.168.0.100:80 -s rr\n',
  );
});

test('tunnels show what they are made of, and are saved with it', () => {
  const other = smallWorld();
  says('ipvsadm -A -f 1 -6 -s rr; ipvsadm -A -f 2 -s rr', 'director1', other);
  says('ipvsadm -a -f 2 -r 10.0.0.2 -i --tun-type gue --tun-port 6080 --tun-csum', 'director1', other);
  says('ipvsadm -a -f 2 -r 10.0.0.3 -m', 'director1', other);
  expect(says('ipvsadm -Ln --tun-info | tail -n 4', 'director1', other)).toBe(
    'FWM  1 IPv6 rr\n' +
      'FWM  2 rr\n' +
      '  -> 10.0.0.2:0                   Tunnel  gue:6080:+c   1      0          0         \n' +
      '  -> 10.0.0.3:0                   Masq    n/a           1      0          0         \n',
  );
  expect(says('ipvsadm -S -n | grep gue', 'director1', other)).toBe(
    '-a -f 2 -r 10.0.0.2:0 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum\n',
  );
});

test('what was saved is restored to the same', () => {
  const other = smallWorld();
  says('ipvsadm -A -t 1.1.1.1:80 -s sh -b sh-port -p 60 -M 255.255.0.0 --pe sip', 'director1', other);
  says(
    'ipvsadm -A -t [2001:db8::1]:80; ipvsadm -a -t [2001:db8::1]:80 -r [2001:db8::2]:80',
    'director1',
    other,
  );
  const before = says('ipvsadm-save -n | tail -n 20 > rules; cat rules', 'director1', other);
  expect(before.split('\n')).toHaveLength(4);
  expect(says('ipvsadm -C; ipvsadm-restore < rules; ipvsadm-save -n', 'director1', other)).toBe(before);
});

test('-R goes on behind what the kernel refuses and stops at what ipvsadm refuses', () => {
  const other = smallWorld();
  const lines = ['-A -t 1.1.1.1:80 -s nope', '-A -t 1.1.1.1:81 -s rr', '-A -t 1.1.1.1', '-A -t 1.1.1.1:83'];
  const input = lines.join('\\n');
  expect(says(`echo -e '${input}' | ipvsadm-restore`, 'director1', other)).toBe(
    'Scheduler or persistence engine not found\nZero port specified for non-persistent service\n[2]',
  );
  expect(says('ipvsadm-save -n', 'director1', other)).toBe('-A -t 1.1.1.1:81 -s rr\n');
});

test('-R ends where ipvsadm does', () => {
  const other = smallWorld();
  const input = '-A -t 1.1.1.1:80\\n-A -t 1.1.1.1:81 -b ,\\n-A -t 1.1.1.1:82\\n';
  expect(says(`printf -- '${input}' | ipvsadm -R`, 'director1', other)).toBe('Segmentation fault\n[139]');
  expect(says('ipvsadm -S -n', 'director1', other)).toBe('-A -t 1.1.1.1:80 -s wlc\n');
});

test('ipvsadm is for directors', () => {
  expect(says('ipvsadm -L', 'rs1')).toMatch(/^Can't initialize ipvs: .*\n.*\n\[2\]$/);
});

test('addresses and routes come and go', () => {
  const other = smallWorld();
  expect(says('ip addr add 192.168.0.100/32 dev lo', 'rs1', other)).toBe('');
  expect(says('ip addr add 192.168.0.100/32 dev lo', 'rs1', other)).toBe(
    'RTNETLINK answers: File exists\n[2]',
  );
  expect(says('ip addr show dev lo', 'rs1', other)).toContain('inet 192.168.0.100/32 scope global lo\n');
  expect(says('ip addr del 192.168.0.100/32 dev lo; ip a | grep -c 192.168.0.100', 'rs1', other)).toBe(
    '0\n[1]',
  );
  expect(says('ip addr add 1.1.1.1/32 dev eth7', 'rs1', other)).toBe('Cannot find device "eth7"\n[1]');
  expect(says('ip route', 'rs1', other)).toBe(
    'default via 192.168.0.254 dev eth0 \n' +
      '192.168.0.0/24 dev eth0 proto kernel scope link src 192.168.0.11 \n',
  );
  expect(says('ip route replace default via 192.168.0.1; ip route get 10.1.0.1', 'rs1', other)).toBe(
    '10.1.0.1 via 192.168.0.1 dev eth0 src 192.168.0.11 uid 0 \n    cache \n',
  );
  expect(says('ip route del default; ip route get 10.1.0.1', 'rs1', other)).toContain(
    'Network is unreachable',
  );
  expect(says('ip link set eth0 down; ip route', 'rs1', other)).toBe('');
});

test('firewall marks and drops are added, listed and deleted', () => {
  const other = smallWorld();
  const rule = 'PREROUTING -d 192.168.0.100 -p tcp -m multiport --dports 80,443 -j MARK --set-mark 7';
  expect(says(`iptables -t mangle -A ${rule}`, 'director1', other)).toBe('');
  expect(says('iptables -t mangle -S PREROUTING | tail -n 1', 'director1', other)).toBe(
    '-A PREROUTING -d 192.168.0.100/32 -p tcp -m multiport --dports 80,443 ' +
      '-j MARK --set-xmark 0x7/0xffffffff\n',
  );
  expect(says(`iptables -t mangle -D ${rule} && iptables -t mangle -D ${rule}`, 'director1', other)).toBe(
    'iptables: Bad rule (does a matching rule exist in that chain?).\n[1]',
  );
  const redirect = 'PREROUTING -d 192.168.0.100/32 -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 8080';
  expect(says(`iptables -t nat -A ${redirect}`, 'rs1', other)).toBe('');
  expect(says('iptables -t nat -S | tail -n 1', 'rs1', other)).toBe(`-A ${redirect}\n`);
  expect(says('iptables -t nat -F; iptables -t nat -S | grep -c REDIRECT', 'rs1', other)).toBe('0\n[1]');
  says('iptables-legacy -A INPUT -p tcp --dport 80 -j DROP', 'rs1', other);
  expect(says('iptables -L -n | grep DROP', 'rs1', other)).toBe(
    'DROP       6    --  0.0.0.0/0            0.0.0.0/0            tcp dpt:80\n',
  );
});

test('the load is shown and changed where it is made', () => {
  const other = smallWorld();
  expect(says('loadgen set concurrency 7', 'client', other)).toContain('concurrency 7');
  expect(says('loadgen set keepalive maybe', 'client', other)).toBe(
    'loadgen: keepalive maybe: wanted on or off\n[2]',
  );
  expect(says('loadgen set rate 5', 'client', other)).toContain('no rate');
  expect(says('loadgen set sources 0', 'client', other)).toBe(
    'loadgen: sources: a whole number from 1 to 65536\n[1]',
  );
  expect(says('loadgen stop', 'client', other)).toContain('load: stopped');
  expect(says('loadgen show nobody', 'client', other)).toContain('no workload is called nobody');
  expect(says('loadgen', 'rs1', other)).toBe('loadgen: rs1 makes no load\n[1]');
});

test('a server can be stopped and hung', () => {
  const other = smallWorld();
  expect(says('systemctl stop apache2; systemctl is-active httpd', 'rs1', other)).toBe('inactive\n[3]');
  expect(says('systemctl start httpd; pkill -STOP httpd', 'rs1', other)).toBe('');
  expect(other.servers[0]?.state).toBe('hung');
  says('pkill -CONT httpd', 'rs1', other);
  expect(other.servers[0]?.state).toBe('running');
  expect(says('systemctl stop mysql', 'rs1', other)).toContain('not loaded');
});

test('what a device sends can be slowed and lost', () => {
  const other = smallWorld();
  const show = (): string => says('tc qdisc show dev eth0', 'rs1', other);
  expect(says('tc qdisc add dev eth0 root netem delay 100ms loss 5%', 'rs1', other)).toBe('');
  expect(show()).toBe('qdisc netem 8001: root refcnt 2 limit 1000 delay 100ms loss 5%\n');
  expect(says('tc qdisc add dev eth0 root netem loss 1%', 'rs1', other)).toContain('Exclusivity flag on');
  says('tc qdisc replace dev eth0 root netem loss random 0.5%', 'rs1', other);
  expect(show()).toBe('qdisc netem 8001: root refcnt 2 limit 1000 loss 0.5%\n');
  says('tc qdisc del dev eth0 root', 'rs1', other);
  expect(show()).toBe('qdisc fq_codel 0: root refcnt 2 \n');
  expect(says('tc qdisc del dev eth0 root', 'rs1', other)).toContain('handle of zero');
  expect(says('tc qdisc add dev eth0 root netem jitter 1ms', 'rs1', other)).toContain('What is "jitter"?');
  expect(says('tc qdisc add dev eth7 root netem loss 1%', 'rs1', other)).toContain(
    'Cannot find device "eth7"',
  );
});

test('modules that LVS set-ups load are there; others are named', () => {
  expect(says('modprobe ipip; modprobe ip_vs_wlc')).toBe('');
  expect(says('modprobe ipvs')).toContain('Module ipvs not found');
});

test('a host without power answers nobody until it is switched on', () => {
  const other = smallWorld();
  expect(says('poweroff', 'rs1', other)).toBe('');
  expect(says('hostname', 'rs1', other)).toBe('ssh: connect to host rs1 port 22: No route to host\n[255]');
  expect(says('poweron', 'rs1', other)).toBe('');
  expect(says('hostname', 'rs1', other)).toBe('rs1\n');
});

test('connections that were made stand in the table and the counters', () => {
  const other = smallWorld();
  says('ipvsadm -A -t 192.168.0.100:80 -s rr', 'director1', other);
  says('ipvsadm -a -t 192.168.0.100:80 -r 192.168.0.11 -g', 'director1', other);
  says('ip addr add 192.168.0.100/32 dev lo; sysctl -w net.ipv4.conf.all.arp_ignore=1', 'rs1', other);
  advance(other, programs, 5e9 as SimTime);
  expect(says('ipvsadm -Lnc | grep -c "192.168.0.100:80   192.168.0.11:80"', 'director1', other)).toMatch(
    /^[1-9]\d*\n$/,
  );
  expect(says('cat /proc/net/ip_vs_stats | head -n 3 | tail -n 1', 'director1', other)).not.toMatch(/^ +0 /);
  expect(says('cat /proc/net/ip_vs_conn | wc -l', 'director1', other)).toMatch(/^[1-9]\d*\n$/);
});

test('no line whatever makes the shell throw', () => {
  const other = smallWorld();
  const word = fc.oneof(
    fc.constantFrom(
      ...PROGRAM_NAMES,
      '|',
      ';',
      '>',
      '<',
      '$(',
      ')',
      '-n',
      '-A',
      '-t',
      '-r',
      '1.1.1.1:80',
      'x',
      '*',
      '"$x"',
    ),
    fc.constantFrom(
      'add',
      'del',
      'show',
      'dev',
      'eth0',
      'lo',
      '10.0.0.1/8',
      '-s',
      'rr',
      '-L',
      '-e',
      '[',
      '/proc/net/ip_vs',
    ),
    fc.string({ maxLength: 5 }),
  );
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 8 }),
      fc.constantFrom('director1', 'rs1', 'client'),
      (words, host) => {
        expect(typeof programs.run(other, host, words.join(' ')).rc).toBe('number');
      },
    ),
    { numRuns: 1000 },
  );
}, 30_000);
