import { describe, expect, it } from 'vitest';
import { serverOf, serviceOf } from '../testing/views.ts';
import { skewStory } from './skew-story.ts';

const skew = (jain: number) => ({ jain, maxOverMean: 1, coefficientOfVariation: 1 });
const taker = serverOf('rs2', { newConns: 900, share: 0.97, activeConns: 8, inactConns: 900 });
const idle = ['rs1', 'rs3', 'rs4'].map((name) =>
  serverOf(name, { newConns: 9, share: 0.01, activeConns: 1 }),
);

describe('what there is to say about a skew', () => {
  it('blames persistence where -p holds clients to servers', () => {
    const service = serviceOf([taker, ...idle], { skew: skew(0.27), persistenceSeconds: 300 });
    expect(skewStory(service, 1)).toMatchObject({ kind: 'held-by-persistence', sources: 1, masked: false });
  });

  it('names a server of weight 0 that clients are still led to, however even the others are', () => {
    const zero = serverOf('rs1', { weight: 0, newConns: 900, share: 0.9 });
    const others = ['rs2', 'rs3'].map((name) => serverOf(name, { newConns: 50, share: 0.05 }));
    const service = serviceOf([zero, ...others], { skew: skew(1), persistenceSeconds: 300 });
    expect(skewStory(service, 30, new Map([[1, 0.9]]))).toMatchObject({
      kind: 'despite-zero',
      server: { name: 'rs1' },
      persistent: true,
    });
    expect(skewStory(service, 30, new Map([[1, 0]])).kind, 'only the window remembers it').toBe('even');
  });

  it('finds the server that wlc holds back for its inactive connections once -p is off', () => {
    const old = serverOf('rs2', { inactConns: 5894, share: 0.02 });
    const busy = ['rs1', 'rs3', 'rs4'].map((name) =>
      serverOf(name, { newConns: 300, share: 0.33, activeConns: 3, inactConns: 40 }),
    );
    const story = skewStory(serviceOf([old, ...busy], { skew: skew(0.75), scheduler: 'wlc' }), 1);
    expect(story).toMatchObject({ kind: 'held-back', server: { name: 'rs2' } });
  });

  it('sees it in the last seconds while the window still looks even', () => {
    const old = serverOf('rs2', { inactConns: 5894, share: 0.23, newConns: 800 });
    const busy = ['rs1', 'rs3', 'rs4'].map((name) =>
      serverOf(name, { newConns: 900, share: 0.26, activeConns: 3, inactConns: 940 }),
    );
    const service = serviceOf([old, ...busy], { skew: skew(0.99), scheduler: 'wlc' });
    expect(skewStory(service, 1, new Map([[2, 0]])).kind).toBe('held-back');
    expect(skewStory(service, 1, new Map([[2, 0.25]])).kind).toBe('even');
  });

  it('says that the window remembers a skew that is over', () => {
    const service = serviceOf([taker, ...idle], { skew: skew(0.5), scheduler: 'rr' });
    const even = new Map([1, 2, 3, 4].map((id) => [id, 0.25]));
    expect(skewStory(service, 1, even).kind).toBe('settling');
  });

  it('does not speak of inactive connections under rr, which does not count them', () => {
    const old = serverOf('rs2', { inactConns: 5894, share: 0.02, newConns: 1 });
    const story = skewStory(serviceOf([old, ...idle], { skew: skew(0.7), scheduler: 'rr' }), 1);
    expect(story.kind).toBe('uneven');
  });

  it('says that sh keys on the source and dh on the destination', () => {
    const of = (scheduler: string) =>
      skewStory(serviceOf([taker, ...idle], { skew: skew(0.3), scheduler }), 1);
    expect(of('sh')).toMatchObject({ kind: 'by-address', key: 'source' });
    expect(of('dh')).toMatchObject({ kind: 'by-address', key: 'destination' });
    expect(of('lblc')).toMatchObject({ kind: 'by-address', key: 'destination' });
    expect(of('ovf')).toMatchObject({ kind: 'one-by-one' });
  });

  it('does not judge fewer connections than two a server', () => {
    const few = ['rs1', 'rs2', 'rs3', 'rs4'].map((name, i) => serverOf(name, { newConns: i === 0 ? 3 : 0 }));
    expect(skewStory(serviceOf(few, { skew: skew(0.25) }), 1)).toEqual({
      kind: 'sparse',
      count: 3,
      servers: 4,
    });
  });

  it('calls 0.95 and more even, and says nothing without connections or without a choice', () => {
    expect(skewStory(serviceOf([taker, ...idle], { skew: skew(0.95) }), 1).kind).toBe('even');
    expect(skewStory(serviceOf([taker, ...idle]), 1).kind).toBe('quiet');
    expect(skewStory(serviceOf([taker], { skew: skew(1) }), 1).kind).toBe('too-few-servers');
  });
});
