import type { Editor } from './line-editor.ts';

/** What stands on the screen: how many rows the cursor is below the prompt's first. */
export interface Drawn {
  readonly row: number;
}

const ESCAPE = '\u001b';
const PROMPT_COLOUR = `${ESCAPE}[34m`;
const PLAIN = `${ESCAPE}[0m`;

/** Control sequences that take the prompt and its line off the screen; the cursor stands where it began. */
export function eraseLine({ row }: Drawn): string {
  return `\r${row > 0 ? `${ESCAPE}[${row}A` : ''}${ESCAPE}[J`;
}

/** What a host's shell asks with. */
export function promptText(host: string): string {
  return `root@${host}:~# `;
}

/** Control sequences that draw the prompt with its line, the cursor in its place. */
export function drawLine(host: string, editor: Editor, columns: number): { codes: string; drawn: Drawn } {
  const { prompt, coloured, line, cursor } = partsOf(host, editor);
  const cells = widthOf(prompt + line);
  const cursorCells = widthOf(prompt + line.slice(0, cursor));
  const endRow = Math.floor(cells / columns);
  const row = Math.floor(cursorCells / columns);
  const column = cursorCells % columns;
  // a row that is just full leaves the cursor on it until something follows
  const full = cells > 0 && cells % columns === 0 ? '\r\n' : '';
  const up = endRow - row;
  const codes = [
    coloured,
    line,
    full,
    up > 0 ? `${ESCAPE}[${up}A` : '',
    '\r',
    column > 0 ? `${ESCAPE}[${column}C` : '',
  ];
  return { codes: codes.join(''), drawn: { row } };
}

/** The prompt in its colour. */
export function promptOf(host: string): string {
  return `${PROMPT_COLOUR}${promptText(host)}${PLAIN}`;
}

function partsOf(
  host: string,
  editor: Editor,
): { prompt: string; coloured: string; line: string; cursor: number } {
  const { search } = editor;
  if (search === undefined) {
    const { line, cursor } = editor;
    return { prompt: promptText(host), coloured: promptOf(host), line, cursor };
  }
  const failed = search.query !== '' && search.found < 0;
  const prompt = `(${failed ? 'failed ' : ''}reverse-i-search)\`${search.query}': `;
  const line = editor.history[search.found] ?? '';
  return { prompt, coloured: prompt, line, cursor: Math.max(0, line.indexOf(search.query)) };
}

/** Cells that a text takes: Chinese characters take two. */
export function widthOf(text: string): number {
  let cells = 0;
  for (const character of text) cells += isWide(character.codePointAt(0) ?? 0) ? 2 : 1;
  return cells;
}

function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}
