import { describe, expect, it } from 'vitest';
import { EMPTY, press } from './line-editor.ts';
import { drawLine, eraseLine, widthOf } from './prompt-line.ts';

const visible = (codes: string): string => codes.replaceAll('\u001b', '^');

describe('the prompt on the screen', () => {
  it('stands with its line, the cursor behind it', () => {
    const { codes, drawn } = drawLine('d1', { ...EMPTY, line: 'ss', cursor: 2 }, 80);
    expect(visible(codes)).toBe('^[34mroot@d1:~# ^[0mss\r^[13C');
    expect(drawn.row).toBe(0);
  });

  it('that is longer than a row is taken away with all its rows', () => {
    const { drawn } = drawLine('d1', { ...EMPTY, line: 'x'.repeat(45), cursor: 45 }, 20);
    expect(drawn.row).toBe(2);
    expect(visible(eraseLine(drawn))).toBe('\r^[2A^[J');
  });

  it('that just fills a row puts the cursor onto the next', () => {
    const { codes, drawn } = drawLine('d1', { ...EMPTY, line: 'x'.repeat(9), cursor: 9 }, 20);
    expect(drawn.row).toBe(1);
    expect(visible(codes).endsWith('x\r\n\r')).toBe(true);
  });

  it('puts the cursor up into the row in which it is', () => {
    const { codes, drawn } = drawLine('d1', { ...EMPTY, line: 'x'.repeat(45), cursor: 0 }, 20);
    expect(visible(codes).endsWith('^[2A\r^[11C')).toBe(true);
    expect(drawn.row).toBe(0);
  });

  it('of a search says what is looked for and whether it was found', () => {
    const editor = { ...EMPTY, history: ['ip addr'], at: 1 };
    const searching = press({ ...editor, search: { query: '', found: -1 } }, 'a').editor;
    expect(visible(drawLine('d1', searching, 80).codes)).toContain("(reverse-i-search)`a': ip addr");
    const failed = press(searching, 'z').editor;
    expect(visible(drawLine('d1', failed, 80).codes)).toContain("(failed reverse-i-search)`az'");
  });

  it('counts two cells for a Chinese character', () => {
    expect(widthOf('a负载b')).toBe(6);
  });
});
