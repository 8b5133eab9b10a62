import { expect, test, vi } from 'vitest';
import { readSysctl, sysctlKeys, writeSysctl } from './sysctl.ts';
import { worldOf } from './testing/cluster.ts';

vi.setConfig({ testTimeout: 60_000 });

test('every key that is listed can be read, and takes back what it reads', () => {
  const world = worldOf({});
  for (const host of ['d1', 'rs1', 'client']) {
    for (const key of sysctlKeys(world, host)) {
      const read = readSysctl(world, host, key);
      expect(read.ok, key).toBe(true);
      expect(writeSysctl(world, host, key, read.ok ? read.value : ''), key).toEqual({ ok: true });
      expect(readSysctl(world, host, key), key).toEqual(read);
    }
  }
});

test('IPVS has its files on the director only', () => {
  const world = worldOf({});
  const key = 'net.ipv4.vs.expire_nodest_conn';
  expect(readSysctl(world, 'd1', key)).toEqual({ ok: true, value: '0' });
  expect(writeSysctl(world, 'd1', '/proc/sys/net/ipv4/vs/expire_nodest_conn', '1\n')).toEqual({ ok: true });
  expect(readSysctl(world, 'd1', key)).toEqual({ ok: true, value: '1' });
  expect(readSysctl(world, 'rs1', key)).toEqual({ ok: false, error: 'no-such-key' });
});

test('arp_ignore of "all" and of the interface work together, that of lo does not', () => {
  const world = worldOf({ method: 'nat' });
  const host = world.net.hostByName.get('rs1')!;
  writeSysctl(world, 'rs1', 'net.ipv4.conf.lo.arp_ignore', '1');
  expect(host.sysctl.arp_ignore).toBe(0);
  writeSysctl(world, 'rs1', 'net.ipv4.conf.eth0.arp_ignore', '1');
  expect(host.sysctl.arp_ignore).toBe(1);
  writeSysctl(world, 'rs1', 'net.ipv4.conf.all.arp_ignore', '2');
  writeSysctl(world, 'rs1', 'net.ipv4.conf.eth0.arp_ignore', '0');
  expect(host.sysctl.arp_ignore).toBe(2);
});

test('what is no number, out of range or unknown is refused', () => {
  const world = worldOf({});
  expect(writeSysctl(world, 'rs1', 'net.ipv4.ip_default_ttl', '0')).toEqual({ ok: false, error: 'invalid' });
  expect(writeSysctl(world, 'rs1', 'net.core.somaxconn', 'many')).toEqual({ ok: false, error: 'invalid' });
  expect(writeSysctl(world, 'rs1', 'net.ipv4.conf.eth7.rp_filter', '1')).toEqual({
    ok: false,
    error: 'no-such-key',
  });
  expect(writeSysctl(world, 'client', 'net.ipv4.ip_local_port_range', '5000 4000')).toEqual({
    ok: false,
    error: 'invalid',
  });
});
