import { weightZeroAnswers } from '@lvscope/cluster';
import { describe, expect, it } from 'vitest';
import type { WeightZeroSettings } from '../worker/api.ts';
import { holdsNow, rowsOf } from './live.ts';

const ANSWERS = weightZeroAnswers();
const NOW: WeightZeroSettings = {
  persistent: true,
  expireNodestConn: false,
  expireQuiescentTemplate: false,
  quiescent: true,
  atZero: ['rs1'],
  deleted: [],
  ldirectord: true,
};

const live = (now: WeightZeroSettings): string[] =>
  ANSWERS.filter((cell) => holdsNow(cell, now)).map(({ packet, outcome }) => `${packet}: ${outcome}`);

describe('the table of weight 0', () => {
  it('has every case once, the sysctls in the same order in each row', () => {
    const rows = rowsOf(ANSWERS);
    expect(rows.map(({ cells }) => cells.length)).toEqual(rows.map(() => 4));
    expect(new Set(rows.flatMap(({ cells }) => cells)).size).toBe(32);
    const sysctls = rows.map(({ cells }) =>
      cells.map((cell) => `${Number(cell.expireNodestConn)}${Number(cell.expireQuiescentTemplate)}`).join(),
    );
    expect(new Set(sysctls)).toEqual(new Set(['00,01,10,11']));
  });

  it('marks the two cells that hold with the present settings', () => {
    expect(live(NOW)).toEqual(['open-connection: dead-server', 'new-connection: dead-server']);
    expect(live({ ...NOW, expireQuiescentTemplate: true })).toEqual([
      'open-connection: dead-server',
      'new-connection: another-server',
    ]);
  });

  it('marks both ways while no server is out', () => {
    expect(live({ ...NOW, quiescent: undefined })).toHaveLength(4);
  });
});
