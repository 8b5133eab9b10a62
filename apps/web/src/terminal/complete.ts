/** What can be completed on a host. */
export interface Vocabulary {
  /** Names of programs. */
  readonly programs: readonly string[];
  /** Addresses, endpoints, interfaces, hosts: what stands as an argument. */
  readonly words: readonly string[];
  readonly sysctls: readonly string[];
  /** Whole paths. */
  readonly files: readonly string[];
}

export interface Completion {
  /** What is put in at the cursor. */
  readonly insert: string;
  /** What could follow where it is not clear, to be listed. */
  readonly choices: readonly string[];
}

const NOTHING: Completion = { insert: '', choices: [] };
/** Programs whose first word that is no option is a program again. */
const PREFIXES = /^(watch|timeout|sudo|nohup|time)$/;

/** What Tab does at the end of a text: all that is certain, or the choices. */
export function complete(before: string, vocabulary: Vocabulary): Completion {
  const command = before.slice(lastCommandStart(before));
  const words = command.trimStart().split(/\s+/);
  const word = words.at(-1) ?? '';
  const earlier = words.slice(0, -1);
  const candidates = candidatesFor(earlier, word, vocabulary);
  const fit = [...new Set(candidates)].filter((one) => one.startsWith(word)).toSorted(byText);
  const [first] = fit;
  if (first === undefined) return NOTHING;
  const common = fit.reduce(commonStart);
  if (common.length > word.length || fit.length === 1) {
    const blank = fit.length === 1 && !first.endsWith('/') ? ' ' : '';
    return { insert: common.slice(word.length) + blank, choices: [] };
  }
  return { insert: '', choices: fit };
}

function candidatesFor(earlier: readonly string[], word: string, all: Vocabulary): readonly string[] {
  const program = earlier[0];
  const afterPrefix = program !== undefined && PREFIXES.test(program);
  const isProgram = program === undefined || (afterPrefix && !earlier.slice(1).some((one) => !one.startsWith('-')));
  if (word.startsWith('/')) return nextParts(all.files, word);
  if (isProgram) return afterPrefix && word === '' ? [] : all.programs;
  if (program === 'sysctl') return all.sysctls;
  return word === '' ? [] : all.words;
}

/** Of paths, the part up to the next slash: directories are opened one by one. */
function nextParts(files: readonly string[], word: string): string[] {
  return files
    .filter((path) => path.startsWith(word))
    .map((path) => {
      const slash = path.indexOf('/', word.length);
      return slash < 0 ? path : path.slice(0, slash + 1);
    });
}

function lastCommandStart(before: string): number {
  return Math.max(0, ...['|', ';', '&', '('].map((sign) => before.lastIndexOf(sign) + 1));
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The choices in columns, as bash lists them. */
export function inColumns(choices: readonly string[], width: number): string {
  const cell = Math.max(...choices.map((one) => one.length)) + 2;
  const columns = Math.max(1, Math.floor(width / cell));
  const rows = Math.ceil(choices.length / columns);
  return Array.from({ length: rows }, (_, row) =>
    choices
      .filter((_choice, i) => i % rows === row)
      .map((one) => one.padEnd(cell))
      .join('')
      .trimEnd(),
  ).join('\n');
}
