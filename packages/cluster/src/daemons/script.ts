import { readFile } from '../files.ts';
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
