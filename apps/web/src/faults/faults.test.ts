import { describe, expect, it } from 'vitest';
import type { HostCondition } from '../worker/api.ts';
import { faultsOf } from './faults.ts';

const condition = (over: Partial<HostCondition> = {}): HostCondition => ({
  host: 'rs1',
  power: true,
  interfaces: [{ name: 'eth0', up: true, network: 'lan' }],
  services: [{ name: 'httpd', state: 'running' }],
  ...over,
});

const commands = (of: HostCondition): string[] =>
  faultsOf(of)
    .flat()
    .map(({ command }) => command);

describe('what can be broken', () => {
  it('is a command on the host, cable by cable and service by service', () => {
    expect(commands(condition())).toEqual([
      'ip link set eth0 down',
      'tc qdisc replace dev eth0 root netem delay 100ms',
      'tc qdisc replace dev eth0 root netem loss 5%',
      'tc qdisc del dev eth0 root',
      'systemctl stop httpd',
      'pkill -STOP httpd',
      'poweroff',
    ]);
  });

  it('offers the way back where something is broken', () => {
    const cut = condition({ interfaces: [{ name: 'eth0', up: false, network: 'lan' }], services: [] });
    expect(commands(cut)).toEqual(['ip link set eth0 up', 'poweroff']);
    expect(commands(condition({ services: [{ name: 'httpd', state: 'hung' }] }))).toContain(
      'pkill -CONT httpd',
    );
    expect(commands(condition({ services: [{ name: 'httpd', state: 'stopped' }] }))).toContain(
      'systemctl start httpd',
    );
  });

  it('of a machine without power is to switch it on, and nothing else', () => {
    expect(commands(condition({ power: false }))).toEqual(['poweron']);
  });
});
