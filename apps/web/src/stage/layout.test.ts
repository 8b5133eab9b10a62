import { preset, presets, type Scenario } from '@lvscope/scenario';
import { describe, expect, it } from 'vitest';
import { rewire } from '../state/rewire.ts';
import { layOut, levelsOf, type PlacedHost } from './layout.ts';

function named(id: string): Scenario {
  const scenario = preset(id);
  if (scenario === undefined) throw new Error(`no preset ${id}`);
  return scenario;
}

function overlaps(hosts: readonly PlacedHost[]): string[] {
  return hosts.flatMap((a, i) =>
    hosts
      .slice(i + 1)
      .filter(
        (b) => Math.abs(a.x - b.x) * 2 < a.width + b.width && Math.abs(a.y - b.y) * 2 < a.height + b.height,
      )
      .map((b) => `${a.name}/${b.name}`),
  );
}

function outside(hosts: readonly PlacedHost[], width: number, height: number): string[] {
  return hosts
    .filter((host) => host.x < host.width / 2 || host.x > width - host.width / 2 || host.y > height)
    .map((host) => host.name);
}

const SIZES = [
  [940, 620],
  [760, 420],
  [390, 440],
] as const;

describe('the stage', () => {
  it('counts steps from the clients: NAT servers are one segment further than the director', () => {
    const nat = rewire(named('stress-one-source'), { method: 'nat', count: 2 })?.scenario;
    const levels = levelsOf(nat ?? named('stress-one-source'));
    expect(['client', 'router', 'd1', 'rs1'].map((name) => levels.hosts.get(name))).toEqual([0, 2, 4, 6]);
  });

  for (const [width, height] of SIZES) {
    it(`has a place for every host of every preset, none on another, at ${width}×${height}`, () => {
      for (const { id } of presets()) {
        const hosts = [...layOut(named(id), width, height).hosts.values()];
        expect({ id, overlaps: overlaps(hosts), outside: outside(hosts, width, height) }).toEqual({
          id,
          overlaps: [],
          outside: [],
        });
      }
    });
  }

  it('keeps a cable between the directors alone on the stage, beside them', () => {
    for (const [width, height] of SIZES) {
      const { rails, hosts } = layOut(named('failover-partition'), width, height);
      const d1 = hosts.get('d1');
      const x = rails.get('beat')?.x ?? 0;
      expect(x).toBeGreaterThan((d1?.x ?? 0) + (d1?.width ?? 0) / 2);
      expect(x).toBeLessThan(width - 30);
    }
  });

  for (const [width, height] of SIZES) {
    it(`names the segments, all where there is room, none on a host or a rail, at ${width}×${height}`, () => {
      for (const { id } of presets()) {
        const scenario = named(id);
        const { labels, hosts, rails } = layOut(scenario, width, height);
        const onHosts = labels.filter(({ x, y }) =>
          [...hosts.values()].some(
            (host) => Math.abs(host.x - x) < host.width / 2 && Math.abs(host.y - y) < host.height / 2,
          ),
        );
        const onRails = labels.flatMap(({ x, y, text, anchor }) => {
          const left = x - (anchor === 'start' ? 0 : anchor === 'end' ? 1 : 0.5) * text.length * 6;
          return [...rails.values()].filter(
            (rail) => rail.x > left && rail.x < left + text.length * 6 && y > rail.top && y < rail.bottom,
          );
        });
        expect({ id, onHosts, onRails }).toEqual({ id, onHosts: [], onRails: [] });
        if (width > 800)
          expect({ id, names: labels.length }).toEqual({ id, names: scenario.networks.length });
      }
    });
  }

  it('shrinks many servers to a grid', () => {
    const forty = rewire(named('stress-one-source'), { method: 'dr', count: 40 })?.scenario;
    const layout = layOut(forty ?? named('stress-one-source'), 940, 620);
    const hosts = [...layout.hosts.values()];
    expect(layout.compact).toBe(true);
    expect(hosts.filter((host) => host.role === 'realserver')).toHaveLength(40);
    expect(overlaps(hosts)).toEqual([]);
  });
});
