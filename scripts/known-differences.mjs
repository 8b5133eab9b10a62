// Makes docs/known-differences.md into data for the page that shows it: known-differences.mjs FILE
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { inRoot } from './lib/files.mjs';
import { readMarkdown } from './lib/markdown.mjs';

const [target] = process.argv.slice(2);
if (target === undefined) throw new Error('wanted: known-differences.mjs FILE');
mkdirSync(dirname(target), { recursive: true });
writeFileSync(
  target,
  JSON.stringify(readMarkdown(readFileSync(inRoot('docs/known-differences.md'), 'utf8'))),
);
