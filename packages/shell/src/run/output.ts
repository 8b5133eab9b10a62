import { processOf, writeLog } from '@lvscope/cluster';
import type { Process, Sink } from '@lvscope/cluster';
import { saveFile } from '../files.ts';
import type { Machine } from './machine.ts';

/** Characters that a line may print at once, and that wait in a pipe. */
export const MOST_OUTPUT = 20_000_000;

/** What became of a write: `broken` = nobody reads the pipe any more (SIGPIPE). */
export type Written = { readonly kind: 'ok' | 'broken' } | { readonly kind: 'fault'; readonly text: string };

const WRITTEN: Written = { kind: 'ok' };

/** Writes where a sink leads. Whoever reads a pipe is told by the caller (`readable`). */
export function write(
  machine: Machine,
  writer: Pick<Process, 'host' | 'name'>,
  sink: Sink,
  text: string,
): Written {
  if (text === '') return WRITTEN;
  switch (sink.kind) {
    case 'log':
      writeLog(machine.world, sink, text);
      return WRITTEN;
    case 'capture':
      if (sink.into.text.length < MOST_OUTPUT) sink.into.text += text;
      return WRITTEN;
    case 'pipe': {
      const reader = processOf(machine.world, sink.pid);
      if (reader === undefined) return { kind: 'broken' };
      if (reader.input.text.length < MOST_OUTPUT) reader.input.text += text;
      return WRITTEN;
    }
    case 'file': {
      const fault = saveFile(machine.world, writer.host, sink.path, text, true);
      return fault === undefined
        ? WRITTEN
        : { kind: 'fault', text: writeFault(writer.name, sink.path, fault) };
    }
  }
}

/** A shell says so where it cannot open a file, a program where what it writes is refused. */
export const writeFault = (program: string, path: string, fault: string): string =>
  fault === 'Invalid argument' ? `bash: ${program}: write error: ${fault}\n` : `bash: ${path}: ${fault}\n`;

/** How much stands where a sink leads, as far as it counts against the limit. */
export function lengthOf(machine: Machine, sink: Sink): number {
  switch (sink.kind) {
    case 'log':
      return sink.record[sink.fd === 1 ? 'out' : 'err'].length;
    case 'capture':
      return sink.into.text.length;
    case 'pipe':
      return processOf(machine.world, sink.pid)?.input.text.length ?? 0;
    case 'file':
      return 0;
  }
}
