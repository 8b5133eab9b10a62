import type { CommandRecord } from '@lvscope/cluster';
import { describe, expect, it } from 'vitest';
import { serverOf, serviceOf } from '../testing/views.ts';
import { focusService, followed, isChanged, lastChange, onlyLooks, serviceKey } from './select.ts';

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
      'ip -s link',
      'ping -c 3 192.168.1.6 | tail -2',
      'iptables -t mangle -nvL; arp -n',
      'watch -n1 ipvsadm -Ln',
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
    expect(onlyLooks('ipvsadm -Ln && ipvsadm -C')).toBe(false);
    expect(onlyLooks('ip -4 addr add 10.0.0.1/32 dev lo')).toBe(false);
  });
});

describe('a scenario', () => {
  it('is changed by what the operator does, not by looks, failures and its own script', () => {
    const edit = 'ipvsadm -E -t 1.2.3.4:80 -s rr';
    const changes = (...commands: CommandRecord[]) => isChanged({ commands, notice: undefined });
    const refused = { ...record(edit), rc: 1 };
    expect(changes(record(edit, 'setup'), record(edit, 'timeline'), record('ipvsadm -Ln'), refused)).toBe(
      false,
    );
    expect(changes(record('ipvsadm -Ln'), record(edit))).toBe(true);
    expect(isChanged({ commands: [], notice: { kind: 'new-run', script: [] } })).toBe(true);
  });
});

describe('the service that is looked at', () => {
  it('is the first until one is chosen, and again when the chosen one is gone', () => {
    const services = [
      serviceOf([serverOf('rs1')], { id: 1, label: 'TCP 192.168.1.6:80' }),
      serviceOf([], { id: 2, label: 'FWM 1' }),
    ];
    const view = { services, troubled: [] } as unknown as NonNullable<
      Parameters<typeof focusService>[0]['view']
    >;
    expect(focusService({ view, serviceKey: undefined })?.id).toBe(1);
    expect(focusService({ view, serviceKey: 'd1 FWM 1' })?.id).toBe(2);
    expect(focusService({ view, serviceKey: 'd1 FWM 9' })?.id).toBe(1);
  });

  it('is one whose director is there, where the first one is dead', () => {
    const services = [serviceOf([], { id: 1, director: 'd1' }), serviceOf([], { id: 2, director: 'd2' })];
    const troubled = [{ host: 'd1', health: 'off' }];
    const view = { services, troubled } as unknown as NonNullable<Parameters<typeof focusService>[0]['view']>;
    expect(focusService({ view, serviceKey: undefined })?.id).toBe(2);
  });

  it('can be the same one of another director, though both number it alike', () => {
    const services = [serviceOf([], { id: 1, director: 'd1' }), serviceOf([], { id: 1, director: 'd2' })];
    const view = { services, troubled: [] } as unknown as NonNullable<
      Parameters<typeof focusService>[0]['view']
    >;
    const chosen = services.map((service) => focusService({ view, serviceKey: serviceKey(service) }));
    expect(chosen.map((service) => service?.director)).toEqual(['d1', 'd2']);
  });
});

describe('the decision that is followed', () => {
  const services = ['d1', 'd2'].map((director) => serviceOf([], { director }));
  const view = { services, troubled: [] } as unknown as NonNullable<Parameters<typeof followed>[0]['view']>;
  const decisions = [
    { director: 'd2', seq: 4 },
    { director: 'd1', seq: 9 },
  ] as unknown as Parameters<typeof followed>[0]['decisions'];

  it('is the newest of whoever decided', () => {
    expect(followed({ view, serviceKey: undefined, decisions })).toMatchObject({ director: 'd1', seq: 9 });
  });

  it('is the newest of the director whose service was chosen', () => {
    const key = services.map(serviceKey)[1];
    expect(followed({ view, serviceKey: key, decisions })).toMatchObject({ director: 'd2', seq: 4 });
  });
});
