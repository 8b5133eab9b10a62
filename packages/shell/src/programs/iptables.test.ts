import { expect, test } from 'vitest';
import { programs } from '../programs.ts';
import { smallWorld } from '../testing/small-world.ts';
import { quietWorld, typed } from '../testing/timed.ts';

// the texts are those of iptables 1.8.9 (legacy) on a 6.1 kernel
const RULES = [
  'INPUT -p tcp --dport 81 -j REJECT',
  'INPUT -i eth0 -p icmp -j ACCEPT',
  'INPUT -p tcp --dport 82 -j REJECT --reject-with tcp-reset',
  'INPUT -p udp --dport 83 -j REJECT --reject-with icmp-host-prohibited',
  'INPUT -p icmp --icmp-type echo-request -j DROP',
  'INPUT -m comment --comment hello -j ACCEPT',
  'FORWARD -s 10.9.0.0/16 -d 192.168.0.100 -p tcp --dport 80 -j DROP',
  'FORWARD -p tcp -m multiport --dports 1,2 -j ACCEPT',
  'FORWARD -i eth0 -o eth1 -j ACCEPT',
  'OUTPUT -p icmp -j ACCEPT',
];

function ruled() {
  const world = smallWorld();
  const run = (line: string): string => {
    const { rc, out, err } = programs.run(world, 'rs1', line);
    return `${out}${err}${rc === 0 ? '' : `[${rc}]`}`;
  };
  for (const rule of RULES) expect(run(`iptables -A ${rule}`)).toBe('');
  return run;
}

test('-L lists the chains as recorded, with numbers and with names', () => {
  const run = ruled();
  expect(run('iptables -L -n')).toBe(`Chain INPUT (policy ACCEPT)
target     prot opt source               destination         
REJECT     6    --  0.0.0.0/0            0.0.0.0/0            tcp dpt:81 reject-with icmp-port-unreachable
ACCEPT     1    --  0.0.0.0/0            0.0.0.0/0           
REJECT     6    --  0.0.0.0/0            0.0.0.0/0            tcp dpt:82 reject-with tcp-reset
REJECT     17   --  0.0.0.0/0            0.0.0.0/0            udp dpt:83 reject-with icmp-host-prohibited
DROP       1    --  0.0.0.0/0            0.0.0.0/0            icmptype 8
ACCEPT     0    --  0.0.0.0/0            0.0.0.0/0            /* hello */

Chain FORWARD (policy ACCEPT)
target     prot opt source               destination         
DROP       6    --  10.9.0.0/16          192.168.0.100        tcp dpt:80
ACCEPT     6    --  0.0.0.0/0            0.0.0.0/0            multiport dports 1,2
ACCEPT     0    --  0.0.0.0/0            0.0.0.0/0           

Chain OUTPUT (policy ACCEPT)
target     prot opt source               destination         
ACCEPT     1    --  0.0.0.0/0            0.0.0.0/0           
`);
  expect(run('iptables -L INPUT | tail -n 2')).toBe(
    'DROP       icmp --  anywhere             anywhere             icmp echo-request\n' +
      'ACCEPT     all  --  anywhere             anywhere             /* hello */\n',
  );
});

test('-v shows counters and interfaces, --line-numbers the places', () => {
  const run = ruled();
  expect(run('iptables -nvL FORWARD')).toBe(`Chain FORWARD (policy ACCEPT 0 packets, 0 bytes)
 pkts bytes target     prot opt in     out     source               destination         
    0     0 DROP       6    --  *      *       10.9.0.0/16          192.168.0.100        tcp dpt:80
    0     0 ACCEPT     6    --  *      *       0.0.0.0/0            0.0.0.0/0            multiport dports 1,2
    0     0 ACCEPT     0    --  eth0   eth1    0.0.0.0/0            0.0.0.0/0           
`);
  expect(run('iptables -L OUTPUT -n -v -x --line-numbers')).toBe(
    `Chain OUTPUT (policy ACCEPT 0 packets, 0 bytes)
num      pkts      bytes target     prot opt in     out     source               destination         
1           0        0 ACCEPT     1    --  *      *       0.0.0.0/0            0.0.0.0/0           
`,
  );
});

