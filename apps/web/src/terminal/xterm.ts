import '@xterm/xterm/css/xterm.css';
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { type ITheme, Terminal } from '@xterm/xterm';

/** A screen of characters in an element of the page. */
export interface Xterm {
  readonly terminal: Terminal;
  readonly search: SearchAddon;
  /** Takes the size of the element; the letters are as large as 80 columns allow. */
  readonly fit: () => void;
}

const FAMILY = "'JetBrains Mono Variable', ui-monospace, 'DejaVu Sans Mono', monospace";
/** Width of a letter against its size. */
const ASPECT = 0.6;
const COLUMNS = 80;
const SMALLEST_PX = 10;
const LARGEST_PX = 12.5;
const SCROLLBAR_PX = 14;

/** @param label what a screen reader calls its input */
export function createXterm(element: HTMLElement, label: string): Xterm {
  const terminal = new Terminal({
    fontFamily: FAMILY,
    fontSize: 12,
    lineHeight: 1.25,
    cursorBlink: false,
    cursorStyle: 'block',
    cursorInactiveStyle: 'outline',
    screenReaderMode: true,
    scrollback: 5000,
    convertEol: true,
    theme: themeOf(element),
  });
  const fitter = new FitAddon();
  const search = new SearchAddon();
  terminal.loadAddon(fitter);
  terminal.loadAddon(search);
  terminal.open(element);
  terminal.textarea?.setAttribute('aria-label', label);
  const fit = (): void => {
    const { clientWidth, clientHeight } = element;
    if (clientWidth < 40 || clientHeight < 20) return;
    const size = (clientWidth - SCROLLBAR_PX) / COLUMNS / ASPECT;
    terminal.options.fontSize = Math.max(SMALLEST_PX, Math.min(LARGEST_PX, Math.floor(size * 4) / 4));
    fitter.fit();
  };
  return { terminal, search, fit };
}

/** The colours of the page's tokens, as they are in the present theme. */
export function themeOf(element: HTMLElement): ITheme {
  const probe = element.ownerDocument.createElement('i');
  element.append(probe);
  const colour = (token: string): string => {
    probe.style.color = `var(--${token})`;
    return getComputedStyle(probe).color;
  };
  const ink = colour('term-ink');
  const theme: ITheme = {
    background: colour('term'),
    foreground: ink,
    cursor: colour('term-prompt'),
    cursorAccent: colour('term'),
    selectionBackground: colour('term-selection'),
    red: colour('term-bad'),
    green: colour('term-good'),
    yellow: colour('term-warn'),
    blue: colour('term-prompt'),
    white: ink,
    brightBlack: colour('term-mute'),
    brightWhite: ink,
  };
  probe.remove();
  return theme;
}
