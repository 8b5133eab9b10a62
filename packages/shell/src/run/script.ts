import type { World } from '@lvscope/cluster';
import type { PlacedWord } from '@lvscope/syntax';
import { openFile } from '../files.ts';

/** What a command that names a script runs; or why it cannot, and with which exit code. */
export type NamedScript =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly rc: number; readonly fault: string };

const SHELLS = ['sh', 'bash', 'dash'];

/**
 * `sh -c LINE`, `sh FILE`, `sh` with its input, or a file by its path, each with arguments. Files have no
 * modes here: whatever is there may be run.
 * @param called the word as it was typed; `name`: without the folders of programs
 * @param input what is piped into the command
 * @returns undefined where that is no script
 */
export function scriptNamed(
  world: World,
  host: string,
  called: string,
  name: string,
  args: readonly PlacedWord[],
  input: string,
): NamedScript | undefined {
  const [first, ...rest] = args.map(({ text }) => text);
  if (!SHELLS.includes(name)) {
    if (!called.includes('/')) return undefined;
    const file = openFile(world, host, withoutDot(called));
    if (!file.ok) return { ok: false, rc: 127, fault: `bash: ${called}: ${file.fault}` };
    return {
      ok: true,
      text: withArguments(
        file.text,
        called,
        args.map(({ text }) => text),
      ),
    };
  }
  if (first === undefined) return { ok: true, text: input };
  if (first === '-c') {
    const [line, zeroth = name, ...others] = rest;
    if (line === undefined) {
      return { ok: false, rc: 2, fault: `${name}: -c: option requires an argument` };
    }
    return { ok: true, text: withArguments(line, zeroth, others) };
  }
  if (first.startsWith('-')) return { ok: false, rc: 2, fault: `${name}: ${first}: invalid option` };
  const file = openFile(world, host, withoutDot(first));
  if (!file.ok) return { ok: false, rc: 127, fault: `${name}: ${first}: ${file.fault}` };
  return { ok: true, text: withArguments(file.text, first, rest) };
}

const withoutDot = (path: string): string => path.replace(/^\.\//, '');

/** `$0` to `$9`, `$#`, `$@` and `$*` of a script's text are what it was called with. */
const withArguments = (text: string, called: string, args: readonly string[]): string =>
  text.replaceAll(/\$([\d#@*])/g, (_, which: string) => {
    if (which === '#') return String(args.length);
    if (which === '@' || which === '*') return args.join(' ');
    return [called, ...args][Number(which)] ?? '';
  });
