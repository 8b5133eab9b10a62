import { describe, expect, it } from 'vitest';
import type { SeriesRows } from '../state/series.ts';
import { serverOf, serviceOf } from '../testing/views.ts';
import { comebackSeconds } from './comeback.ts';

/** rs1 got 50 connections a second until `switched`, then the three others share them. */
function afterSwitch(switched: number, now: number): SeriesRows {
  const time = Array.from({ length: now + 1 }, (_, i) => i);
  const old = time.map((t) => 50 * Math.min(t, switched));
  const other = time.map((t) => (50 / 3) * Math.max(0, t - switched));
  const columns = new Map([1, 2, 3, 4].map((id) => [`${id}:conns`, id === 1 ? old : other]));
  return { stepSeconds: 1, time, columns };
}

describe('when a server that is held back comes back', () => {
  const servers = [1, 2, 3, 4].map((id) => serverOf(`rs${id}`));
  const service = serviceOf(servers, { scheduler: 'wlc' });
  const held = servers[0] ?? serverOf('rs1');

  it('is when its FIN_WAITs of 120 s have run down to what the others gathered meanwhile', () => {
    // t seconds after the switch the old one has 50·(120 − t) left, the others 16.7·t: equal at t = 90
    const ahead = comebackSeconds(afterSwitch(150, 170), service, held, 120);
    expect(ahead).toBeGreaterThan(66);
    expect(ahead).toBeLessThan(74);
  });

  it('is sooner with a shorter tcpfin timeout', () => {
    expect(comebackSeconds(afterSwitch(150, 155), service, held, 15)).toBeLessThan(10);
  });

  it('is unknown without samples', () => {
    expect(
      comebackSeconds({ stepSeconds: 1, time: [], columns: new Map() }, service, held, 120),
    ).toBeUndefined();
  });
});
