import { existsSync, readFileSync, statSync } from 'node:fs';
import {
  importRules,
  MAX_SCENARIO_TEXT,
  preset,
  presets,
  restore,
  restoreData,
  type Scenario,
  type ScenarioProblem,
} from '@lvscope/scenario';

export type Loaded =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly sentences: readonly string[] };

const failed = (...sentences: string[]): Loaded => ({ ok: false, sentences });

/** `stress.yaml:4:9 hosts[0].role: found "clint", wanted one of …` */
function sentencesOf(file: string, problems: readonly ScenarioProblem[]): string[] {
  return problems.map(({ path, line, column, found, wanted }) => {
    const place = line > 0 ? `${file}:${line}:${column}` : file;
    return `${place}${path === '' ? '' : ` ${path}`}: found ${found}, wanted ${wanted}`;
  });
}

/** Reads a text file of a user's; a folder, a missing or an enormous file is a sentence. */
export function readText(file: string): { text: string } | { sentence: string } {
  if (!existsSync(file)) return { sentence: `${file}: there is no such file` };
  const { size } = statSync(file);
  if (statSync(file).isDirectory()) return { sentence: `${file}: found a folder, wanted a file` };
  if (size > 4 * MAX_SCENARIO_TEXT) {
    return { sentence: `${file}: found ${size} bytes, wanted at most ${4 * MAX_SCENARIO_TEXT}` };
  }
  return { text: readFileSync(file, 'utf8') };
}

/** A preset by its id, or a scenario document by its file. */
export function loadScenario(name: string): Loaded {
  const known = preset(name);
  if (known) return { ok: true, scenario: known };
  if (!existsSync(name)) {
    const ids = presets().map(({ id }) => id);
    return failed(`${name}: no such file and no such preset; presets are ${ids.join(', ')}`);
  }
  const read = readText(name);
  if ('sentence' in read) return failed(read.sentence);
  const restored = restore(read.text);
  return restored.ok ? restored : failed(...sentencesOf(name, restored.problems));
}

/** A scenario of `ipvsadm-save` text. */
export function loadRules(file: string): Loaded {
  const read = readText(file);
  if ('sentence' in read) return failed(read.sentence);
  const imported = importRules(read.text);
  return imported.ok ? imported : failed(...sentencesOf(file, imported.problems));
}

/**
 * Changes fields of the document: `workloads[0].sources.count=50`; a value is JSON where it reads as such.
 */
export function withSettings(scenario: Scenario, settings: readonly string[]): Loaded {
  if (settings.length === 0) return { ok: true, scenario };
  const document: unknown = JSON.parse(JSON.stringify(scenario));
  for (const setting of settings) {
    const cut = setting.indexOf('=');
    if (cut < 1) return failed(`--set ${setting}: wanted path=value such as workloads[0].sources.count=50`);
    const path = setting
      .slice(0, cut)
      .split(/[.[\]]+/)
      .filter((part) => part !== '');
    const last = path.pop() ?? '';
    let target: unknown = document;
    for (const part of path) target = isObject(target) ? Reflect.get(target, part) : undefined;
    if (!isObject(target)) return failed(`--set ${setting}: the document has no ${path.join('.')}`);
    Reflect.set(target, last, jsonOrText(setting.slice(cut + 1)));
  }
  const restored = restoreData(document);
  return restored.ok ? restored : failed(...sentencesOf('--set', restored.problems));
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
