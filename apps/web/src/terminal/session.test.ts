import { describe, expect, it } from 'vitest';
import { type Carrier, createSession, type Session, takeChunk, takeHistory, typeKeys } from './session.ts';

interface Bench {
  readonly session: Session;
  /** What was written, control sequences with `^`. */
  readonly written: () => string;
  readonly typed: string[];
  interrupts: number;
}

function bench(candidates: readonly string[] = []): Bench {
  let written = '';
  const typed: string[] = [];
  const carrier: Carrier = {
    type: (line) => typed.push(line),
    interrupt: () => {
      made.interrupts++;
    },
    complete: async () => Promise.resolve({ from: 0, candidates }),
  };
  const screen = {
    columns: () => 80,
    rows: () => 24,
    write: (codes: string) => {
      written += codes;
    },
    reset: () => {
      written = '';
    },
  };
  const made: Bench = {
    session: createSession('d1', screen, carrier),
    written: () => written.replaceAll('\u001b', '^'),
    typed,
    interrupts: 0,
  };
  takeChunk(made.session, { fresh: true, text: '', busy: false }, []);
  return made;
}

describe('a prompt', () => {
  it('gives the line to the world and writes what comes back, with its prompt once', () => {
    const { session, typed, written } = bench();
    typeKeys(session, 'hostname\r');
    expect(typed).toEqual(['hostname']);
    takeChunk(session, { fresh: false, text: 'root@d1:~# hostname\nd1\nroot@d1:~# ', busy: false }, []);
    expect(written()).toContain('^[34mroot@d1:~# ^[0mhostname\nd1\n^[34mroot@d1:~# ^[0m');
    expect(written().split('d1\n').length).toBe(2);
  });

  it('keeps keys until the program in the foreground has ended, but for Ctrl-C', () => {
    const made = bench();
    typeKeys(made.session, 'watch -n1 date\r');
    takeChunk(made.session, { fresh: false, text: 'root@d1:~# watch -n1 date\n', busy: true }, []);
    typeKeys(made.session, 'ss\r');
    expect(made.typed).toEqual(['watch -n1 date']);
    takeChunk(made.session, { fresh: false, text: 'root@d1:~# ', busy: false }, []);
    expect(made.typed).toEqual(['watch -n1 date', 'ss']);
  });

  it('interrupts with Ctrl-C, and forgets what was typed ahead', () => {
    const made = bench();
    typeKeys(made.session, 'tcpdump\r');
    takeChunk(made.session, { fresh: false, text: 'root@d1:~# tcpdump\n', busy: true }, []);
    typeKeys(made.session, 'xx');
    typeKeys(made.session, '\u0003');
    expect(made.interrupts).toBe(1);
    takeChunk(made.session, { fresh: false, text: '^C\nroot@d1:~# ', busy: false }, []);
    expect(made.session.editor.line).toBe('');
  });

  it('begins with what made the host when the world is another', () => {
    const { session, written } = bench();
    const setup = {
      at: 0 as never,
      host: 'd1',
      command: 'ip addr add 1.2.3.4/32 dev lo',
      rc: 0,
      out: '',
      err: '',
      origin: 'setup',
    } as const;
    takeChunk(session, { fresh: true, text: '', busy: false }, [setup]);
    expect(written().startsWith('^[90mroot@d1:~# ip addr add 1.2.3.4/32 dev lo\n^[0m')).toBe(true);
  });

  it('brings back what was clicked with the arrow', () => {
    const { session } = bench();
    takeHistory(session, ['ip link set eth0 down', 'ip link set eth0 up']);
    typeKeys(session, '\u001b[A');
    expect(session.editor.line).toBe('ip link set eth0 up');
  });

  it('completes with Tab, and lists the choices at the second', async () => {
    const { session, written } = bench(['ip', 'ipvsadm']);
    typeKeys(session, 'ip');
    typeKeys(session, '\t');
    await Promise.resolve().then(() => undefined);
    typeKeys(session, '\t');
    await new Promise((resolve) => {
      queueMicrotask(() => queueMicrotask(() => resolve(undefined)));
    });
    expect(written()).toContain('ip       ipvsadm');
  });
});
