import type { IpvsadmCommand, IpvsadmRefusal } from './ipvsadm-command.ts';
import { parseIpvsadm } from './ipvsadm-parse.ts';
import { NO_PORT_NAMES } from './port-names.ts';
import type { PortName } from './port-names.ts';
import { shown } from './problem.ts';
import type { PlacedWord, Position, Problem } from './problem.ts';
import { splitConfigLines } from './config-lines.ts';

/** Limits on a pasted rule file: beyond them reading stops with one clear problem. */
export const MAX_RULES_CHARACTERS = 5_000_000;
export const MAX_RULES_SERVERS = 10_000;
/** Problems that are listed before reading stops. */
export const MAX_RULES_PROBLEMS = 200;

export interface PlacedCommand extends Position {
  readonly command: IpvsadmCommand;
}

/** What a rule file says: its commands, and everything that is wrong with it. */
export interface RulesFile {
  readonly commands: readonly PlacedCommand[];
  readonly problems: readonly Problem[];
}

/**
 * Reads `ipvsadm -S` output or a script of ipvsadm lines: one command a line, the leading word `ipvsadm`
 * (or a path to it) and `sudo` optional, comments, blank lines, quotes, a backslash at a line's end, CRLF
 * and a byte order mark. Takes any text whatever and never throws.
 */
export function parseRules(text: string, names: readonly PortName[] = NO_PORT_NAMES): RulesFile {
  const commands: PlacedCommand[] = [];
  const problems: Problem[] = [];
  if (text.length > MAX_RULES_CHARACTERS) {
    const found = `${text.length} characters`;
    problems.push({ line: 1, column: 1, found, wanted: `at most ${MAX_RULES_CHARACTERS} characters` });
    return { commands, problems };
  }
  let servers = 0;
  for (const line of splitConfigLines(text)) {
    if (problems.length >= MAX_RULES_PROBLEMS) {
      const first = line.words[0] ?? { line: 1, column: 1 };
      const wanted = `at most ${MAX_RULES_PROBLEMS} problems; the rest was not read`;
      problems.push({ line: first.line, column: first.column, found: 'more lines', wanted });
      break;
    }
    if (line.problem) {
      problems.push(line.problem);
      continue;
    }
    const words = withoutProgram(line.words);
    const first = words[0];
    if (!first) continue;
    const read = parseIpvsadm(words, names);
    if (!read.ok) {
      problems.push(problemOf(read.refusal, words));
      continue;
    }
    if (read.command.kind === 'add-server' && ++servers > MAX_RULES_SERVERS) {
      const wanted = `at most ${MAX_RULES_SERVERS} servers; the rest was not read`;
      problems.push({ line: first.line, column: first.column, found: 'one more server', wanted });
      break;
    }
    commands.push({ command: read.command, line: first.line, column: first.column });
  }
  return { commands, problems };
}

/** The words behind `sudo /sbin/ipvsadm`. */
function withoutProgram(words: readonly PlacedWord[]): readonly PlacedWord[] {
  const rest = words[0]?.text === 'sudo' ? words.slice(1) : words;
  return /^(\/\S*\/)?ipvsadm$/.test(rest[0]?.text ?? '') ? rest.slice(1) : rest;
}

/** The place and the cure of a refused command. */
export function problemOf(refusal: IpvsadmRefusal, words: readonly PlacedWord[]): Problem {
  const word = words[refusal.word];
  const last = words[words.length - 1];
  const end = last ? { line: last.line, column: last.column + last.text.length } : { line: 1, column: 1 };
  return {
    line: word?.line ?? end.line,
    column: word?.column ?? end.column,
    found: word ? shown(word.text) : 'the end of the line',
    wanted: `${refusal.wanted} (ipvsadm: ${shown(refusal.err.trim())})`,
  };
}
