import { hostNamed } from '@lvscope/cluster';
import type { CommandResult, World } from '@lvscope/cluster';
import { parseShellLine } from '@lvscope/syntax';
import type {
  ForLoop,
  PlacedWord,
  PortName,
  Redirect,
  ShellCommand,
  ShellScript,
  ShellWord,
} from '@lvscope/syntax';
import { expandWord as expand } from './expand.ts';
import { openFile, saveFile } from './files.ts';
import { DONE, failed } from './program.ts';
import type { Program } from './program.ts';
import type { Shell } from './shell.ts';

/** Commands that one line may start, loops counted through. */
const MOST_COMMANDS = 10_000;
/** Characters that one line may print, and that go through a pipe. */
const MOST_OUTPUT = 20_000_000;

/** Carries a command line out on a host at the world's present instant. */
export function runLine(
  world: World,
  host: string,
  line: string,
  programs: ReadonlyMap<string, Program>,
  names: readonly PortName[],
): CommandResult {
  const script = parseShellLine(line);
  if (!script.ok) {
    const { line: row, column, found, wanted } = script.problem;
    return failed(2, `bash: line ${row}, column ${column}: syntax error near ${found}: wanted ${wanted}`);
  }
  if (hostNamed(world, host)?.power === false && !/^\s*poweron\s*$/.test(line)) {
    return failed(255, `ssh: connect to host ${host} port 22: No route to host`);
  }
  const shell: Shell = {
    world,
    host,
    names,
    programs,
    variables: new Map([['HOSTNAME', host]]),
    lastRc: 0,
    commandsLeft: MOST_COMMANDS,
  };
  return runScript(shell, script.value, '');
}

const expandWord = (shell: Shell, word: ShellWord): string[] =>
  expand(shell, word, (script) => runScript(shell, script, '').out);

/** Runs the steps of a script one after the other. */
function runScript(shell: Shell, script: ShellScript, input: string): CommandResult {
  let out = '';
  let err = '';
  for (const { when, pipeline } of script.steps) {
    if (when === 'success' && shell.lastRc !== 0) continue;
    if (when === 'failure' && shell.lastRc === 0) continue;
    const result = runPipeline(shell, pipeline, input);
    out += result.out;
    err += result.err;
    if (out.length > MOST_OUTPUT)
      return { rc: 1, out: out.slice(0, MOST_OUTPUT), err: `${err}bash: too much output\n` };
  }
  return { rc: shell.lastRc, out, err };
}

function runPipeline(shell: Shell, pipeline: readonly ShellCommand[], input: string): CommandResult {
  let text = input;
  let err = '';
  let rc = 0;
  for (const command of pipeline) {
    const result = runCommand(shell, command, text);
    text = result.out;
    err += result.err;
    rc = result.rc;
  }
  shell.lastRc = rc;
  return { rc, out: text, err };
}

function runCommand(shell: Shell, command: ShellCommand, input: string): CommandResult {
  if (shell.commandsLeft-- <= 0) return failed(1, `bash: more than ${MOST_COMMANDS} commands in one line`);
  if (command.kind === 'for') return runLoop(shell, command, input);
  const read = readInput(shell, command.redirects, input);
  if ('rc' in read) return read;
  const words = command.words.flatMap((word) => expandPlaced(shell, word));
  return redirect(shell, command.redirects, runProgram(shell, words, read.text), words[0]?.text ?? '');
}

function expandPlaced(shell: Shell, word: ShellWord): PlacedWord[] {
  return expandWord(shell, word).map((text) => ({ text, line: word.line, column: word.column }));
}

function runProgram(shell: Shell, words: readonly PlacedWord[], input: string): CommandResult {
  const first = words[0];
  if (!first) return DONE;
  const assignment = /^([A-Za-z_]\w*)=(.*)$/s.exec(first.text);
  if (assignment?.[1] !== undefined && words.length === 1) {
    shell.variables.set(assignment[1], assignment[2] ?? '');
    return DONE;
  }
  if (first.text === 'sudo') return runProgram(shell, words.slice(1), input);
  const name = first.text.replace(/^\/(usr\/)?s?bin\//, '');
  const program = shell.programs.get(name);
  if (!program) return failed(127, `bash: ${first.text}: command not found`);
  const { world, host, names } = shell;
  return program({ world, host, names, input, args: words.slice(1) });
}

function runLoop(shell: Shell, loop: ForLoop, input: string): CommandResult {
  let out = '';
  let err = '';
  let rc = 0;
  for (const value of loop.words.flatMap((word) => expandWord(shell, word))) {
    shell.variables.set(loop.name, value);
    shell.lastRc = 0;
    const result = runScript(shell, loop.body, input);
    out += result.out;
    err += result.err;
    rc = result.rc;
    if (shell.commandsLeft <= 0 || out.length > MOST_OUTPUT) break;
  }
  return { rc, out, err };
}

function readInput(
  shell: Shell,
  redirects: readonly Redirect[],
  input: string,
): { readonly text: string } | CommandResult {
  let text = input;
  for (const entry of redirects) {
    if (entry.kind !== 'read') continue;
    const path = expandWord(shell, entry.target).join(' ');
    const file = openFile(shell.world, shell.host, path);
    if (!file.ok) return failed(1, `bash: ${path}: ${file.fault}`);
    text = file.text;
  }
  return { text };
}

interface Sink {
  readonly kind: 'out' | 'err' | 'file';
  readonly path: string;
  readonly append: boolean;
}

/** Sends a command's two outputs where its redirections say, read from left to right. */
function redirect(
  shell: Shell,
  redirects: readonly Redirect[],
  result: CommandResult,
  program: string,
): CommandResult {
  if (!redirects.some((entry) => entry.kind !== 'read')) return result;
  const sinks: Record<1 | 2, Sink> = {
    1: { kind: 'out', path: '', append: false },
    2: { kind: 'err', path: '', append: false },
  };
  for (const entry of redirects) {
    if (entry.kind === 'read') continue;
    if (entry.kind === 'join') sinks[entry.fd] = sinks[entry.to];
    else {
      const path = expandWord(shell, entry.target).join(' ');
      sinks[entry.fd] = { kind: 'file', path, append: entry.kind === 'append' };
    }
  }
  const written = new Map<string, { text: string; append: boolean }>();
  let out = '';
  let err = '';
  for (const [sink, text] of [
    [sinks[1], result.out],
    [sinks[2], result.err],
  ] as const) {
    if (sink.kind === 'out') out += text;
    else if (sink.kind === 'err') err += text;
    else {
      const before = written.get(sink.path)?.text ?? '';
      written.set(sink.path, { text: before + text, append: sink.append });
    }
  }
  let { rc } = result;
  for (const [path, { text, append }] of written) {
    // an empty output opens a setting's file and writes nothing to it
    if (text === '' && path.startsWith('/proc/')) continue;
    const fault = saveFile(shell.world, shell.host, path, text, append);
    if (!fault) continue;
    rc = 1;
    err +=
      fault === 'Invalid argument'
        ? `bash: ${program}: write error: ${fault}\n`
        : `bash: ${path}: ${fault}\n`;
  }
  return { rc, out, err };
}
