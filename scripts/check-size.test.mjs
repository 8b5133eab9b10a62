import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeSizes } from './size/judge.mjs';

const long = { file: 'a.ts', line: 3, what: 'function', name: 'f', size: 90, limit: 70 };
const exception = { file: 'a.ts', what: 'function', name: 'f', upTo: 95, because: 'it is a table' };

test('what is over the guide is told with its place and size', () => {
  assert.deepEqual(judgeSizes([long], []), ['a.ts:3 the function f has 90 lines; the guide is 70']);
});

test('an argued exception covers its function and no other', () => {
  assert.deepEqual(judgeSizes([long], [exception]), []);
  assert.equal(judgeSizes([{ ...long, name: 'g' }, long], [exception]).length, 1);
});

test('what outgrows its exception is told', () => {
  assert.equal(judgeSizes([{ ...long, size: 96 }], [exception]).length, 1);
});

test('an exception that is not needed any more, or that gives no reason, is told', () => {
  assert.deepEqual(judgeSizes([], [exception]), [
    'the exception for the function f in a.ts is no longer needed',
  ]);
  assert.match(judgeSizes([long], [{ ...exception, because: '' }])[0], /no reason/);
});
