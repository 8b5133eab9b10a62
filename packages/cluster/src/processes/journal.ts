import type { World } from '../world.ts';
import type { JournalLine, Process } from './state.ts';

/** Lines of all hosts together that are kept. */
const MOST_LINES = 5000;

/** Writes a line into the system log of the process's host, as syslog(3) does. */
export function journal(world: World, process: Process, text: string): void {
  const { journal: lines } = world.processes;
  lines.push({ at: world.sim.now, host: process.host, unit: process.name, pid: process.pid, text });
  if (lines.length > 2 * MOST_LINES) lines.splice(0, lines.length - MOST_LINES);
}

/** The system log of a host, or of one unit of it, oldest first. */
export function journalOf(world: World, host: string, unit?: string): JournalLine[] {
  return world.processes.journal.filter(
    (line) => line.host === host && (unit === undefined || line.unit === unit),
  );
}
