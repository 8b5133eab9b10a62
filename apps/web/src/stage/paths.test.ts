import { preset, type Scenario } from '@lvscope/scenario';
import { describe, expect, it } from 'vitest';
import { rewire } from '../state/rewire.ts';
import { layOut } from './layout.ts';
import { connectionPath, hopsBetween, lengthOf, pathText, pointAlong } from './paths.ts';

function stress(method: 'dr' | 'tun' | 'nat'): Scenario {
  const scenario = preset('stress-one-source');
  const rewired = scenario && rewire(scenario, { method, count: 4 });
  if (rewired === undefined) throw new Error('the first preset cannot be rewired');
  return rewired.scenario;
}

const hosts = (scenario: Scenario, from: string, to: string, avoided?: string): string[] | undefined =>
  hopsBetween(scenario, from, to, avoided)?.map((hop) => hop.to);

describe('the way of a connection', () => {
  it('comes back past the director with DR, and to the router of the servers with TUN', () => {
    expect(hosts(stress('dr'), 'rs1', 'client', 'd1')).toEqual(['router', 'client']);
    expect(hosts(stress('tun'), 'd1', 'rs1')).toEqual(['router', 'rs1']);
    expect(hosts(stress('tun'), 'rs1', 'client', 'd1')).toEqual(['router', 'client']);
  });

  it('has no other way back than the director with NAT', () => {
    expect(hosts(stress('nat'), 'rs1', 'client', 'd1')).toBeUndefined();
    expect(hosts(stress('nat'), 'rs1', 'client')).toEqual(['d1', 'router', 'client']);
  });

  it('never goes through another real server or client', () => {
    expect(hosts(stress('dr'), 'client', 'rs3')).toEqual(['router', 'rs3']);
  });

  for (const [method, word] of [
    ['dr', 'Route'],
    ['tun', 'Tunnel'],
    ['nat', 'Masq'],
  ] as const) {
    it(`joins without a gap from client to server and back with ${method}`, () => {
      const scenario = stress(method);
      const layout = layOut(scenario, 940, 620);
      const ends = { client: 'client', director: 'd1', server: 'rs4' };
      const path = connectionPath(scenario, layout, ends, word);
      const client = layout.hosts.get('client');
      expect(path?.request[0]?.x).toBe((client?.x ?? 0) + (client?.width ?? 0) / 2);
      expect(path?.reply.at(-1)?.x).toBe(path?.request[0]?.x);
      expect(lengthOf(path?.forward ?? [])).toBeGreaterThan(0);
    });
  }
});

describe('points on a line', () => {
  const corner = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
    { x: 10, y: 30 },
  ];

  it('are found by their share of its length, round the corner', () => {
    expect(pointAlong(corner, 0.25)).toEqual({ x: 10, y: 0 });
    expect(pointAlong(corner, 0.625)).toEqual({ x: 10, y: 15 });
    expect(pointAlong(corner, 2)).toEqual({ x: 10, y: 30 });
    expect(pointAlong([], 0.5)).toBeUndefined();
  });

  it('make a path whose corners are rounded', () => {
    expect(pathText(corner)).toBe('M0,0L5,0Q10,0 10,5L10,30');
  });
});
