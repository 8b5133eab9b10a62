import { describe, expect, it } from 'vitest';
import { completed, inColumns } from './complete.ts';

const after = (before: string, from: number, ...candidates: string[]): string =>
  before + completed(before, { from, candidates }).insert;

describe('Tab', () => {
  it('puts in what is certain', () => {
    expect(after('ipv', 0, 'ipvsadm', 'ipvsadm-save')).toBe('ipvsadm');
    expect(after('arping -I e', 10, 'eth0')).toBe('arping -I eth0 ');
    expect(after('cat /proc/s', 4, '/proc/sys/')).toBe('cat /proc/sys/');
  });

  it('lists what is not', () => {
    const candidates = ['ipvsadm', 'ipvsadm-save'];
    expect(completed('ipvsadm', { from: 0, candidates })).toEqual({ insert: '', choices: candidates });
  });

  it('does nothing where nothing fits', () => {
    expect(completed('zzz', { from: 0, candidates: [] })).toEqual({ insert: '', choices: [] });
  });

  it('lists in columns, downwards', () => {
    expect(inColumns(['a', 'bb', 'ccc', 'd'], 12)).toBe('a    ccc\nbb   d');
  });
});
