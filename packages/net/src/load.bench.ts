import { bench, describe } from 'vitest';
import { load } from './testing/load.ts';

describe('20 000 connections of ten segments, 200 at a time, over a router', () => {
  bench('a reply of 2 kB', () => void load(20000, 200, 2000), { iterations: 3, time: 1 });
  bench('a reply of 100 kB in trains', () => void load(20000, 200, 100000), { iterations: 3, time: 1 });
});