test('-S prints what would make the rules again', () => {
  const run = ruled();
  expect(run('iptables -S')).toBe(`-P INPUT ACCEPT
-P FORWARD ACCEPT
-P OUTPUT ACCEPT
-A INPUT -p tcp -m tcp --dport 81 -j REJECT --reject-with icmp-port-unreachable
-A INPUT -i eth0 -p icmp -j ACCEPT
-A INPUT -p tcp -m tcp --dport 82 -j REJECT --reject-with tcp-reset
-A INPUT -p udp -m udp --dport 83 -j REJECT --reject-with icmp-host-prohibited
-A INPUT -p icmp -m icmp --icmp-type 8 -j DROP
-A INPUT -m comment --comment hello -j ACCEPT
-A FORWARD -s 10.9.0.0/16 -d 192.168.0.100/32 -p tcp -m tcp --dport 80 -j DROP
-A FORWARD -p tcp -m multiport --dports 1,2 -j ACCEPT
-A FORWARD -i eth0 -o eth1 -j ACCEPT
-A OUTPUT -p icmp -j ACCEPT
`);
  expect(run('iptables -v -S OUTPUT')).toBe('-P OUTPUT ACCEPT -c 0 0\n-A OUTPUT -p icmp -c 0 0 -j ACCEPT\n');
});

test('rules are put in, taken out and refused by their numbers; a policy outlives -F', () => {
  const run = ruled();
  expect(run('iptables -I INPUT 2 -p 112 -j ACCEPT; iptables -S INPUT | head -n 3 | tail -n 1')).toBe(
    '-A INPUT -p vrrp -j ACCEPT\n',
  );
  expect(run('iptables -D INPUT 2; iptables -C INPUT -p 112 -j ACCEPT')).toBe(
    'iptables: Bad rule (does a matching rule exist in that chain?).\n[1]',
  );
  expect(run('iptables -I INPUT 99 -j ACCEPT')).toBe('iptables: Index of insertion too big.\n[1]');
  expect(run('iptables -D INPUT 99')).toBe('iptables: Index of deletion too big.\n[1]');
  expect(run('iptables -P FORWARD DROP; iptables -F; iptables -X; iptables -S')).toBe(
    '-P INPUT ACCEPT\n-P FORWARD DROP\n-P OUTPUT ACCEPT\n',
  );
});

test('what a packet must not be stands behind !', () => {
  const world = smallWorld();
  const run = (line: string): string => programs.run(world, 'rs1', line).out;
  run('iptables -A INPUT ! -s 10.0.0.0/8 -p tcp --dport 80 -j DROP');
  run('iptables -A INPUT -d 1.2.3.4 ! -i eth0 -p tcp -m multiport ! --dports 80,443 -j ACCEPT');
  run('iptables -A INPUT -p icmp ! --icmp-type 8 -j DROP');
  run('iptables -A INPUT -p tcp ! --sport 1024:65535 ! --dport 25 -j DROP');
  run('iptables -A FORWARD ! -p tcp ! -o lo -j DROP');
  expect(run('iptables -S | grep -e -A')).toBe(`-A INPUT ! -s 10.0.0.0/8 -p tcp -m tcp --dport 80 -j DROP
-A INPUT -d 1.2.3.4/32 ! -i eth0 -p tcp -m multiport ! --dports 80,443 -j ACCEPT
-A INPUT -p icmp -m icmp ! --icmp-type 8 -j DROP
-A INPUT -p tcp -m tcp ! --sport 1024:65535 ! --dport 25 -j DROP
-A FORWARD ! -o lo ! -p tcp -j DROP
`);
  const lines = run('iptables -nvL').split('\n');
  expect(lines.filter((line) => line.startsWith('    0')).map((line) => line.slice(12))).toEqual([
    'DROP       6    --  *      *      !10.0.0.0/8           0.0.0.0/0            tcp dpt:80',
    'ACCEPT     6    --  !eth0  *       0.0.0.0/0            1.2.3.4              multiport dports  !80,443',
    'DROP       1    --  *      *       0.0.0.0/0            0.0.0.0/0            icmp !type 8',
    `DROP       6    --  *      *       ${'0.0.0.0/0            '.repeat(2)}tcp spts:!1024:65535 dpt:!25`,
    'DROP      !6    --  *      !lo     0.0.0.0/0            0.0.0.0/0           ',
  ]);
  expect(run('iptables -L INPUT | tail -n 2')).toBe(
    'DROP       icmp --  anywhere             anywhere             icmp !echo-request\n' +
      'DROP       tcp  --  anywhere             anywhere             tcp spts:!1024:65535 dpt:!smtp\n',
  );
});

