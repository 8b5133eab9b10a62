import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Phase, TraceReport } from '@lvscope/oracle';
import { warn } from './print.ts';

/** Beside recordings: where the search for each one's clocks ended, a line a recording. */
const FILE = 'phases.ndjson';

const WANTED =
  '{"name": text, "phase": {"counterMs", "clockMs", "draw": numbers, "reachable": shares by host}}';

/**
 * Phases by recording, of the folders that the files lie in. A line that says none is passed over: what it
 * should have told is searched for anew.
 * @param complain gets a sentence for each such line, with its place
 */
export function knownPhases(
  files: readonly string[],
  complain: (sentence: string) => void = warn,
): Map<string, Phase> {
  const known = new Map<string, Phase>();
  for (const folder of new Set(files.map((file) => dirname(file)))) {
    const path = join(folder, FILE);
    if (!existsSync(path)) continue;
    for (const [i, line] of readFileSync(path, 'utf8').split('\n').entries()) {
      if (line.trim() === '') continue;
      const read = phaseOf(line);
      if (read !== undefined) known.set(join(folder, read.name), read.phase);
      else
        complain(`${path}:${i + 1}: found ${line.slice(0, 80)}; wanted ${WANTED}; the line is passed over`);
    }
  }
  return known;
}

function phaseOf(line: string): { readonly name: string; readonly phase: Phase } | undefined {
  let read: unknown;
  try {
    read = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isRecord(read) || typeof read['name'] !== 'string' || !isPhase(read['phase'])) return undefined;
  return { name: read['name'], phase: read['phase'] };
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isPhase(value: unknown): value is Phase {
  if (!isRecord(value)) return false;
  const numbers = [value['counterMs'], value['clockMs'], value['draw']];
  const shares = isRecord(value['reachable']) ? Object.values(value['reachable']) : [undefined];
  return [...numbers, ...shares].every((one) => typeof one === 'number');
}

/** Writes down where the searches ended that found agreement. */
export function keepPhases(folder: string, reports: readonly TraceReport[]): void {
  const lines = reports.flatMap(({ name, differ, phase }) =>
    differ === 0 && phase !== undefined ? [`${JSON.stringify({ name, phase })}\n`] : [],
  );
  writeFileSync(join(folder, FILE), lines.join(''));
}
