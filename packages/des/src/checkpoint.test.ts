import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { copyState, stateBytes } from './index.ts';

const leaf = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.string(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
);
const typed = fc.oneof(fc.uint8Array(), fc.int32Array(), fc.float64Array(), fc.uint32Array());
const { state } = fc.letrec<{ state: unknown }>((tie) => ({
  state: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    typed,
    fc.array(tie('state'), { maxLength: 4 }),
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      tie('state'),
      {
        maxKeys: 4,
        noNullPrototype: true,
      },
    ),
    fc.array(fc.tuple(fc.string(), tie('state')), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(leaf, { maxLength: 4 }).map((values) => new Set(values)),
  ),
}));

test('a copy is what structuredClone makes', () => {
  fc.assert(
    fc.property(state, (s) => {
      expect(copyState(s)).toStrictEqual(structuredClone(s));
    }),
    { seed: 1, numRuns: 500 },
  );
});

test('nothing is shared between the original and the copy', () => {
  const original = { list: [1], map: new Map([['k', { n: 1 }]]), set: new Set([1]), bytes: Uint8Array.of(1) };
  const copy = copyState(original);
  original.list.push(2);
  original.map.get('k')!.n = 2;
  original.set.add(2);
  original.bytes[0] = 2;
  expect(copy).toEqual({
    list: [1],
    map: new Map([['k', { n: 1 }]]),
    set: new Set([1]),
    bytes: Uint8Array.of(1),
  });
});

test('what was one object under two names still is, and circles stay circles', () => {
  const server = { name: 'rs1' };
  const world: Record<string, unknown> = { a: server, list: [server], byName: new Map([['rs1', server]]) };
  world['self'] = world;
  const copy = copyState(world);
  expect(copy).toEqual(structuredClone(world));
  expect(copy['a']).not.toBe(server);
  expect((copy['list'] as unknown[])[0]).toBe(copy['a']);
  expect((copy['byName'] as Map<string, unknown>).get('rs1')).toBe(copy['a']);
  expect(copy['self']).toBe(copy);
});

test('two views of one buffer stay two views of one buffer, each at its place', () => {
  const buffer = new ArrayBuffer(32);
  const state = { reals: new Float64Array(buffer), part: new Int32Array(buffer, 8, 2), whole: buffer };
  state.part[1] = 77;
  const copy = copyState(state);
  expect(copy).toEqual(structuredClone(state));
  expect(copy.part.byteOffset).toBe(8);
  expect(copy.part.buffer).toBe(copy.reals.buffer);
  expect(copy.whole).toBe(copy.reals.buffer);
  expect(copy.whole).not.toBe(buffer);
});

test('behaviour in the state is a bug', () => {
  class Server {
    readonly weight = 1;
  }
  for (const bad of [() => 1, Symbol('x'), new Server(), new Date(0), /x/]) {
    expect(() => copyState({ bad })).toThrow(TypeError);
    expect(() => copyState([bad])).toThrow(TypeError);
  }
});

test('the size of a state counts every buffer once', () => {
  const buffer = new ArrayBuffer(1_000_000);
  const one = stateBytes({ a: new Float64Array(buffer) });
  const two = stateBytes({ a: new Float64Array(buffer), b: new Int32Array(buffer), c: 'text', d: [1, 2] });
  expect(one).toBeGreaterThanOrEqual(1_000_000);
  expect(one).toBeLessThan(1_001_000);
  expect(two - one).toBeLessThan(1000);
  expect(stateBytes(new Map([['k', new Set([1, 2])]]))).toBeGreaterThan(0);
});
