import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type Phase, readTrace, type TraceReport, verifyTrace } from '@lvscope/oracle';

/** A trace to replay. */
export interface Task {
  readonly name: string;
  readonly file: string;
  /** Where an earlier search for its clocks ended. */
  readonly known: Phase | undefined;
}

/** What a thread of the pool does: replays one file. @returns its report, or why it is no trace */
export function verifyFile({ name, file, known }: Task): TraceReport | string {
  let json: string;
  try {
    const bytes = readFileSync(file);
    json = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const read = readTrace(name, json);
  return read.ok ? verifyTrace(read.trace, known) : `no trace: ${read.problem}`;
}
