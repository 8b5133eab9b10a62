import { expect, test } from 'vitest';
import { quietWorld, typed } from '../../testing/timed.ts';

const on = (host: string) => {
  const world = quietWorld();
  return (line: string, seconds = 0): string => typed(line, host, seconds, world).replace(/\[0\]$/, '');
};

test('lo:0 is an address of lo with a label, and goes down alone', () => {
  const says = on('rs1');
  says('ifconfig lo:0 192.168.0.100 netmask 255.255.255.255 broadcast 192.168.0.100 up');
  expect(says('ifconfig lo:0')).toBe(
    'lo:0: flags=73<UP,LOOPBACK,RUNNING>  mtu 65536\n' +
      '        inet 192.168.0.100  netmask 255.255.255.255\n' +
      '        loop  txqueuelen 1000  (Local Loopback)\n\n',
  );
  expect(says('ip addr show lo')).toMatch(/inet 192\.168\.0\.100\/32 scope global lo:0\n/);
  expect(says('ifconfig')).toMatch(/^eth0: flags=4163<UP,BROADCAST,RUNNING,MULTICAST> {2}mtu 1500\n/);
  says('ifconfig lo:0 down');
  expect(says('ip addr show lo')).not.toMatch(/192\.168\.0\.100/);
  expect(says('ip addr show lo')).toMatch(/127\.0\.0\.1/);
});

test('an address without a netmask gets the one of its class', () => {
  const says = on('rs1');
  says('ifconfig eth0:1 10.0.0.201');
  expect(says('ip addr show eth0')).toMatch(/inet 10\.0\.0\.201\/8 scope global eth0:1/);
});

test('ifconfig takes ARP off an interface and says what it does not know', () => {
  const says = on('rs1');
  says('ifconfig eth0 -arp');
  expect(says('ifconfig eth0')).toMatch(/^eth0: flags=4291<UP,BROADCAST,RUNNING,NOARP,MULTICAST>/);
  expect(says('ifconfig eth9')).toBe('eth9: error fetching interface information: Device not found\n[1]');
  expect(says('ifconfig eth9 up')).toBe('eth9: ERROR while getting interface flags: No such device\n[255]');
});

test('routes that refuse are marked as net-tools and the kernel mark them', () => {
  const says = on('rs1');
  says(
    'ip route add unreachable 10.7.0.0/16; ip route add blackhole 10.8.0.1; ip route add prohibit 10.9.0.2',
  );
  expect(says('route -n | grep ^10')).toBe(
    '10.7.0.0        -               255.255.0.0     !     0      -        0 -\n' +
      '10.8.0.1        0.0.0.0         255.255.255.255 UH    0      0        0 *\n' +
      '10.9.0.2        -               255.255.255.255 !H    0      -        0 -\n',
  );
  expect(says('netstat -rn | grep ^10')).toBe(
    '10.7.0.0        -               255.255.0.0     !         - -          - -\n' +
      '10.8.0.1        0.0.0.0         255.255.255.255 UH        0 0          0 *\n' +
      '10.9.0.2        -               255.255.255.255 !H        - -          - -\n',
  );
  expect(says('cat /proc/net/route | cut -f 1,2,4 | grep ^*')).toBe(
    '*\t0000070A\t0201\n*\t0100080A\t0005\n*\t0200090A\t0205\n',
  );
});

test('routes come and go as net-tools has it', () => {
  const says = on('rs1');
  expect(says('route -n')).toBe(
    'Kernel IP routing table\n' +
      'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n' +
      '0.0.0.0         192.168.0.254   0.0.0.0         UG    0      0        0 eth0\n' +
      '192.168.0.0     0.0.0.0         255.255.255.0   U     0      0        0 eth0\n',
  );
  says('route add -host 192.168.0.100 dev lo');
  expect(says('route -n')).toMatch(/^192\.168\.0\.100 {3}0\.0\.0\.0 {9}255\.255\.255\.255 UH .* lo$/m);
  expect(says('route add -net 10.8.0.0 netmask 255.255.0.0 gw 192.168.0.1; ip route show 10.8.0.0/16')).toBe(
    '10.8.0.0/16 via 192.168.0.1 dev eth0 \n',
  );
  expect(says('route del -net 10.8.0.0/16')).toBe('');
  expect(says('route del -net 10.8.0.0/16')).toBe('SIOCDELRT: No such process\n[7]');
  expect(says('route add default gw 99.9.0.7')).toBe('SIOCADDRT: Network is unreachable\n[7]');
});

