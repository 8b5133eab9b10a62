import { describe, expect, it } from 'vitest';
import { replay } from './testing/replay.ts';

describe('a bare server answers hand-made packets as Linux 6.1 was recorded doing', () => {
  it.each([
    ['random-states-dr-s1'],
    ['random-states-dr-s2'],
    ['random-states-dr-s3'],
    ['states-dr-client-close'],
    ['states-dr-client-rst'],
    ['states-dr-server-close'],
    ['states-dr-reuse-mode0'],
    ['states-dr-reuse-mode1'],
    ['states-dr-syn-rst'],
    ['states-dr-stray'],
    ['states-dr-halfopen-noack'],
  ])('%s', (name) => {
    const { differences, replies } = replay(name);
    expect(differences).toEqual([]);
    expect(replies).toBeGreaterThan(0);
  });
});
