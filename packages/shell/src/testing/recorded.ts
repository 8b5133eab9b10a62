import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const FOLDER = new URL('../../../oracle/traces/', import.meta.url);

/** Anything in a trace; its texts are found by what they look like. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The names of all recordings. */
export const traceNames = (): string[] =>
  readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json.gz'))
    .map((name) => name.replace('.json.gz', ''))
    .sort();

export interface RecordedCommand {
  readonly ns: string;
  readonly cmd: string;
  readonly rc: number;
  readonly out: string;
  readonly err: string;
}

function readTrace(trace: string): { readonly observations: Json } {
  const text = gunzipSync(readFileSync(new URL(`${trace}.json.gz`, FOLDER))).toString('utf8');
  return JSON.parse(text) as { readonly observations: Json };
}

/** The `sh` observations of a trace, in order. */
export function recordedCommands(trace: string): RecordedCommand[] {
  const steps = readTrace(trace).observations as readonly (Partial<RecordedCommand> & {
    readonly op: string;
  })[];
  return steps
    .filter((step) => step.op === 'sh' && step.rc !== undefined)
    .map(({ ns = '', cmd = '', rc = 0, out = '', err = '' }) => ({ ns, cmd, rc, out, err }));
}

/** Every text of more than one line that a trace holds, wherever it stands. */
export function recordedTexts(trace: string): string[] {
  const found: string[] = [];
  const walk = (value: Json): void => {
    if (typeof value === 'string') {
      if (value.includes('\n')) found.push(value);
    } else if (Array.isArray(value)) value.forEach(walk);
    else if (value !== null && typeof value === 'object') Object.values(value).forEach(walk);
  };
  walk(readTrace(trace).observations);
  return found;
}
