import { expect, test } from 'vitest';
import { outcomeOf, weightZeroTable, type WeightZeroCase } from './weight-zero.ts';

const base: WeightZeroCase = {
  quiescent: true,
  expireNodestConn: false,
  expireQuiescentTemplate: false,
  persistent: true,
  packet: 'new-connection',
};
const outcome = (change: Partial<WeightZeroCase>): string => outcomeOf({ ...base, ...change });

test('weight 0 keeps an open connection, whatever the sysctls say', () => {
  const open = weightZeroTable().filter(({ quiescent, packet }) => quiescent && packet === 'open-connection');
  expect(open).toHaveLength(8);
  expect(new Set(open.map((cell) => cell.outcome))).toEqual(new Set(['dead-server']));
});

test('weight 0 does not free a persistent client: nor does expire_nodest_conn', () => {
  expect(outcome({})).toBe('dead-server');
  expect(outcome({ expireNodestConn: true })).toBe('dead-server');
});

test('expire_quiescent_template frees it at its next connection; without -p nothing is needed', () => {
  expect(outcome({ expireQuiescentTemplate: true })).toBe('another-server');
  expect(outcome({ persistent: false })).toBe('another-server');
});

test('a deleted server gets no new connection, with or without a template', () => {
  const fresh = weightZeroTable().filter(
    ({ quiescent, packet }) => !quiescent && packet === 'new-connection',
  );
  expect(fresh).toHaveLength(8);
  expect(new Set(fresh.map((cell) => cell.outcome))).toEqual(new Set(['another-server']));
});

test('an open connection of a deleted server is dropped in silence, or reset with expire_nodest_conn', () => {
  const open = (expireNodestConn: boolean): string =>
    outcome({ quiescent: false, packet: 'open-connection', expireNodestConn });
  expect([open(false), open(true)]).toEqual(['silence', 'reset']);
});

test('the table has every case once', () => {
  const keys = weightZeroTable().map((cell) => JSON.stringify({ ...cell, outcome: undefined }));
  expect([keys.length, new Set(keys).size]).toEqual([32, 32]);
});
