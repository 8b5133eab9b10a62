import type { CommandRecord } from '@lvscope/cluster';
import { describe, expect, it } from 'vitest';
import { serverOf, serviceOf } from '../testing/views.ts';
import { focusService, lastChange, onlyLooks } from './select.ts';

const record = (command: string, origin: CommandRecord['origin'] = 'user'): CommandRecord => ({
  at: 0 as CommandRecord['at'],
  host: 'd1',
  command,
  rc: 0,
  out: '',
  err: '',
  origin,
});

describe('the last change', () => {
  it('is neither a listing nor part of the set-up', () => {
    const commands = [record('ipvsadm -A -t 1.2.3.4:80', 'setup'), record('ipvsadm -E -t 1.2.3.4:80 -s rr')];
    expect(lastChange([...commands, record('ipvsadm -Ln --stats')])?.command).toBe(
      'ipvsadm -E -t 1.2.3.4:80 -s rr',
    );
    expect(lastChange(commands.slice(0, 1))).toBeUndefined();
  });

  it('tells commands that only look from those that change', () => {
    const looks = [
      'ipvsadm -Lnc',
      'sysctl net.ipv4.vs.expire_nodest_conn',
      'ip addr show dev lo',
      'loadgen show',
    ];
    const changes = [
      'ipvsadm --set 900 10 300',
      'sysctl -w a.b=1',
      'ip addr add 1.2.3.4/32 dev lo',
      'loadgen stop',
    ];
    expect(looks.filter(onlyLooks)).toEqual(looks);
    expect(changes.filter(onlyLooks)).toEqual([]);
    expect(onlyLooks('echo 1 > /proc/sys/net/ipv4/vs/expire_nodest_conn')).toBe(false);
  });
});

describe('the service that is looked at', () => {
  it('is the first until one is chosen, and again when the chosen one is gone', () => {
    const services = [serviceOf([serverOf('rs1')], { id: 1 }), serviceOf([], { id: 2 })];
    const view = { services, troubled: [] } as unknown as NonNullable<
      Parameters<typeof focusService>[0]['view']
    >;
    expect(focusService({ view, serviceId: undefined })?.id).toBe(1);
    expect(focusService({ view, serviceId: 2 })?.id).toBe(2);
    expect(focusService({ view, serviceId: 9 })?.id).toBe(1);
  });

  it('is one whose director is there, where the first one is dead', () => {
    const services = [serviceOf([], { id: 1, director: 'd1' }), serviceOf([], { id: 2, director: 'd2' })];
    const troubled = [{ host: 'd1', health: 'off' }];
    const view = { services, troubled } as unknown as NonNullable<Parameters<typeof focusService>[0]['view']>;
    expect(focusService({ view, serviceId: undefined })?.id).toBe(2);
  });
});
