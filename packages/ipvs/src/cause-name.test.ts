import { expect, test } from 'vitest';
import { causeName } from './cause-name.ts';
import * as packet from './packet.ts';

test('each cause has the word of its constant', () => {
  const causes = Object.entries(packet).filter(([name]) => name.startsWith('CAUSE_'));
  expect(causes).toHaveLength(16);
  for (const [name, value] of causes) {
    expect(causeName(value as number)).toBe(name.slice('CAUSE_'.length).toLowerCase().replaceAll('_', '-'));
  }
});
