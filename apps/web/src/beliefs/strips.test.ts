import type { BeliefChange, BeliefHistory } from '@lvscope/cluster';
import { describe, expect, it } from 'vitest';
import { type Strip, stripRows, wrongOnes } from './strips.ts';

const learns = (atNs: number, owner: string, state: BeliefChange['state'] = 'REACHABLE'): BeliefChange => ({
  atNs,
  state,
  mac: `02:00:00:00:00:0${owner.at(-1) ?? '0'}`,
  owner,
});

function history(...changes: BeliefChange[]): BeliefHistory {
  return {
    address: '192.168.1.6',
    holders: [
      { atNs: 0, hosts: ['d1'] },
      { atNs: 20, hosts: [] },
      { atNs: 22, hosts: ['d2'] },
    ],
    rows: [{ host: 'router', device: 'eth1', own: undefined, changes }],
  };
}

/** `d1 1-20 d1! 20-31`: whom, from when to when, `!` = wrong. */
const text = (strips: readonly Strip[]): string =>
  strips.map((one) => `${one.owner ?? '?'}${one.wrong ? '!' : ''} ${one.fromNs}-${one.toNs}`).join(' ');

describe('who believes what', () => {
  it('becomes wrong when the address moves, and right when the new MAC is learnt', () => {
    const [row] = stripRows(history(learns(1, 'd1'), learns(31, 'd2')), 0, 50);
    expect(text(row?.strips ?? [])).toBe('d1 1-20 d1! 20-31 d2 31-50');
    expect(row?.wrongNow).toBe(false);
  });

  it('goes on through changes of the state that leave the MAC', () => {
    const changes = [learns(1, 'd1'), learns(5, 'd1', 'STALE'), learns(8, 'd1', 'DELAY')];
    const [row] = stripRows(history(...changes), 0, 15);
    expect(text(row?.strips ?? [])).toBe('d1 1-15');
    expect(row?.state).toBe('DELAY');
  });

  it('has gaps where there is no MAC', () => {
    const failed: BeliefChange = { atNs: 24, state: 'FAILED', mac: undefined, owner: undefined };
    const [row] = stripRows(history(learns(1, 'd1'), failed), 10, 50);
    expect(text(row?.strips ?? [])).toBe('d1 10-20 d1! 20-24');
    expect(row?.state).toBe('FAILED');
  });

  it('counts how long somebody was wrong, those who still are first', () => {
    const rows = stripRows(
      {
        ...history(learns(1, 'd1'), learns(31, 'd2')),
        rows: [
          { host: 'router', device: 'eth1', own: undefined, changes: [learns(1, 'd1'), learns(31, 'd2')] },
          { host: 'rs2', device: 'eth0', own: undefined, changes: [learns(45, 'd1')] },
        ],
      },
      0,
      50,
    );
    expect(wrongOnes(rows)).toEqual([
      { host: 'rs2', owner: 'd1', ns: 5, now: true },
      { host: 'router', owner: 'd1', ns: 11, now: false },
    ]);
  });
});
