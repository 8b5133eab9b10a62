import { expect, it } from 'vitest';
import { groupOthers } from './others.ts';

it('lists the other schedulers by the server that they would take, the most agreed on first', () => {
  const others = [
    { scheduler: 'wrr', name: 'rs4' },
    { scheduler: 'lc', name: 'rs3' },
    { scheduler: 'dh', name: undefined },
    { scheduler: 'wlc', name: 'rs3' },
  ];
  expect(groupOthers(others)).toEqual([
    { name: 'rs3', schedulers: ['lc', 'wlc'] },
    { name: 'rs4', schedulers: ['wrr'] },
    { name: undefined, schedulers: ['dh'] },
  ]);
});
