import { describe, expect, it } from 'vitest';
import { EMPTY, type Editor, keysOf, press, remember } from './line-editor.ts';

const CTRL = (letter: string): string => String.fromCharCode(letter.charCodeAt(0) - 64);
const UP = '\u001b[A';
const DOWN = '\u001b[B';
const LEFT = '\u001b[D';

function typed(editor: Editor, ...keys: string[]): Editor {
  return keys.flatMap(keysOf).reduce((now, key) => press(now, key).editor, editor);
}

/** The line with a bar where the cursor stands. */
const shown = ({ line, cursor }: Editor): string => `${line.slice(0, cursor)}|${line.slice(cursor)}`;

describe('a command line', () => {
  it('is written, mended in the middle, and cut by words and ends', () => {
    const line = typed(EMPTY, 'ipvsadm -Lm', LEFT, '\u007f', 'Ln', CTRL('E'));
    expect(shown(typed(line, '\u007f'))).toBe('ipvsadm -Ln|');
    expect(shown(typed(EMPTY, 'ip addr show', CTRL('A'), '\u001bf', CTRL('K')))).toBe('ip|');
    expect(shown(typed(EMPTY, 'ip addr show', CTRL('W'), CTRL('W')))).toBe('ip |');
    expect(shown(typed(EMPTY, 'ip addr show', '\u001bb', CTRL('U'), CTRL('E'), CTRL('Y')))).toBe(
      'showip addr |',
    );
  });

  it('ignores what moves or deletes beyond its ends', () => {
    expect(shown(typed(EMPTY, '\u007f', LEFT, '\u001b[3~', 'a', '\u001b[C', '\u001b[3~'))).toBe('a|');
  });

  it('is given with Enter and stands in the history then', () => {
    const first = press(typed(EMPTY, 'hostname'), '\r');
    expect(first.effect).toEqual({ kind: 'submit', line: 'hostname' });
    expect(first.editor).toMatchObject({ line: '', history: ['hostname'] });
  });

  it('is thrown away with Ctrl-C and does not enter the history', () => {
    const after = press(typed(EMPTY, 'reboot'), CTRL('C'));
    expect(after.effect).toEqual({ kind: 'interrupt' });
    expect(after.editor).toMatchObject({ line: '', history: [] });
  });

  it('pasted in several lines is given line by line', () => {
    const lines: string[] = [];
    let editor = EMPTY;
    for (const key of keysOf('ip link\r\nip route\rss')) {
      const pressed = press(editor, key);
      editor = pressed.editor;
      if (pressed.effect?.kind === 'submit') lines.push(pressed.effect.line);
    }
    expect(lines).toEqual(['ip link', 'ip route']);
    expect(shown(editor)).toBe('ss|');
  });
});

describe('the history', () => {
  const used = typed(EMPTY, 'one\r', 'two\r', 'two\r', 'three\r');

  it('goes back with the arrow and comes again to the line that was being written', () => {
    expect(used.history).toEqual(['one', 'two', 'three']);
    const back = typed(used, 'new', UP, UP);
    expect(shown(back)).toBe('two|');
    expect(shown(typed(back, UP, UP))).toBe('one|');
    expect(shown(typed(back, DOWN, DOWN, DOWN))).toBe('new|');
  });

  it('holds what was clicked as well', () => {
    expect(shown(typed(remember(used, 'ip link set eth0 down'), UP))).toBe('ip link set eth0 down|');
  });

  it('is searched backwards with Ctrl-R, further back with another', () => {
    const searching = typed(used, CTRL('R'), 'o');
    expect(searching.search).toEqual({ query: 'o', found: 1 });
    expect(typed(searching, CTRL('R')).search?.found).toBe(0);
    expect(typed(searching, CTRL('R'), CTRL('R')).search?.found).toBe(0);
    expect(press(searching, '\r').effect).toEqual({ kind: 'submit', line: 'two' });
    expect(shown(typed(searching, CTRL('A')))).toBe('|two');
    expect(shown(typed(used, CTRL('R'), 'zzz', '\u001b'))).toBe('|');
  });
});
