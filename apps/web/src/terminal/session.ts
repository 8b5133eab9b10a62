import type { CommandRecord, Completion } from '@lvscope/cluster';
import { completed, inColumns } from './complete.ts';
import { EMPTY, type Editor, insert, keysOf, press, remember } from './line-editor.ts';
import { type Drawn, drawLine, eraseLine, promptOf, promptText } from './prompt-line.ts';

/** The part of a screen that a prompt needs. */
export interface Screen {
  readonly columns: () => number;
  readonly write: (codes: string) => void;
  readonly rows: () => number;
  /** Takes everything off the screen and out of its memory. */
  readonly reset: () => void;
}

/** What a prompt asks of the world behind it. */
export interface Carrier {
  readonly type: (line: string) => void;
  readonly interrupt: () => void;
  readonly complete: (text: string, cursor: number) => Promise<Completion>;
}

/** What came from a host's terminal since the last time. */
export interface Chunk {
  /** The world is another one, or went back: all that stands on the screen is void. */
  readonly fresh: boolean;
  readonly text: string;
  /** A program is in the foreground. */
  readonly busy: boolean;
}

/** The prompt of one host. On the screen stand what the world says and the line that is being written. */
export interface Session {
  readonly host: string;
  readonly screen: Screen;
  readonly carrier: Carrier;
  editor: Editor;
  drawn: Drawn;
  /** The line being written is on the screen. */
  shown: boolean;
  /** A line was given and nothing came back yet. */
  sent: boolean;
  busy: boolean;
  /** The world's text ended with its prompt, which is drawn with the line and not written. */
  prompted: boolean;
  /** Keys that came while a program was in the foreground. */
  ahead: string[];
  /** The last key was a Tab that put nothing in. */
  tabbed: boolean;
}

const ESCAPE = '\u001b';
const CLEAR = `${ESCAPE}[H${ESCAPE}[2J${ESCAPE}[3J`;
const INTERRUPT = '\u0003';

export function createSession(host: string, screen: Screen, carrier: Carrier): Session {
  return {
    host,
    screen,
    carrier,
    editor: EMPTY,
    drawn: { row: 0 },
    shown: false,
    sent: false,
    busy: false,
    prompted: false,
    ahead: [],
    tabbed: false,
  };
}

/** Takes what the keyboard or the clipboard sent. */
export function typeKeys(session: Session, data: string): void {
  for (const key of keysOf(data)) typeKey(session, key);
}

/** Writes what came from the world. @param setup what made the host, shown above all else */
export function takeChunk(session: Session, chunk: Chunk, setup: readonly CommandRecord[]): void {
  if (chunk.fresh) beginAnew(session, setup);
  if (chunk.text !== '') {
    hideLine(session);
    const prompt = promptText(session.host);
    const text = `${session.prompted ? prompt : ''}${chunk.text}`;
    session.prompted = !chunk.busy && text.endsWith(prompt);
    const written = session.prompted ? text.slice(0, -prompt.length) : text;
    const fitted = chunk.busy ? fitPages(written, session.screen) : written;
    session.screen.write(fitted.replaceAll(prompt, promptOf(session.host)));
    session.sent = false;
  }
  session.busy = chunk.busy;
  if (waits(session)) showLine(session);
  else hideLine(session);
  serveAhead(session);
}

/** The lines that were given on the host, typed or clicked: what the arrow keys bring back. */
export function takeHistory(session: Session, lines: readonly string[]): void {
  const { editor } = session;
  const history = lines.filter((line, i) => line !== lines[i - 1]);
  const atEnd = editor.at === editor.history.length;
  session.editor = { ...editor, history, at: atEnd ? history.length : Math.min(editor.at, history.length) };
}

/** Draws the line again, as after another width of the screen. */
export function redrawLine(session: Session): void {
  if (!session.shown) return;
  hideLine(session);
  showLine(session);
}

function waits({ busy, sent }: Session): boolean {
  return !busy && !sent;
}

function beginAnew(session: Session, setup: readonly CommandRecord[]): void {
  session.screen.reset();
  session.drawn = { row: 0 };
  session.shown = false;
  session.sent = false;
  session.prompted = false;
  session.ahead = [];
  for (const { command } of setup) session.screen.write(dim(`${promptText(session.host)}${command}\n`));
}

