import type { Completion } from '@lvscope/cluster';

/** What Tab does to a line. */
export interface Completed {
  /** What is put in at the cursor. */
  readonly insert: string;
  /** What could follow where it is not clear, to be listed at the second Tab. */
  readonly choices: readonly string[];
}

/** All that is certain is put in, with a blank where there is but one way to go on. */
export function completed(before: string, { from, candidates }: Completion): Completed {
  const [first] = candidates;
  if (first === undefined) return { insert: '', choices: [] };
  const word = before.slice(from);
  const common = candidates.reduce(commonStart);
  if (candidates.length > 1 && common.length <= word.length) return { insert: '', choices: candidates };
  const blank = candidates.length === 1 && !/[/=\s]$/.test(first) ? ' ' : '';
  return { insert: common.slice(word.length) + blank, choices: [] };
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}

/** The choices in columns, downwards, as bash lists them. */
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
