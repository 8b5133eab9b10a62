import { describe, expect, it } from 'vitest';
import { replay } from './testing/replay.ts';

describe('a bare server answers hand-made packets as Linux 6.1 was recorded doing', () => {
  it.each<[string, number?]>([
    ['random-states-dr-s1'],
    // From here on the lab's Python has collected shut-down sockets as garbage, which closed them at a
    // moment of its own.
    ['random-states-dr-s2', 153],
    ['random-states-dr-s3'],
    ['states-dr-client-close'],
    ['states-dr-client-rst'],
    ['states-dr-server-close'],
    ['states-dr-reuse-mode0'],
    ['states-dr-reuse-mode1'],
    ['states-dr-syn-rst'],
    ['states-dr-stray'],
    ['states-dr-halfopen-noack'],
  ])('%s', (name, until = Infinity) => {
    const { differences, replies } = replay(name, until);
    expect(differences).toEqual([]);
    expect(replies).toBeGreaterThan(0);
  });
});