test('a server that drops all but one client answers that one', () => {
  const world = quietWorld();
  const fetch = () => typed('curl -s -m 2 http://192.168.0.11/', 'client', 3, world);
  typed('iptables -A INPUT ! -s 10.9.9.9 -p tcp --dport 80 -j DROP', 'rs1', 0, world);
  expect(fetch()).toBe('[28]');
  typed('iptables -F; iptables -A INPUT -s 10.9.9.9 -p tcp ! --dport 81 -j DROP', 'rs1', 0, world);
  expect(fetch()).toMatch(/\[0\]$/);
  typed('iptables -A INPUT -p tcp ! --dport 81 -j DROP', 'rs1', 0, world);
  expect(fetch()).toBe('[28]');
});

test('what a rule rejects is refused to the client, and counted', () => {
  const world = quietWorld();
  const fetch = () => typed('curl -sS http://192.168.0.11/', 'client', 2, world);
  for (const how of ['icmp-port-unreachable', 'tcp-reset']) {
    typed(`iptables -F; iptables -A INPUT -p tcp --dport 80 -j REJECT --reject-with ${how}`, 'rs1', 0, world);
    expect(fetch()).toMatch(/^curl: \(7\) Failed to connect to 192\.168\.0\.11 port 80 after 0 ms/);
    expect(typed('iptables -nvL INPUT | tail -n 1', 'rs1', 0, world)).toMatch(/^ {4}1 {4}60 REJECT /);
  }
  typed('iptables -F; iptables -Z', 'rs1', 0, world);
  expect(fetch()).toMatch(/\[0\]$/);
  expect(typed('iptables -nvL INPUT', 'rs1', 0, world)).toMatch(/^Chain INPUT \(policy ACCEPT [1-9]/);
});

test('a director that forwards nothing stops a NAT server’s answers, and OUTPUT what IPVS sends', () => {
  const world = quietWorld();
  typed('ip route replace default via 192.168.0.1', 'rs1', 0, world);
  typed('ipvsadm -A -t 192.168.0.100:80 -s rr', 'director1', 0, world);
  typed('ipvsadm -a -t 192.168.0.100:80 -r 192.168.0.11 -m', 'director1', 0, world);
  const fetch = () => typed('curl -s -m 3 http://192.168.0.100/', 'client', 4, world);
  expect(fetch()).toMatch(/\[0\]$/);
  typed('iptables -P FORWARD DROP', 'director1', 0, world);
  expect(fetch()).toBe('[28]');
  typed('iptables -A FORWARD -s 192.168.0.11 -p tcp --sport 80 -j ACCEPT', 'director1', 0, world);
  expect(fetch()).toMatch(/\[0\]$/);
  typed('iptables -A OUTPUT -d 192.168.0.11 -p tcp --dport 80 -j DROP', 'director1', 0, world);
  expect(fetch()).toBe('[28]');
  expect(typed('iptables -nvL OUTPUT | tail -n 1', 'director1', 0, world)).toMatch(/^ {4}\d+ +\d+ DROP /);
});
