import { describe, expect, it } from 'vitest';
import { fit } from './find.ts';

describe('what is typed into the palette', () => {
  const keywords = ['stress test', 'Stress test with -p', '带 -p 的压力测试', 'one server takes everything'];

  it('finds by all of its words, in either language, in any order', () => {
    expect(fit('stress-one-source', '-p stress', keywords)).toBeGreaterThan(0);
    expect(fit('stress-one-source', '压力', keywords)).toBeGreaterThan(0);
    expect(fit('stress-one-source', 'stress nat', keywords)).toBe(0);
  });

  it('puts a title typed in full before one that only has its words', () => {
    const full = fit('arp-problem', 'the ARP problem', ['ARP', 'The ARP problem', 'ARP 问题', 'who answers']);
    const words = fit('topology-dr', 'the ARP problem', [
      'Topologies',
      'DR',
      'DR',
      'can have the ARP problem',
    ]);
    const part = fit('arp-lo', 'the ARP problem', ['ARP', 'The ARP problem on lo', 'lo', 'who answers']);
    expect(full).toBeGreaterThan(part);
    expect(part).toBeGreaterThan(words);
  });

  it('puts what stands in the title before what the text alone says', () => {
    const inText = fit('stress-one-source', 'everything', keywords);
    expect(inText).toBeGreaterThan(0);
    expect(inText).toBeLessThan(fit('stress-one-source', 'stress', keywords));
  });
});
