import { builtinModules } from 'node:module';
import path from 'node:path/posix';
import { HEIGHT, LIBRARIES, MAY_IMPORT, REASONS, TEST_LIBRARIES } from './rules.mjs';

const IS_TEST = /\.(test|bench)\.tsx?$|\/testing\//;

/**
 * Where a file stands.
 * @param {string} file its path from the root, as packages/ipvs/src/core.ts
 */
export function placeOf(file) {
  const [top, name] = file.split('/');
  if (top === 'packages') return { kind: 'package', rule: name, home: `packages/${name}` };
  if (top === 'apps') return { kind: 'app', rule: 'apps', home: `apps/${name}` };
  return { kind: 'e2e', rule: 'e2e', home: 'e2e' };
}

/**
 * Why a file may not import what it imports; undefined where it may.
 * @param {string} file its path from the root
 * @param {{ specifier: string, isType: boolean }} what
 */
export function whyForbidden(file, { specifier, isType }) {
  const place = placeOf(file);
  if (specifier.startsWith('.')) return whyRelative(file, place, specifier);
  if (specifier.startsWith('@lvscope/')) return whyOwn(place, specifier.slice('@lvscope/'.length), isType);
  return place.kind === 'package' ? whyForeign(place, specifier, IS_TEST.test(file)) : undefined;
}

function whyRelative(file, place, specifier) {
  const target = path.join(path.dirname(file), specifier);
  return target.startsWith(`${place.home}/`) ? undefined : REASONS.outside;
}

function whyOwn(place, rest, isType) {
  const [name, ...deeper] = rest.split('/');
  if (deeper.length > 0) return REASONS.pastIndex;
  if (name === 'web' || name === 'cli') return REASONS.app;
  const height = HEIGHT.indexOf(name);
  if (height < 0) return REASONS.unknown;
  const rule = MAY_IMPORT[place.rule];
  if (rule === undefined) return REASONS.unknown;
  if (rule.from.includes(name)) return undefined;
  if (!isType) return rule.because;
  return height < HEIGHT.indexOf(place.rule) ? undefined : REASONS.height;
}

function whyForeign(place, specifier, isTest) {
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) {
    return isTest ? undefined : REASONS.node;
  }
  const library = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (isTest && TEST_LIBRARIES.includes(library)) return undefined;
  return LIBRARIES[place.rule]?.includes(library) ? undefined : REASONS.library;
}
