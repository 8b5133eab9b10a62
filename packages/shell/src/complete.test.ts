import { execute } from '@lvscope/cluster';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { programs } from './programs.ts';
import { smallWorld } from './testing/small-world.ts';

const world = smallWorld();
const offered = (text: string, host = 'director1'): readonly string[] =>
  programs.complete(world, host, text, text.length).candidates;

test('a command stands at the beginning, behind an operator, and behind watch', () => {
  expect(offered('ipvs')).toEqual(['ipvsadm', 'ipvsadm-restore', 'ipvsadm-save']);
  expect(offered('true && arpi')).toEqual(['arping']);
  expect(offered('watch -n1 ipvsadm-s')).toEqual(['ipvsadm-save']);
});

test('behind it stand its words, interfaces, addresses, settings and files of the host', () => {
  expect(offered('ip ne')).toContain('neigh');
  expect(offered('tcpdump -i eth')).toEqual(['eth0']);
  expect(offered('ping 192.168.0.11')).toEqual(['192.168.0.11']);
  expect(offered('ipvsadm --st')).toEqual(['--start-daemon', '--stats', '--stop-daemon']);
  expect(offered('sysctl net.ipv4.conf.lo.arp_ig')).toEqual(['net.ipv4.conf.lo.arp_ignore']);
  expect(offered('cat /proc/sys/net/ipv4/conf/e')).toEqual(['/proc/sys/net/ipv4/conf/eth0/']);
  expect(offered('systemctl stop h', 'rs1')).toContain('httpd');
});

test('a director offers its services as ipvsadm takes them', () => {
  execute(world, programs, 'director1', 'ipvsadm -A -t 192.168.0.100:80 -s rr');
  expect(offered('ipvsadm -d -t 192.168.0.100')).toContain('192.168.0.100:80');
});

test('the place says what the candidate replaces', () => {
  expect(programs.complete(world, 'rs1', 'echo 1 > /proc/sys/ne', 21)).toMatchObject({
    from: 9,
    candidates: ['/proc/sys/net/'],
  });
});

test('no text and no place make it throw', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: -5, max: 50 }), (text, cursor) => {
      expect(programs.complete(world, 'rs1', text, cursor).from).toBeGreaterThanOrEqual(0);
    }),
  );
});

test("/proc shows neighbours, devices, routes and sockets in the kernel's form", () => {
  const read = (path: string): string => execute(world, programs, 'rs1', `cat ${path}`).out;
  expect(read('/proc/net/arp')).toBe(
    'IP address       HW type     Flags       HW address            Mask     Device\n',
  );
  expect(read('/proc/net/route')).toMatch(/^eth0\t00000000\tFE00A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0 *$/m);
  expect(read('/proc/net/tcp')).toMatch(/^ {3}0: 00000000:0050 00000000:0000 0A 00000000:00000000 /m);
  expect(read('/proc/net/dev')).toMatch(/^ {2}eth0: +\d+ +\d+ /m);
});

test('sysctl -p reads a file of settings', () => {
  const line = 'printf "# forward\\nnet.ipv4.ip_forward = 1\\n" > /etc/sysctl.conf; sysctl -p';
  expect(execute(world, programs, 'rs1', line).out).toBe('net.ipv4.ip_forward = 1\n');
  expect(execute(world, programs, 'rs1', 'cat /proc/sys/net/ipv4/ip_forward').out).toBe('1\n');
  expect(execute(world, programs, 'rs1', 'sysctl -p /none').err).toMatch(
    /cannot open "\/none": No such file/,
  );
});
