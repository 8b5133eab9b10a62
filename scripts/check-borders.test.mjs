import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importsOf } from './borders/imports.mjs';
import { whyForbidden } from './borders/judge.mjs';
import { HEIGHT, MAY_IMPORT, REASONS } from './borders/rules.mjs';

const value = (specifier) => ({ specifier, isType: false });
const type = (specifier) => ({ specifier, isType: true });
const ipvs = 'packages/ipvs/src/core.ts';

test('every way to write an import is seen', () => {
  const text = [
    "import a from 'a';",
    "import type { B } from 'b';",
    "import { type C } from 'c';",
    "export * from 'd';",
    "export type { E } from 'e';",
    "const f = await import('f');",
    "type G = import('g').G;",
    "require('h'); vi.mock('i');",
    "new Worker(new URL('./j.ts', import.meta.url));",
    "// import 'not this' and \"import 'nor this'\"",
  ].join('\n');
  const seen = importsOf(text, 'x.ts').map(
    (found) => `${found.isType ? 'type ' : ''}${found.specifier}:${found.line}`,
  );
  assert.deepEqual(seen, [
    'a:1',
    'type b:2',
    'c:3',
    'd:4',
    'type e:5',
    'f:6',
    'type g:7',
    'h:8',
    'i:8',
    './j.ts:9',
  ]);
});

test('tsx is read', () => {
  assert.equal(importsOf("import x from 'x'; export const y = <p>import 'no'</p>;", 'a.tsx').length, 1);
});

test('ipvs may use the clock, and not the network: the reason says why', () => {
  assert.equal(whyForbidden(ipvs, value('@lvscope/des')), undefined);
  assert.equal(whyForbidden(ipvs, value('@lvscope/net')), MAY_IMPORT.ipvs.because);
});

test('types come from any lower package, never from a higher one', () => {
  assert.equal(whyForbidden(ipvs, type('@lvscope/syntax')), undefined);
  assert.equal(whyForbidden(ipvs, value('@lvscope/syntax')), MAY_IMPORT.ipvs.because);
  assert.equal(whyForbidden(ipvs, type('@lvscope/net')), REASONS.height);
  assert.equal(whyForbidden('apps/web/src/a.ts', type('@lvscope/ipvs')), undefined);
  assert.equal(whyForbidden('apps/web/src/a.ts', value('@lvscope/ipvs')), MAY_IMPORT.apps.because);
});

test("nobody imports past another package's index, by name or by path", () => {
  assert.equal(whyForbidden(ipvs, value('@lvscope/des/src/queue.ts')), REASONS.pastIndex);
  assert.equal(whyForbidden(ipvs, type('../../des/src/queue.ts')), REASONS.outside);
  assert.equal(whyForbidden('packages/ipvs/src/schedulers/wlc.ts', value('../core.ts')), undefined);
});

test('the engine imports neither Node nor a browser library; its tests may read files', () => {
  assert.equal(whyForbidden(ipvs, value('node:fs')), REASONS.node);
  assert.equal(whyForbidden(ipvs, value('fs')), REASONS.node);
  assert.equal(whyForbidden('packages/ipvs/src/core.test.ts', value('node:fs')), undefined);
  assert.equal(whyForbidden('packages/ipvs/src/testing/tables.ts', value('vitest')), undefined);
  assert.equal(whyForbidden(ipvs, value('vitest')), REASONS.library);
  assert.equal(whyForbidden(ipvs, type('react')), REASONS.library);
  assert.equal(whyForbidden('packages/scenario/src/schema.ts', value('zod')), undefined);
});

test('tests of a package obey its borders', () => {
  assert.equal(
    whyForbidden('packages/des/src/queue.test.ts', value('@lvscope/inet')),
    MAY_IMPORT.des.because,
  );
});

test('apps do not know each other, and the browser tests know no part of the engine', () => {
  assert.equal(whyForbidden('apps/cli/src/main.ts', value('@lvscope/web')), REASONS.app);
  assert.equal(whyForbidden('apps/cli/src/main.ts', value('../../web/src/main.tsx')), REASONS.outside);
  assert.equal(whyForbidden('e2e/first.spec.ts', value('@lvscope/ipvs')), MAY_IMPORT.e2e.because);
});

test('run-time imports only ever point down, so no circle can arise', () => {
  for (const name of HEIGHT) {
    for (const lower of MAY_IMPORT[name].from)
      assert.ok(HEIGHT.indexOf(lower) < HEIGHT.indexOf(name), `${name} → ${lower}`);
  }
});
