import type { Programs } from '../programs.ts';
import type { World } from '../world.ts';
import { DAEMONS } from './daemons.ts';
import { armAgain, takeMessages } from './table.ts';
import { serveTerminals } from './terminal.ts';

/** The timer of a process has gone off: its alarm, or a message for it. */
export function wakeProcess(world: World, programs: Programs, slot: number): void {
  const process = world.processes.rows.get(world.processes.slots[slot] ?? 0);
  if (process === undefined || process.status !== 'running') return;
  const messages = takeMessages(world, process);
  if (process.kind === 'daemon') DAEMONS.get(process.name)?.wake({ world, programs, process }, messages);
  else programs.wake(world, process.pid, messages);
  armAgain(world, process);
  serveTerminals(world, programs);
}
