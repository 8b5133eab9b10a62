// The size guide: a file, a function, a component and a line that can be read at a glance.
import { sourceFiles } from './lib/files.mjs';
import { EXCEPTIONS } from './size/exceptions.mjs';
import { judgeSizes } from './size/judge.mjs';
import { measureCode, measureLines } from './size/measure.mjs';

const FOLDERS = ['packages', 'apps', 'e2e', 'bench', 'scripts'];

const files = sourceFiles(FOLDERS, /\.(ts|tsx|mts|mjs|js|jsx|css)$/);
const findings = [...measureCode(FOLDERS), ...measureLines(files)];
const complaints = judgeSizes(findings, EXCEPTIONS);
for (const complaint of complaints) console.log(complaint);
console.log(`${files.length} files, ${EXCEPTIONS.length} argued exceptions, ${complaints.length} complaints`);
process.exitCode = complaints.length > 0 ? 1 : 0;
