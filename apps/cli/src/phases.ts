import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Phase, TraceReport } from '@lvscope/oracle';

/** Beside recordings: where the search for each one's clocks ended, a line a recording. */
const FILE = 'phases.ndjson';

/** Phases by recording, of the folders that the files lie in. A file that is not ours is passed over. */
export function knownPhases(files: readonly string[]): Map<string, Phase> {
  const known = new Map<string, Phase>();
  for (const folder of new Set(files.map((file) => dirname(file)))) {
    const path = join(folder, FILE);
    if (!existsSync(path)) continue;
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      if (line === '') continue;
      const { name, phase } = JSON.parse(line) as { name: string; phase: Phase };
      known.set(join(folder, name), phase);
    }
  }
  return known;
}

/** Writes down where the searches ended that found agreement. */
export function keepPhases(folder: string, reports: readonly TraceReport[]): void {
  const lines = reports.flatMap(({ name, differ, phase }) =>
    differ === 0 && phase !== undefined ? [`${JSON.stringify({ name, phase })}\n`] : [],
  );
  writeFileSync(join(folder, FILE), lines.join(''));
}
