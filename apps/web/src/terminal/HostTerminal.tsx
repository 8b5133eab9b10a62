import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import * as m from '../paraglide/messages.js';
import { usePanels } from '../state/panels.ts';
import { usePage } from '../state/react.ts';
import { completeLine } from '../state/questions.ts';
import { interruptTerminal, typeInTerminal } from '../state/run.ts';
import { page } from '../state/store.ts';
import { readTerminal } from '../state/terminals.ts';
import { createSession, redrawLine, type Session, takeChunk, takeHistory, typeKeys } from './session.ts';
import * as styles from './terminal.module.css';
import { createXterm, themeOf, type Xterm } from './xterm.ts';

/** RIS of ECMA-48. */
const FULL_RESET = '\u001bc';

interface HostTerminalProps {
  readonly host: string;
  readonly inFront: boolean;
  /** What is looked for in what stands there. */
  readonly search: string;
}

/** The prompt of one host. It stays as it is while another one is in front. */
export function HostTerminal({ host, inFront, search }: HostTerminalProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const made = useRef<{ xterm: Xterm; session: Session }>(undefined);
  const theme = usePage((state) => state.theme);
  const asked = usePanels((state) => (state.terminalHost === host ? state.terminalAsked : 0));
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const xterm = createXterm(element, m.terminal_input({ host }));
    const session = sessionOn(host, xterm);
    made.current = { xterm, session };
    const stop = connect(element, xterm, session);
    return () => {
      stop();
      made.current = undefined;
      xterm.terminal.dispose();
    };
  }, [host]);
  useEffect(() => {
    const element = box.current;
    if (made.current !== undefined && element !== null)
      made.current.xterm.terminal.options.theme = themeOf(element);
  }, [theme]);
  useEffect(() => {
    if (!inFront) return;
    made.current?.xterm.fit();
    if (asked > 0) made.current?.xterm.terminal.focus();
  }, [inFront, asked]);
  useEffect(() => {
    if (!inFront) return;
    if (search === '') made.current?.xterm.search.clearDecorations();
    else made.current?.xterm.search.findPrevious(search, { incremental: true });
  }, [search, inFront]);
  return <div ref={box} className={styles.screen} hidden={!inFront} data-host={host} />;
}

function sessionOn(host: string, { terminal }: Xterm): Session {
  return createSession(
    host,
    {
      columns: () => terminal.cols,
      rows: () => terminal.rows,
      write: (codes) => terminal.write(codes),
      // in its place among what is written, which is drawn later
      reset: () => terminal.write(FULL_RESET),
    },
    {
      type: (line) => void typeInTerminal(host, line),
      interrupt: () => void interruptTerminal(host),
      complete: async (text, cursor) => completeLine(host, text, cursor),
    },
  );
}

/** Keys go to the session, the world's text to the screen, the element's size to both. */
function connect(element: HTMLElement, { terminal, fit }: Xterm, session: Session): () => void {
  const { host } = session;
  const typing = terminal.onData((data) => typeKeys(session, data));
  const sized = terminal.onResize(() => redrawLine(session));
  const observer = new ResizeObserver(() => fit());
  observer.observe(element);
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const paint = (): void => {
    terminal.options.theme = themeOf(element);
  };
  dark.addEventListener('change', paint);
  const history = (): void => takeHistory(session, linesOf(host));
  const stopHistory = page.subscribe((now, before) => {
    if (now.commands !== before.commands) history();
  });
  const stopReading = readTerminal(host, (chunk, fresh) => {
    const setup = page
      .getState()
      .commands.filter((one) => one.host === host && one.origin === 'setup' && one.at === 0);
    takeChunk(session, { ...chunk, fresh }, setup);
    history();
  });
  return () => {
    typing.dispose();
    sized.dispose();
    observer.disconnect();
    dark.removeEventListener('change', paint);
    stopHistory();
    stopReading();
  };
}

function linesOf(host: string): string[] {
  const { commands } = page.getState();
  return commands.filter((one) => one.host === host && one.origin === 'user').map(({ command }) => command);
}
