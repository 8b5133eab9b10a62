import { preset, restoreData, type Scenario } from '@lvscope/scenario';
import { describe, expect, it } from 'vitest';
import { rewire } from './rewire.ts';

function stress(): Scenario {
  const scenario = preset('stress-one-source');
  if (scenario === undefined) throw new Error('the first preset is missing');
  return scenario;
}

describe('another forwarding method for the same cluster', () => {
  for (const method of ['dr', 'tun', 'nat'] as const) {
    it(`makes a document that ${method} runs on and that the schema takes`, () => {
      const rewired = rewire(stress(), { method, count: 4 });
      expect(rewired).toBeDefined();
      expect(restoreData(rewired?.scenario)).toMatchObject({ ok: true });
    });
  }

  it('puts NAT servers behind the director, their only way back', () => {
    const script = rewire(stress(), { method: 'nat', count: 2 })?.script ?? [];
    expect(script.find((one) => one.host === 'rs1')?.lines).toEqual([
      'ip addr add 172.16.0.11/16 dev eth0',
      'ip route add default via 172.16.0.1',
    ]);
    expect(script.find((one) => one.host === 'd1')?.lines).toContain(
      'ipvsadm -a -t 192.168.1.6:80 -r 172.16.0.12:80 -m -w 1',
    );
  });

  it('is undone by going back to DR', () => {
    const there = rewire(stress(), { method: 'nat', count: 4 });
    const back = there && rewire(there.scenario, { method: 'dr', count: 4 });
    expect(back?.scenario.hosts.find((host) => host.name === 'd1')?.rules).toBe(
      stress().hosts.find((host) => host.name === 'd1')?.rules,
    );
    expect(back?.scenario.networks).toEqual(stress().networks);
  });
});

describe('another number of servers', () => {
  it('adds rsN with weight 1 and keeps those that were there', () => {
    const rewired = rewire(stress(), { method: 'dr', count: 40 });
    expect(restoreData(rewired?.scenario)).toMatchObject({ ok: true });
    expect(rewired?.scenario.hosts.filter((host) => host.role === 'realserver')).toHaveLength(40);
    expect(rewired?.scenario.services[0]?.on).toHaveLength(40);
  });
});
