/** A command line that is being written, as bash's line editor keeps it. */
export interface Editor {
  readonly line: string;
  /** Characters before the cursor. */
  readonly cursor: number;
  /** Earlier lines, oldest first. */
  readonly history: readonly string[];
  /** Which of them is shown; `history.length` = the new one. */
  readonly at: number;
  /** The new line, while an old one is shown. */
  readonly draft: string;
  /** What was cut last. */
  readonly cut: string;
  /** Ctrl-R: what is looked for, and where in the history it was found; -1 = nowhere. */
  readonly search: { readonly query: string; readonly found: number } | undefined;
}

/** What a key asks of the terminal, besides another line. */
export type Effect =
  | { readonly kind: 'submit'; readonly line: string }
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'clear' }
  | { readonly kind: 'complete' }
  | undefined;

export interface Pressed {
  readonly editor: Editor;
  readonly effect: Effect;
}

export const EMPTY: Editor = {
  line: '',
  cursor: 0,
  history: [],
  at: 0,
  draft: '',
  cut: '',
  search: undefined,
};

/** Lines that the history keeps. */
const MOST_HISTORY = 500;

const ESCAPE = '\u001b';
const control = (letter: string): string => String.fromCharCode(letter.charCodeAt(0) - 64);

type Edit = (editor: Editor) => Editor;

const EDITS: ReadonlyMap<string, Edit> = new Map<string, Edit>([
  ['\u007f', (e) => remove(e, e.cursor - 1, e.cursor)],
  ['\b', (e) => remove(e, e.cursor - 1, e.cursor)],
  [`${ESCAPE}[3~`, (e) => remove(e, e.cursor, e.cursor + 1)],
  [control('D'), (e) => remove(e, e.cursor, e.cursor + 1)],
  [`${ESCAPE}[D`, (e) => moveTo(e, e.cursor - 1)],
  [control('B'), (e) => moveTo(e, e.cursor - 1)],
  [`${ESCAPE}[C`, (e) => moveTo(e, e.cursor + 1)],
  [control('F'), (e) => moveTo(e, e.cursor + 1)],
  [`${ESCAPE}[H`, (e) => moveTo(e, 0)],
  [control('A'), (e) => moveTo(e, 0)],
  [`${ESCAPE}[F`, (e) => moveTo(e, e.line.length)],
  [control('E'), (e) => moveTo(e, e.line.length)],
  [`${ESCAPE}[1;5D`, (e) => moveTo(e, wordBefore(e.line, e.cursor))],
  [`${ESCAPE}b`, (e) => moveTo(e, wordBefore(e.line, e.cursor))],
  [`${ESCAPE}[1;5C`, (e) => moveTo(e, wordBehind(e.line, e.cursor))],
  [`${ESCAPE}f`, (e) => moveTo(e, wordBehind(e.line, e.cursor))],
  [control('U'), (e) => cut(e, 0, e.cursor)],
  [control('K'), (e) => cut(e, e.cursor, e.line.length)],
  [control('W'), (e) => cut(e, blankBefore(e.line, e.cursor), e.cursor)],
  [`${ESCAPE}\u007f`, (e) => cut(e, wordBefore(e.line, e.cursor), e.cursor)],
  [`${ESCAPE}d`, (e) => cut(e, e.cursor, wordBehind(e.line, e.cursor))],
  [control('Y'), (e) => insert(e, e.cut)],
  [`${ESCAPE}[A`, (e) => showHistory(e, e.at - 1)],
  [control('P'), (e) => showHistory(e, e.at - 1)],
  [`${ESCAPE}[B`, (e) => showHistory(e, e.at + 1)],
  [control('N'), (e) => showHistory(e, e.at + 1)],
  [control('R'), (e) => ({ ...e, search: { query: '', found: -1 } })],
]);

/** What one key does. @param key what a terminal sends for it */
export function press(editor: Editor, key: string): Pressed {
  if (editor.search !== undefined) return pressInSearch(editor, editor.search, key);
  switch (key) {
    case '\r':
    case '\n':
      return submit(editor);
    case control('C'):
      return { editor: newLine(editor), effect: { kind: 'interrupt' } };
    case control('L'):
      return { editor, effect: { kind: 'clear' } };
    case '\t':
      return { editor, effect: { kind: 'complete' } };
    default: {
      const edit = EDITS.get(key);
      if (edit !== undefined) return only(edit(editor));
      return only(isText(key) ? insert(editor, key) : editor);
    }
  }
}

