import { isAlias, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { ZodError, core } from 'zod';
import { checkReferences } from './check.ts';
import type { Scenario } from './document.ts';
import { foundText, type Locate, pathText, type ScenarioProblem } from './problem.ts';
import { scenarioSchema } from './schema.ts';

export type Restored =
  | { readonly ok: true; readonly scenario: Scenario }
  | { readonly ok: false; readonly problems: readonly ScenarioProblem[] };

/** Characters; a scenario of 5 000 servers has about 1.5 million. */
export const MAX_SCENARIO_TEXT = 5_000_000;

const nowhere: Locate = () => ({ line: 0, column: 0 });

function failed(
  code: ScenarioProblem['code'],
  found: string,
  wanted: string,
  at = { line: 0, column: 0 },
): Restored {
  return { ok: false, problems: [{ code, path: '', ...at, found, wanted }] };
}

/**
 * Reads a scenario document from JSON or YAML text. Never throws for what a user can write:
 * every problem comes back with its place in the text.
 */
export function restore(text: string): Restored {
  if (text.length > MAX_SCENARIO_TEXT) {
    return failed('too-large', `${text.length} characters`, `at most ${MAX_SCENARIO_TEXT} characters`);
  }
  const nul = text.indexOf('\0');
  if (nul >= 0)
    return failed('binary', `a NUL character at offset ${nul}`, 'a scenario document in JSON or YAML');
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const broken = document.errors[0];
  if (broken) {
    const { line, col } = lineCounter.linePos(broken.pos[0]);
    return failed('syntax', broken.message, 'JSON or YAML', { line, column: col });
  }
  const locate: Locate = (path, end = 'value') => {
    let node: unknown = document.contents;
    let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
    for (const [i, part] of path.entries()) {
      if (isAlias(node)) node = node.resolve(document);
      if (isMap(node)) {
        const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === part);
        if (!pair) break;
        const { key, value } = pair;
        node = value;
        if (isNode(key)) offset = key.range?.[0] ?? offset;
        if (isNode(value) && (end === 'value' || i < path.length - 1)) offset = value.range?.[0] ?? offset;
      } else if (isSeq(node) && typeof part === 'number') {
        node = node.items[part];
        if (isNode(node)) offset = node.range?.[0] ?? offset;
      } else break;
    }
    const { line, col } = lineCounter.linePos(offset);
    return { line, column: col };
  };
  let data: unknown;
  try {
    // aliases that expand without end are refused by yaml's maxAliasCount
    data = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    return failed('syntax', error instanceof Error ? error.message : String(error), 'fewer aliases');
  }
  return restoreData(data, locate);
}

/** The same for a document that is already data (a stored one, a preset). */
export function restoreData(data: unknown, locate: Locate = nowhere): Restored {
  const version = typeof data === 'object' && data !== null && 'version' in data ? data.version : undefined;
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    return failed('schema', foundText(data), 'a scenario document: version, name, title, networks, hosts …');
  }
  if (version !== 1) {
    const problem = {
      code: 'version' as const,
      path: 'version',
      ...locate(['version']),
      found: foundText(version),
      wanted:
        typeof version === 'number' && version > 1
          ? '1 (the document was made by a newer LVScope: update this one)'
          : '1',
    };
    return { ok: false, problems: [problem] };
  }
  const result = scenarioSchema.safeParse(data);
  if (!result.success) return { ok: false, problems: schemaProblems(result.error, data, locate) };
  const scenario: Scenario = {
    ...result.data,
    timeline: result.data.timeline.toSorted((a, b) => a.atSeconds - b.atSeconds),
  };
  const problems = checkReferences(scenario, locate);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, scenario };
}

function schemaProblems(error: ZodError, data: unknown, locate: Locate): ScenarioProblem[] {
  return error.issues.map((issue) => {
    const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
    return {
      code: 'schema',
      path: pathText(path),
      ...locate(path, issue.code === 'unrecognized_keys' ? 'key' : 'value'),
      found:
        issue.code === 'unrecognized_keys'
          ? `the key ${issue.keys.join(', ')}`
          : foundText(valueAt(data, path)),
      wanted: wantedText(issue),
    };
  });
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = data;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

function wantedText(issue: core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'only the keys that the scenario format knows';
    case 'invalid_type':
      return `a value of type ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `at least ${issue.inclusive === false ? 'more than ' : ''}${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    case 'invalid_union': {
      const wanted = issue.errors.flat().map(wantedText);
      return wanted.length > 0 ? [...new Set(wanted)].join(', or ') : 'another kind of value';
    }
    default:
      return issue.message;
  }
}
