import { execute } from '../execute.ts';
import { readFile } from '../files.ts';
import type { DaemonCall } from '../processes/daemons.ts';
import type { World } from '../world.ts';

/** `$1` to `$9` of a script's text are what it was called with. */
export const withArguments = (text: string, args: readonly string[]): string =>
  text.replaceAll(/\$(\d)/g, (_, n: string) => args[Number(n) - 1] ?? '');

/**
 * What a shell is given for a daemon's script: the text of the host's file of that name, so that people can
 * say what a script does; of any other the line itself.
 */
export function scriptLine(world: World, host: string, line: string): string {
  const [path = '', ...args] = line.split(/\s+/);
  const text = readFile(world, host, path);
  return text === undefined ? line : withArguments(text, args);
}

/** A script is begun, and nobody waits for it. Of none, an empty line, nothing is. */
export function beginScript({ world, programs, process }: DaemonCall, line: string): void {
  if (line === '') return;
  execute(world, programs, process.host, scriptLine(world, process.host, line), 'daemon');
}
