import { readTerminal, terminalsOf, type World } from '@lvscope/cluster';
import type { TerminalChunk, TerminalCursor } from './api.ts';
import { issue, type Session } from './session.ts';

/** A line that was typed at a host's prompt; the first one opens it. */
export function typeOn(session: Session, host: string, line: string): void {
  const terminal =
    terminalOf(session.world, host) ?? issue(session, { kind: 'open-terminal', host }, host, undefined);
  if (terminal > 0) issue(session, { kind: 'type', terminal, line }, host, line);
}

/** A command that was clicked: it stands on the host's terminal where there is one whose prompt waits. */
export function sayOn(session: Session, host: string, command: string): void {
  const terminal = terminalOf(session.world, host);
  const free = terminal !== undefined && readTerminal(session.world, terminal)?.busy === false;
  if (free) issue(session, { kind: 'type', terminal, line: command }, host, command);
  else issue(session, { kind: 'command', host, command }, host, command);
}

/** Ctrl-C at a host's prompt. */
export function interruptOn(session: Session, host: string): void {
  const terminal = terminalOf(session.world, host);
  if (terminal !== undefined) issue(session, { kind: 'interrupt', terminal }, host);
}

function terminalOf(world: World, host: string): number | undefined {
  return terminalsOf(world).find((one) => one.host === host)?.id;
}

/** What stands on the hosts' terminals behind the places that were read; nothing where none is open yet. */
export function chunksBehind(world: World, cursors: readonly TerminalCursor[]): TerminalChunk[] {
  return cursors.map(({ host, since }) => {
    const terminal = terminalOf(world, host);
    const seen = terminal === undefined ? undefined : readTerminal(world, terminal, since);
    return {
      host,
      from: seen?.from ?? 0,
      text: seen?.text ?? '',
      next: seen?.next ?? 0,
      busy: seen?.busy ?? false,
    };
  });
}
