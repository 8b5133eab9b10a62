import { existsSync, readFileSync } from 'node:fs';

/** What a child process tells of its run; the peers print the same. */
interface Run {
  /** Events or connections. */
  readonly work: number;
  /** Wall time of the work alone. */
  readonly seconds: number;
  /** Time on processors, of all threads: of V8's compiler and collector too. */
  readonly cpuSeconds: number;
  /** Growth of the process's resident memory up to its peak. */
  readonly bytes: number;
  /** What it had grown by at the end, when the arrays were as large as they became. */
  readonly heldBytes?: number;
  /** Bytes of the engine's own arrays at the end. */
  readonly arrayBytes?: number;
  readonly peakLive?: number;
  /** Connections by server, weights 1 2 3 4 1 2 3 4 … */
  readonly byServer?: readonly number[];
  readonly events?: number;
  /** Frames on wires, W3 only. */
  readonly hops?: number;
}

/** The numbers of the command line, in order. */
export function sizes<const Names extends readonly string[]>(
  ...names: Names
): { [N in keyof Names]: number } {
  const values = process.argv.slice(2).map(Number);
  if (values.length !== names.length || !values.every((value) => Number.isInteger(value) && value > 0)) {
    console.error(`usage: ${process.argv[1]} ${names.join(' ')}`);
    process.exit(2);
  }
  return values as { [N in keyof Names]: number };
}

/**
 * Resident memory, now (VmRSS) and at its peak (VmHWM); 0 where the system does not tell. getrusage's figure
 * would not do: it begins with the parent's.
 */
function residentBytes(what: 'VmRSS' | 'VmHWM'): number {
  if (!existsSync('/proc/self/status')) return 0;
  const found = new RegExp(`^${what}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(found?.[1] ?? 0) * 1024;
}

interface Measured<Result> {
  readonly result: Result;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly bytes: number;
  readonly heldBytes: number;
}

export function measure<Result>(work: () => Result): Measured<Result> {
  const before = residentBytes('VmRSS');
  const cpuBegan = process.cpuUsage();
  const began = performance.now();
  const result = work();
  const seconds = (performance.now() - began) / 1000;
  const cpu = process.cpuUsage(cpuBegan);
  const cpuSeconds = (cpu.user + cpu.system) / 1e6;
  const bytes = residentBytes('VmHWM') - before;
  return { result, seconds, cpuSeconds, bytes, heldBytes: residentBytes('VmRSS') - before };
}

export function print(run: Run): void {
  console.log(JSON.stringify(run));
}
