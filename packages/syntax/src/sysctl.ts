import type { Parsed, PlacedWord } from './problem.ts';
import { parsed, refused, shown } from './problem.ts';

/** Where the kernel's settings are files. */
const ROOT = '/proc/sys/';

export type SysctlItem =
  | { readonly kind: 'read'; readonly key: string }
  | { readonly kind: 'write'; readonly key: string; readonly value: string };

/** `sysctl [-n] [-q] [-a] [-w] key… key=value…`; keys as paths below /proc/sys. */
export interface SysctlCommand {
  /** -n: values without keys. */
  readonly valuesOnly: boolean;
  /** -q: writes say nothing. */
  readonly quiet: boolean;
  /** -a: everything. */
  readonly all: boolean;
  readonly items: readonly SysctlItem[];
}

/**
 * The path below /proc/sys that a name stands for: whichever of dot and slash comes first parts the names,
 * the other is part of one (`net/ipv4/conf/eth0.100/arp_ignore` = `net.ipv4.conf.eth0/100.arp_ignore`).
 */
export function sysctlPath(name: string): string {
  const separator = /[./]/.exec(name)?.[0];
  if (separator !== '.') return name;
  return name.replace(/[./]/g, (char) => (char === '.' ? '/' : '.'));
}

/** The dotted name of a path, as sysctl(8) prints it. */
export function sysctlName(path: string): string {
  return path.replace(/[./]/g, (char) => (char === '/' ? '.' : '/'));
}

/** The path below /proc/sys that a file is, or undefined for other files. */
export function sysctlPathOfFile(file: string): string | undefined {
  const clean = file.replace(/\/{2,}/g, '/');
  return clean.startsWith(ROOT) && clean.length > ROOT.length ? clean.slice(ROOT.length) : undefined;
}

export const sysctlFile = (path: string): string => ROOT + path;

/** Reads the words behind `sysctl`. */
export function parseSysctl(words: readonly PlacedWord[]): Parsed<SysctlCommand> {
  let valuesOnly = false;
  let quiet = false;
  let all = false;
  let writesOnly = false;
  const items: SysctlItem[] = [];
  for (const word of words) {
    const { text } = word;
    if (/^-[anqwebN]+$/.test(text) && text !== '-N') {
      valuesOnly ||= text.includes('n') || text.includes('b');
      quiet ||= text.includes('q');
      all ||= text.includes('a');
      writesOnly ||= text.includes('w');
    } else if (text === '--write') writesOnly = true;
    else if (text === '--values') valuesOnly = true;
    else if (text === '--all') all = true;
    else if (text === '--quiet') quiet = true;
    else if (text.startsWith('-')) return refused(word, shown(text), '-n, -q, -a, -w, key or key=value');
    else {
      const equals = text.indexOf('=');
      if (equals < 0 && writesOnly) return refused(word, shown(text), 'key=value behind -w');
      const key = sysctlPath((equals < 0 ? text : text.slice(0, equals)).trim());
      if (key === '') return refused(word, shown(text), 'the name of a setting');
      items.push(
        equals < 0 ? { kind: 'read', key } : { kind: 'write', key, value: text.slice(equals + 1).trim() },
      );
    }
  }
  return parsed({ valuesOnly, quiet, all, items });
}

/** The words behind `sysctl`, which `parseSysctl` reads back. */
export function printSysctl(command: SysctlCommand): string[] {
  const flags = [command.valuesOnly && '-n', command.quiet && '-q', command.all && '-a'];
  const items = command.items.map((item) =>
    item.kind === 'read' ? sysctlName(item.key) : `${sysctlName(item.key)}=${item.value}`,
  );
  return [...flags.filter((flag) => flag !== false), ...items];
}
