import { writeFileSync } from 'node:fs';
import { loadRules } from './load.ts';
import { fail, print } from './print.ts';

export interface ImportOptions {
  readonly output?: string;
}

/** Makes a scenario document of `ipvsadm-save` text; what was assumed goes to standard error. */
export function importFile(file: string, options: ImportOptions): number {
  const loaded = loadRules(file);
  if (!loaded.ok) return loaded.sentences.map(fail).at(-1) ?? 2;
  const { scenario } = loaded;
  process.stderr.write('assumed, because rules do not say it:\n');
  for (const { en } of scenario.assumptions) process.stderr.write(`  ${en}\n`);
  const json = JSON.stringify(scenario, null, 2);
  if (options.output === undefined) {
    print(json);
    return 0;
  }
  try {
    writeFileSync(options.output, `${json}\n`);
  } catch (error) {
    return fail(`${options.output}: ${error instanceof Error ? error.message : String(error)}`);
  }
  process.stderr.write(`wrote ${options.output}: ${scenario.hosts.length} hosts\n`);
  return 0;
}
