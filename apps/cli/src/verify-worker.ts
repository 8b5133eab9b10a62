import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { readTrace, type TraceReport, verifyTrace } from '@lvscope/oracle';

/** A trace to replay. */
export interface Task {
  readonly name: string;
  readonly file: string;
}

/** What a thread of the pool does: replays one file. @returns its report, or why it is no trace */
export function verifyFile({ name, file }: Task): TraceReport | string {
  let json: string;
  try {
    const bytes = readFileSync(file);
    json = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const read = readTrace(name, json);
  return read.ok ? verifyTrace(read.trace) : `no trace: ${read.problem}`;
}
