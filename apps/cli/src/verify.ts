import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Divergence, readTrace, type TraceReport, UNCOVERED, verifyTrace } from '@lvscope/oracle';
import { fail, print } from './print.ts';
import { progressBar } from './progress.ts';

export interface VerifyOptions {
  /** List what is not covered, by kind, with the reason. */
  readonly covered?: boolean;
  /** How many divergences of a trace to print. */
  readonly divergences?: string;
}

/** Every trace named, folders opened, in the order of their names. */
function traceFiles(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter((name) => /\.json(\.gz)?$/.test(name));
    return names.toSorted().map((name) => join(path, name));
  });
}

function readJson(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

function divergenceLines({ step, seconds, op, kind, place, recorded, simulated }: Divergence): string[] {
  const side = (text: string): string => JSON.stringify(text.length > 400 ? `${text.slice(0, 400)}…` : text);
  return [
    `    step ${step} (${seconds} s, ${op}): ${kind} ${place}`,
    `      kernel   ${side(recorded)}`,
    `      lvscope  ${side(simulated)}`,
  ];
}

/** Replays recorded kernel traces; exit code 1 when anything differs, 2 when a file is no trace. */
export function verify(paths: readonly string[], options: VerifyOptions): number {
  let files: string[];
  try {
    files = traceFiles(paths);
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}; wanted trace files or folders`);
  }
  if (files.length === 0) return fail(`found no *.json or *.json.gz in ${paths.join(', ')}`);
  const shown = Number(options.divergences ?? 1);
  const total = { agree: 0, differ: 0, uncovered: 0, broken: 0 };
  const uncovered = new Map<string, number>();
  const bar = progressBar(files.length, 'traces');
  for (const file of files) {
    const name = basename(file).replace(/\.json(\.gz)?$/, '');
    const report = verifyFile(name, file);
    bar.step();
    if (typeof report === 'string') {
      total.broken++;
      bar.print(`DIFFERS ${name}  ${report}`);
      continue;
    }
    total.agree += report.agree;
    total.differ += report.differ;
    total.uncovered += report.uncovered;
    for (const [kind, { count, reason }] of report.uncoveredByKind) {
      const key = `${report.group} ${kind}: ${reason}`;
      uncovered.set(key, (uncovered.get(key) ?? 0) + count);
    }
    const { agree, differ } = report;
    const counts = `${agree} agree, ${differ} differ, ${report.uncovered} not covered`;
    bar.print(`${differ === 0 ? 'ok     ' : 'DIFFERS'} ${name}  ${counts}`);
    for (const divergence of report.divergences.slice(0, shown)) {
      for (const line of divergenceLines(divergence)) bar.print(line);
    }
  }
  bar.stop();
  if (options.covered) printUncovered(uncovered);
  print(`${total.agree} observations agree, ${total.differ} differ, ${total.uncovered} not covered`);
  if (total.broken > 0) return 2;
  return total.differ > 0 ? 1 : 0;
}

function verifyFile(name: string, file: string): TraceReport | string {
  let json: string;
  try {
    json = readJson(file);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const read = readTrace(name, json);
  return read.ok ? verifyTrace(read.trace) : `no trace: ${read.problem}`;
}

function printUncovered(counts: ReadonlyMap<string, number>): void {
  print('not covered, decided before comparing:');
  for (const { groups, kinds, reason } of UNCOVERED) {
    print(`  ${groups.join(', ')}: ${kinds === 'all' ? 'everything' : kinds.join(', ')} (${reason})`);
  }
  for (const [key, count] of counts) print(`  ${String(count).padStart(7)}  ${key}`);
}
