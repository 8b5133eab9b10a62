import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

export const inRoot = (...parts) => path.join(ROOT, ...parts);

const NOT_SOURCE = new Set([
  'node_modules',
  'dist',
  'out',
  'paraglide',
  'coverage',
  'test-results',
  'traces',
]);

/**
 * The source files below some folders without the generated ones: sorted paths from the root, with slashes.
 * @param {string[]} folders
 * @param {RegExp} pattern what a file's name must match
 */
export function sourceFiles(folders, pattern) {
  /** @type {string[]} */
  const found = [];
  const visit = (folder) => {
    for (const entry of readdirSync(inRoot(folder), { withFileTypes: true })) {
      const file = `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!NOT_SOURCE.has(entry.name)) visit(file);
      } else if (pattern.test(entry.name) && !entry.name.endsWith('.module.css.d.ts')) {
        found.push(file);
      }
    }
  };
  for (const folder of folders) if (existsSync(inRoot(folder))) visit(folder);
  return found.sort();
}

/** The time of the latest change to any of the files, in milliseconds since 1970; 0 for none. */
export const newestChange = (files) =>
  files.reduce((newest, file) => Math.max(newest, statSync(inRoot(file)).mtimeMs), 0);
