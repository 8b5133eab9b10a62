import { importRules, preset, restore, type Scenario, type ScenarioProblem } from '@lvscope/scenario';
import type { Problem, Source, TextFormat } from './api.ts';

export type Read =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly format: TextFormat; readonly problems: readonly Problem[] };

/** Finds the scenario that is meant: a preset, the page's own document, or what a text says. */
export function read(source: Source): Read {
  switch (source.kind) {
    case 'preset': {
      const scenario = preset(source.id);
      if (scenario === undefined) return unknownPreset(source.id);
      return { ok: true, scenario: { ...scenario, detail: source.detail ?? scenario.detail } };
    }
    case 'document':
      return { ok: true, scenario: source.scenario };
    case 'text':
      return readText(source.text);
  }
}

function unknownPreset(id: string): Read {
  const problem = { path: '', line: 0, column: 0, found: id, wanted: 'the name of a preset' };
  return { ok: false, format: 'scenario', problems: [problem] };
}

function readText(text: string): Read {
  const format = formatOf(text);
  const answer = format === 'rules' ? importRules(text) : restore(text);
  return answer.ok ? answer : { ok: false, format, problems: answer.problems.map(problemOf) };
}

function problemOf({ path, line, column, found, wanted }: ScenarioProblem): Problem {
  return { path, line, column, found, wanted };
}

const RULE = /^\s*(ipvsadm\b|-[A-Za-z]\b|--[a-z]|#\s*ipvsadm)/m;
const DOCUMENT = /^\s*(\{|[A-Za-z]+\s*:|---)/;

/** Rules of `ipvsadm -Sn`, or a scenario in JSON or YAML: what the first lines look like. */
export function formatOf(text: string): TextFormat {
  const head = text.slice(0, 2000);
  if (DOCUMENT.test(head)) return 'scenario';
  return RULE.test(head) || !head.includes('{') ? 'rules' : 'scenario';
}
