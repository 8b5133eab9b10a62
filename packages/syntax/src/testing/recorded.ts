import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** A command that the recorded machine carried out, with everything that it said. */
export interface RecordedCommand {
  readonly cmd: string;
  readonly rc: number;
  readonly out: string;
  readonly err: string;
}

interface RawStep {
  readonly op: string;
  readonly cmd?: string;
  readonly rc?: number;
  readonly out?: string;
  readonly err?: string;
}

/** The `sh` observations of a trace, in order. */
export function recordedCommands(trace: string): RecordedCommand[] {
  const file = new URL(`../../../oracle/traces/${trace}.json.gz`, import.meta.url);
  const { observations } = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as {
    observations: readonly RawStep[];
  };
  return observations
    .filter((step) => step.op === 'sh' && step.cmd !== undefined && step.rc !== undefined)
    .map((step) => ({
      cmd: step.cmd ?? '',
      rc: step.rc ?? 0,
      out: step.out ?? '',
      err: step.err ?? '',
    }));
}
