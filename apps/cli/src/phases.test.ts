import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TraceReport } from '@lvscope/oracle';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepPhases, knownPhases } from './phases.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'phases-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const PHASE = { counterMs: 300, clockMs: 12.5, draw: 2, reachable: { rs1: 0.25 } };
const GOOD = JSON.stringify({ name: 'arp-one', phase: PHASE });

/** What is known of a folder with such a file, and what was complained of. */
function read(text: string): { known: [string, unknown][]; complaints: string[] } {
  writeFileSync(join(folder, 'phases.ndjson'), text);
  const complaints: string[] = [];
  const known = knownPhases([join(folder, 'arp-one.json.gz')], (sentence) => complaints.push(sentence));
  return { known: [...known].map(([path, phase]) => [path.slice(folder.length + 1), phase]), complaints };
}

it('phases are known by the path of their recording', () => {
  expect(read(`${GOOD}\n`)).toEqual({ known: [['arp-one', PHASE]], complaints: [] });
});

it('a folder without such a file knows none, and nobody complains', () => {
  expect(knownPhases([join(folder, 'arp-one.json.gz')]).size).toBe(0);
});

it.each([
  ['half a line', GOOD.slice(0, 30)],
  ['no object', '7'],
  ['null', 'null'],
  ['no name', JSON.stringify({ phase: PHASE })],
  ['no phase', JSON.stringify({ name: 'arp-one' })],
  ['a phase with words for numbers', JSON.stringify({ name: 'arp-one', phase: { ...PHASE, draw: '2' } })],
  ['a phase without reachable', JSON.stringify({ name: 'arp-one', phase: { ...PHASE, reachable: null } })],
])('%s is named with file and line and passed over; the others count', (_, broken) => {
  const { known, complaints } = read(`${broken}\n\n${GOOD}\n`);
  expect(known).toEqual([['arp-one', PHASE]]);
  expect(complaints).toHaveLength(1);
  expect(complaints[0]).toContain(
    `${join(folder, 'phases.ndjson')}:1: found ${broken.slice(0, 80)}; wanted {"name"`,
  );
});

it('what is kept is read again, but for recordings that differ', () => {
  const report = (name: string, differ: number): TraceReport => ({
    name,
    group: 'arp',
    kernel: '6.1',
    agree: 1,
    differ,
    uncovered: 0,
    uncoveredByKind: new Map(),
    divergences: [],
    phase: PHASE,
  });
  keepPhases(folder, [report('one', 0), report('two', 3)]);
  expect([...knownPhases([join(folder, 'one.json')])]).toEqual([[join(folder, 'one'), PHASE]]);
});
