import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { inRoot } from '../lib/files.mjs';

export const GUIDE = { file: 400, function: 70, component: 300, line: 110 };

/**
 * Files and functions over the guide, as oxlint measures them.
 * @typedef {object} Finding
 * @property {string} file
 * @property {number} line
 * @property {'file' | 'function' | 'line'} what
 * @property {string} [name] of a function
 * @property {number} size
 * @property {number} limit
 * @returns {Finding[]}
 */
export function measureCode(folders) {
  const args = ['-c', inRoot('scripts/size/oxlintrc.jsonc'), '--format', 'json', ...folders];
  const run = spawnSync(process.execPath, [inRoot('node_modules/oxlint/bin/oxlint'), ...args], {
    cwd: inRoot(),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (!run.stdout.trimStart().startsWith('{')) {
    throw new Error(`oxlint did not measure anything:\n${run.stdout}${run.stderr}`);
  }
  return JSON.parse(run.stdout).diagnostics.flatMap(toFinding);
}

function toFinding({ code, message, filename, labels }) {
  const file = filename.replaceAll('\\', '/');
  const { line } = labels[0].span;
  const size = Number(/\((\d+)\)/.exec(message)?.[1]);
  if (code === 'eslint(max-lines)') return [{ file, line: 1, what: 'file', size, limit: GUIDE.file }];
  // a file that does not parse is the business of the linter and the compiler
  if (code !== 'eslint(max-lines-per-function)') return [];
  const name = /`(.+?)`/.exec(message)?.[1] ?? nameAt(file, line);
  const isComponent = file.endsWith('.tsx') && /^[A-Z]/.test(name);
  const limit = isComponent ? GUIDE.component : GUIDE.function;
  return size > limit ? [{ file, line, what: 'function', name, size, limit }] : [];
}

/** The name that a function without its own gets from where it stands. */
function nameAt(file, line) {
  const text = readFileSync(inRoot(file), 'utf8').split('\n')[line - 1] ?? '';
  return /(?:const|let|var)\s+(\w+)/.exec(text)?.[1] ?? /(\w+)\s*[:=(]/.exec(text)?.[1] ?? `line ${line}`;
}

/** Lines over the guide; one that is long because of a web address stays. */
export function measureLines(files) {
  return files.flatMap((file) =>
    readFileSync(inRoot(file), 'utf8')
      .split('\n')
      .flatMap((text, index) => {
        const size = text.length;
        if (size <= GUIDE.line || /https?:\/\/\S{40}/.test(text)) return [];
        return [{ file, line: index + 1, what: 'line', size, limit: GUIDE.line }];
      }),
  );
}
