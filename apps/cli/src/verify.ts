import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { type Divergence, type TraceReport, UNCOVERED } from '@lvscope/oracle';
import { Tinypool } from 'tinypool';
import { keepPhases, knownPhases } from './phases.ts';
import { fail, print } from './print.ts';
import { progressBar } from './progress.ts';
import type { Task } from './verify-worker.ts';

export interface VerifyOptions {
  /** List what is not covered, by kind, with the reason. */
  readonly covered?: boolean;
  /** How many divergences of a trace to print. */
  readonly divergences?: string;
  /** How many traces to replay at once; as many as there are processors where it is not given. */
  readonly jobs?: string;
  /** A file that gets the outcome of every recording as JSON. */
  readonly json?: string;
  /** Look at each recording's clocks anew, and write down beside the recordings where they stood. */
  readonly keepPhases?: boolean;
}

/** Every trace named, folders opened, in the order of their names. */
function traceFiles(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter((name) => /\.json(\.gz)?$/.test(name));
    return names.toSorted().map((name) => join(path, name));
  });
}

function divergenceLines({ step, seconds, op, kind, place, recorded, simulated }: Divergence): string[] {
  const side = (text: string): string => JSON.stringify(text.length > 400 ? `${text.slice(0, 400)}…` : text);
  return [
    `    step ${step} (${seconds} s, ${op}): ${kind} ${place}`,
    `      kernel   ${side(recorded)}`,
    `      lvscope  ${side(simulated)}`,
  ];
}

/**
 * Replays recorded kernel traces; exit code 1 when anything differs, 2 when a file is no trace. Each is
 * replayed in a thread of a pool, and told of in the order of the files.
 */
export async function verify(paths: readonly string[], options: VerifyOptions): Promise<number> {
  let files: string[];
  try {
    files = traceFiles(paths);
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}; wanted trace files or folders`);
  }
  if (files.length === 0) return fail(`found no *.json or *.json.gz in ${paths.join(', ')}`);
  const jobs = Number(options.jobs ?? availableParallelism());
  if (!(Number.isInteger(jobs) && jobs > 0)) return fail(`--jobs ${options.jobs}: wanted a number from 1`);
  const shown = Number(options.divergences ?? 1);
  const total = { agree: 0, differ: 0, uncovered: 0, broken: 0 };
  const uncovered = new Map<string, number>();
  const judged: TraceReport[] = [];
  const bar = progressBar(files.length, 'traces');
  const worker = new URL('verify-worker.cjs', import.meta.url).href;
  const pool = new Tinypool({ filename: worker, maxThreads: jobs, minThreads: 0 });
  const known = options.keepPhases ? undefined : knownPhases(files);
  const tasks = files.map((file): Task => {
    const name = basename(file).replace(/\.json(\.gz)?$/, '');
    return { name, file, known: known?.get(join(dirname(file), name)) };
  });
  const reports = tasks.map((task): Promise<TraceReport | string> => pool.run(task, { name: 'verifyFile' }));
  for (const [i, { name }] of tasks.entries()) {
    const report = await reports[i]!;
    bar.step();
    if (typeof report === 'string') {
      total.broken++;
      bar.print(`DIFFERS ${name}  ${report}`);
      continue;
    }
    judged.push(report);
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
  await pool.destroy();
  if (options.keepPhases) keepPhases(dirname(files[0]!), judged);
  if (options.json !== undefined) writeFileSync(options.json, outcomeJson(judged));
  if (options.covered) printUncovered(uncovered);
  print(`${total.agree} observations agree, ${total.differ} differ, ${total.uncovered} not covered`);
  if (total.broken > 0) return 2;
  return total.differ > 0 ? 1 : 0;
}

/** A line a recording, so that a change of one shows as one. */
function outcomeJson(judged: readonly TraceReport[]): string {
  const lines = judged.map(({ name, group, kernel, agree, differ, uncovered }) =>
    JSON.stringify({ name, group, kernel, agree, differ, uncovered }),
  );
  const reasons = UNCOVERED.map((one) => JSON.stringify(one));
  const list = (rows: readonly string[]): string => `[\n    ${rows.join(',\n    ')}\n  ]`;
  return `{\n  "recordings": ${list(lines)},\n  "uncovered": ${list(reasons)}\n}\n`;
}

function printUncovered(counts: ReadonlyMap<string, number>): void {
  print('not covered, decided before comparing:');
  for (const { groups, kinds, reason } of UNCOVERED) {
    print(`  ${groups.join(', ')}: ${kinds === 'all' ? 'everything' : kinds.join(', ')} (${reason})`);
  }
  for (const [key, count] of counts) print(`  ${String(count).padStart(7)}  ${key}`);
}
