import { expect, test } from 'vitest';
import { setSysctl } from './settings.ts';
import { getSysctl, IPVS_SYSCTLS } from './sysctl.ts';
import { director } from './testing/director.ts';
import { readTrace } from './testing/trace-world.ts';

test('a fresh kernel’s settings read as recorded', () => {
  const recorded = readTrace('misconf-sysctl-defaults').observations[0] as unknown as { out: string };
  const { ipvs } = director();
  const ours = IPVS_SYSCTLS.map(({ name }) => `${name}=${getSysctl(ipvs, name)}`);
  expect(ours).toEqual(recorded.out.trim().split('\n'));
});

test.each([
  ['drop_entry', '4', 'EINVAL'],
  ['drop_entry', 'x', 'EINVAL'],
  ['sync_threshold', '3 3', 'EINVAL'],
  ['sync_threshold', '-1 3', 'EINVAL'],
  ['sync_ports', '3', 'EINVAL'],
  ['sync_version', '2', 'EINVAL'],
  ['sync_retries', '4', 'EINVAL'],
  ['timeout_tcp', '1', 'ENOENT'],
])('%s = %s is refused with %s', (name, text, code) => {
  const { ipvs, sim } = director();
  const before = getSysctl(ipvs, name);
  expect(setSysctl(ipvs, sim, name, text)?.code).toBe(code);
  expect(getSysctl(ipvs, name)).toBe(before);
});

test('numbers are read as the kernel reads them', () => {
  const { ipvs, sim } = director();
  setSysctl(ipvs, sim, 'sync_threshold', '  0x2\t50 ');
  expect(getSysctl(ipvs, 'sync_threshold')).toBe('2 50');
  setSysctl(ipvs, sim, 'sync_threshold', '5 0');
  expect(getSysctl(ipvs, 'sync_threshold')).toBe('5 0');
  setSysctl(ipvs, sim, 'am_droprate', '-3');
  expect(getSysctl(ipvs, 'am_droprate')).toBe('-3');
});

test('an automatic defence engages and lets go with the memory', () => {
  const { ipvs, sim } = director();
  ipvs.defence.availablePages = 512;
  setSysctl(ipvs, sim, 'drop_packet', '1');
  expect(getSysctl(ipvs, 'drop_packet')).toBe('2');
  expect(ipvs.defence.dropRate).toBe(2);
  ipvs.defence.availablePages = 5000;
  setSysctl(ipvs, sim, 'drop_packet', '2');
  expect(getSysctl(ipvs, 'drop_packet')).toBe('1');
  expect(ipvs.defence.dropRate).toBe(0);
});