test('arp lists, sets and forgets neighbours', () => {
  const says = on('rs1');
  says('ping -c 1 192.168.0.1', 2);
  expect(says('arp -n')).toMatch(
    /^Address {18}HWtype {2}HWaddress .*\n192\.168\.0\.1 {14}ether {3}[0-9a-f:]{17} {3}C {21}eth0\n$/,
  );
  says('arp -s 192.168.0.78 02:00:00:00:00:78');
  expect(says('arp -an')).toMatch(/^\? \(192\.168\.0\.78\) at 02:00:00:00:00:78 \[ether\] PERM on eth0$/m);
  says('arp -d 192.168.0.78');
  expect(says('arp -d 192.168.0.78')).toBe('No ARP entry for 192.168.0.78\n[255]');
  expect(says('arp -n 192.168.0.66')).toBe('192.168.0.66 (192.168.0.66) -- no entry\n');
});

test('ss and netstat list who listens', () => {
  const says = on('rs1');
  expect(says('ss -tln')).toBe(
    'State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\n' +
      'LISTEN 0      511          0.0.0.0:80        0.0.0.0:*          \n',
  );
  expect(says('netstat -tln')).toBe(
    'Active Internet connections (only servers)\n' +
      'Proto Recv-Q Send-Q Local Address           Foreign Address         State      \n' +
      'tcp        0      0 0.0.0.0:80              0.0.0.0:*               LISTEN     \n',
  );
  expect(says('ss -tl')).toMatch(/0\.0\.0\.0:http/);
  expect(says('ss -z')).toBe("ss: invalid option -- 'z'\n[255]");
});

test('arptables drops questions for the virtual address', () => {
  const world = quietWorld();
  const says = (line: string, host: string, seconds = 0) => typed(line, host, seconds, world);
  says('ip addr add 192.168.0.99/32 dev lo', 'rs1');
  expect(says('arping -f -w 2 -I eth0 192.168.0.99', 'director1', 3)).toMatch(/Received 1 response/);
  says('arptables -A INPUT -d 192.168.0.99 -j DROP', 'rs1');
  expect(says('arptables -L -n', 'rs1')).toBe(
    'Chain INPUT (policy ACCEPT)\n-j DROP -d 192.168.0.99\n\nChain OUTPUT (policy ACCEPT)\n[0]',
  );
  expect(says('arping -f -w 2 -I eth0 192.168.0.99', 'director1', 3)).toMatch(/Received 0 response/);
  says('arptables -D INPUT -d 192.168.0.99 -j DROP', 'rs1');
  expect(says('arptables -D INPUT -d 192.168.0.99 -j DROP', 'rs1')).toMatch(/Bad rule.*\[1\]$/s);
});

test('send_arp in the form of the notes tells everybody who has the address', () => {
  const world = quietWorld();
  const says = (line: string, host: string, seconds = 0) => typed(line, host, seconds, world);
  says('ping -c 1 192.168.0.100', 'rs1', 2);
  says('send_arp -i eth0 192.168.0.100 02:00:00:00:00:77 192.168.0.255 ffffffffffff', 'router', 1);
  says('send_arp -i eth1 192.168.0.100 020000000077 192.168.0.255 ffffffffffff', 'router', 1);
  expect(says('ip neigh show 192.168.0.100', 'rs1', 1)).toMatch(/lladdr 02:00:00:00:00:77 /);
  expect(says('send_arp 192.168.0.100', 'router')).toMatch(/^Usage: send_arp /);
});