/** The keys in what a terminal sent at once: an escape sequence, or the characters of a paste. */
export function keysOf(data: string): readonly string[] {
  if (data.startsWith(ESCAPE) && data.length > 1) return [data];
  // of a paste, tabs are blanks, and a line's end is pressed once
  return data.length === 1 ? [data] : Array.from(data.replaceAll('\r\n', '\r').replaceAll('\t', ' '));
}

export function insert(editor: Editor, text: string): Editor {
  const line = editor.line.slice(0, editor.cursor) + text + editor.line.slice(editor.cursor);
  return { ...editor, line, cursor: editor.cursor + text.length };
}

/** A line that was given elsewhere, such as by a click, is in the history too. */
export function remember(editor: Editor, line: string): Editor {
  if (line.trim() === '' || editor.history.at(-1) === line) return editor;
  const history = [...editor.history, line].slice(-MOST_HISTORY);
  const shift = history.length - editor.history.length;
  return {
    ...editor,
    history,
    at: editor.at === editor.history.length ? history.length : editor.at - 1 + shift,
  };
}

function only(editor: Editor): Pressed {
  return { editor, effect: undefined };
}

function isText(key: string): boolean {
  return key >= ' ' && !key.startsWith(ESCAPE);
}

function submit(editor: Editor): Pressed {
  const { line } = editor;
  const kept = remember({ ...editor, at: editor.history.length }, line);
  return { editor: newLine(kept), effect: { kind: 'submit', line } };
}

function newLine(editor: Editor): Editor {
  return { ...editor, line: '', cursor: 0, at: editor.history.length, draft: '', search: undefined };
}

function moveTo(editor: Editor, cursor: number): Editor {
  return { ...editor, cursor: Math.max(0, Math.min(editor.line.length, cursor)) };
}

function remove(editor: Editor, from: number, to: number): Editor {
  if (from < 0 || from >= editor.line.length) return editor;
  return { ...editor, line: editor.line.slice(0, from) + editor.line.slice(to), cursor: from };
}

function cut(editor: Editor, from: number, to: number): Editor {
  if (from === to) return editor;
  return { ...remove(editor, from, to), cut: editor.line.slice(from, to) };
}

function showHistory(editor: Editor, to: number): Editor {
  const at = Math.max(0, Math.min(editor.history.length, to));
  if (at === editor.at) return editor;
  const draft = editor.at === editor.history.length ? editor.line : editor.draft;
  const line = at === editor.history.length ? draft : (editor.history[at] ?? '');
  return { ...editor, at, draft, line, cursor: line.length };
}

function pressInSearch(editor: Editor, search: NonNullable<Editor['search']>, key: string): Pressed {
  const found = editor.history[search.found];
  const taken: Editor =
    found === undefined
      ? { ...editor, search: undefined }
      : { ...editor, search: undefined, line: found, cursor: found.length, at: search.found };
  if (key === control('C') || key === control('G')) return only(newLine(editor));
  if (key === control('R')) return only(lookFor(editor, search.query, search.found - 1));
  if (key === '\u007f' || key === '\b') return only(lookFor(editor, search.query.slice(0, -1)));
  if (isText(key)) return only(lookFor(editor, search.query + key));
  if (key === ESCAPE) return only(taken);
  return press(taken, key);
}

/** The newest line at or before a place that holds the words. */
function lookFor(editor: Editor, query: string, from: number = editor.history.length - 1): Editor {
  const before = editor.history.slice(0, Math.max(0, from + 1));
  const at = query === '' ? -1 : before.findLastIndex((line) => line.includes(query));
  // bash stays where it is when there is nothing further back
  const found = at < 0 && from < editor.history.length - 1 ? (editor.search?.found ?? -1) : at;
  return { ...editor, search: { query, found } };
}

function wordBefore(line: string, cursor: number): number {
  const before = line.slice(0, cursor);
  return cursor - (/[A-Za-z0-9]*[^A-Za-z0-9]*$/.exec(before)?.[0].length ?? 0);
}

function wordBehind(line: string, cursor: number): number {
  return cursor + (/^[^A-Za-z0-9]*[A-Za-z0-9]*/.exec(line.slice(cursor))?.[0].length ?? 0);
}

function blankBefore(line: string, cursor: number): number {
  return cursor - (/\S*\s*$/.exec(line.slice(0, cursor))?.[0].length ?? 0);
}
