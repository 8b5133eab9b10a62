// Who imports whom: the arrows of the architecture, checked. Prints each forbidden import with its reason.
import { readFileSync } from 'node:fs';
import { importsOf } from './borders/imports.mjs';
import { whyForbidden } from './borders/judge.mjs';
import { inRoot, sourceFiles } from './lib/files.mjs';

const files = sourceFiles(['packages', 'apps', 'e2e'], /\.(ts|tsx|mts|mjs|js|jsx)$/);
let imports = 0;
let forbidden = 0;
for (const file of files) {
  for (const found of readImports(file)) {
    imports++;
    const reason = whyForbidden(file, found);
    if (reason === undefined) continue;
    forbidden++;
    console.log(
      `${file}:${found.line} imports ${found.isType ? 'types of ' : ''}${found.specifier}\n  ${reason}`,
    );
  }
}
console.log(`${imports} imports in ${files.length} files, ${forbidden} forbidden`);
process.exitCode = forbidden > 0 ? 1 : 0;

function readImports(file) {
  try {
    return importsOf(readFileSync(inRoot(file), 'utf8'), file);
  } catch (error) {
    forbidden++;
    console.log(`${file} cannot be read as code\n  ${error.message.split('\n')[0]}`);
    return [];
  }
}
