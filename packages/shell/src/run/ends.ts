import { endProcess, processesOf, processOf } from '@lvscope/cluster';
import type { Process, Sink } from '@lvscope/cluster';
import { shellOf } from './machine.ts';
import type { Machine } from './machine.ts';
import { write } from './output.ts';
import { giveBack } from './subshell.ts';

/** Exit code of a process that wrote into a pipe which nobody reads: 128 + SIGPIPE. */
const BROKEN_PIPE = 141;

/**
 * A process writes where a sink leads. What it may not write it says; without a reader it dies.
 * @param name whose words a refusal has
 * @returns whether it was written
 */
export function emit(
  machine: Machine,
  process: Process,
  sink: Sink,
  text: string,
  name: string = process.name,
): boolean {
  const written = write(machine, { host: process.host, name }, sink, text);
  if (written.kind === 'broken') endCommand(machine, process, BROKEN_PIPE);
  else if (written.kind === 'fault') write(machine, process, process.err, written.text);
  else if (sink.kind === 'pipe') machine.due.push(sink.pid);
  return written.kind === 'ok';
}

/** A process of a command line is over: who reads from it comes to the end, who waits for it goes on. */
export function endCommand(machine: Machine, process: Process, rc: number): void {
  if (process.status === 'exited') return;
  const { world, due } = machine;
  const own = shellOf(process);
  if (own !== undefined) giveBack(machine, process, own);
  endProcess(world, process, rc);
  for (const reader of processesOf(world, process.host)) {
    if (reader.input.from !== process.pid || reader.input.ended) continue;
    reader.input.ended = true;
    due.push(reader.pid);
  }
  const parent = processOf(world, process.parent);
  const shell = shellOf(parent);
  if (parent === undefined || shell === undefined) return;
  const at = shell.background.indexOf(process.pid);
  if (at >= 0) shell.background.splice(at, 1);
  const frame = shell.frames.findLast((one) => one.kind === 'wait');
  if (frame?.kind !== 'wait' || !frame.pids.includes(process.pid)) return;
  frame.pids.splice(frame.pids.indexOf(process.pid), 1);
  if (process.pid === frame.last) frame.rc = rc;
  due.push(parent.pid);
}
