import { CAPACITY_ASSUMPTIONS, capacityScenario, preset } from '@lvscope/scenario';
import { describe, expect, it } from 'vitest';
import { offeredBy, settingsOf, withRun } from './assumptions.ts';

describe('what a capacity scenario was made from', () => {
  it('is read back from the document as it was put in', () => {
    const assumptions = { ...CAPACITY_ASSUMPTIONS, bandwidthMbps: 1000, packetCostNs: 2000 };
    expect(settingsOf(capacityScenario('tun', 12, assumptions))).toEqual({
      method: 'tun',
      servers: 12,
      assumptions,
    });
  });

  it('is nothing where the scenario is about something else', () => {
    const other = preset('stress-one-source');
    expect(other && settingsOf(other)).toBeUndefined();
  });

  it('offers what all servers together can serve', () => {
    const settings = settingsOf(capacityScenario('nat', 30));
    expect(settings && offeredBy(settings)).toBe(1200);
  });
});

it('keeps one outcome by method and number of servers', () => {
  const nat = { method: 'nat', servers: 30, offered: 1200, answered: 700 } as const;
  const runs = withRun(withRun([nat], { ...nat, answered: 710 }), {
    ...nat,
    servers: 10,
    offered: 400,
    answered: 400,
  });
  expect(runs.map((run) => [run.servers, run.answered])).toEqual([
    [10, 400],
    [30, 710],
  ]);
});