/** Where a program such as watch takes the screen for itself. */
const PAGE = `${ESCAPE}[H${ESCAPE}[2J`;

/** The head of a page has its clock at the right edge, so its gap gives way first. */
function fitLine(line: string, columns: number, head: boolean): string {
  const surplus = Math.max(0, line.length - columns);
  const shorter = head ? line.replace(/ {2,}/, (gap) => gap.slice(Math.min(surplus, gap.length - 2))) : line;
  return shorter.slice(0, columns);
}

/** A page that is painted over and over shows its top, as the real tools cut it, instead of scrolling. */
function fitPages(text: string, { rows, columns }: Screen): string {
  const [before, ...pages] = text.split(PAGE);
  const cut = pages.map((page) => {
    const lines = page.split('\n').slice(0, rows());
    return lines.map((line, i) => fitLine(line.trimEnd(), columns(), i === 0)).join('\n');
  });
  return [before, ...cut].join(PAGE);
}

function dim(text: string): string {
  return `${ESCAPE}[90m${text}${ESCAPE}[0m`;
}

function showLine(session: Session): void {
  if (session.shown) return;
  const { codes, drawn } = drawLine(session.host, session.editor, session.screen.columns());
  session.screen.write(codes);
  session.drawn = drawn;
  session.shown = true;
}

function hideLine(session: Session): void {
  if (!session.shown) return;
  session.screen.write(eraseLine(session.drawn));
  session.drawn = { row: 0 };
  session.shown = false;
}

/** Leaves the line on the screen and goes on below it. */
function leaveLine(session: Session, editor: Editor, mark: string): void {
  hideLine(session);
  const whole = { ...editor, search: undefined, cursor: editor.line.length };
  const { codes } = drawLine(session.host, whole, session.screen.columns());
  session.screen.write(`${codes}${mark}\r\n`);
}

function serveAhead(session: Session): void {
  while (waits(session)) {
    const key = session.ahead.shift();
    if (key === undefined) return;
    typeKey(session, key);
  }
}

function typeKey(session: Session, key: string): void {
  if (!waits(session)) {
    if (key === INTERRUPT) {
      session.ahead = [];
      session.carrier.interrupt();
    } else session.ahead.push(key);
    return;
  }
  const before = session.editor;
  const { editor, effect } = press(before, key);
  session.editor = editor;
  if (effect?.kind === 'complete') {
    void tab(session);
    return;
  }
  session.tabbed = false;
  if (effect === undefined) redrawLine(session);
  else if (effect.kind === 'submit') submit(session, before, effect.line);
  else if (effect.kind === 'interrupt') {
    leaveLine(session, before, '^C');
    showLine(session);
  } else clear(session);
}

/** The line that was given stays until the world repeats it. */
function submit(session: Session, before: Editor, line: string): void {
  const command = line.trim();
  if (command === 'clear') {
    clear(session);
    return;
  }
  if (command === '' || command === 'history') {
    leaveLine(session, { ...before, line }, '');
    if (command === 'history') session.screen.write(historyText(session.editor.history));
    showLine(session);
    return;
  }
  session.editor = remember(session.editor, line);
  session.shown = true;
  session.sent = true;
  session.carrier.type(line);
}

function clear(session: Session): void {
  session.screen.write(CLEAR);
  session.drawn = { row: 0 };
  session.shown = false;
  showLine(session);
}

async function tab(session: Session): Promise<void> {
  const { line, cursor } = session.editor;
  const { insert: more, choices } = completed(
    line.slice(0, cursor),
    await session.carrier.complete(line, cursor),
  );
  const now = session.editor;
  if (now.line !== line || now.cursor !== cursor || !waits(session)) return;
  if (more !== '') session.editor = insert(now, more);
  else if (choices.length > 0 && session.tabbed) {
    leaveLine(session, now, '');
    session.screen.write(`${inColumns(choices, session.screen.columns())}\r\n`);
    showLine(session);
    return;
  }
  session.tabbed = more === '';
  redrawLine(session);
}

function historyText(history: readonly string[]): string {
  return history.map((line, i) => `${String(i + 1).padStart(5)}  ${line}\n`).join('');
}
