import type { Process } from '@lvscope/cluster';
import type { PlacedWord } from '@lvscope/syntax';
import { emit, endCommand } from './ends.ts';
import type { Machine } from './machine.ts';
import type { FilterState } from './state.ts';

/** How a program that reads its input gets on with a part of it; the others wait for the end. */
type Pace = 'whole' | 'lines' | { readonly first: number };

function paceOf(name: string, args: readonly PlacedWord[]): Pace {
  const flags = args.filter(({ text }) => /^-\w/.test(text)).map(({ text }) => text);
  switch (name) {
    case 'cat':
    case 'cut':
    case 'tr':
    case 'tee':
    case 'sed':
      return 'lines';
    case 'grep':
    case 'egrep':
      return flags.some((flag) => /^-\w*[cnm]/.test(flag)) ? 'whole' : 'lines';
    case 'head':
      return headPace(args);
    default:
      return 'whole';
  }
}

function headPace(args: readonly PlacedWord[]): Pace {
  const asked = /^(?:-n ?)?-?(\d{1,9})$|^$/.exec(args.map(({ text }) => text).join(' '));
  return asked ? { first: Number(asked[1] ?? 10) } : 'whole';
}

/** There is more to read, or the end has come. */
export function readFilter(machine: Machine, process: Process, state: FilterState): void {
  const pace = paceOf(process.name, state.args);
  const { input } = process;
  if (pace === 'whole' && !input.ended) return;
  const end = input.ended ? input.text.length : input.text.lastIndexOf('\n') + 1;
  let part = input.text.slice(0, end);
  input.text = input.text.slice(end);
  if (typeof pace === 'object') part = firstLines(part, pace.first - state.lines);
  if (part !== '' || (input.ended && state.rc === undefined)) work(machine, process, state, part);
  if (process.status === 'exited') return;
  const enough = typeof pace === 'object' ? state.lines >= pace.first : found(process, state);
  if (input.ended || enough) endCommand(machine, process, state.rc ?? 0);
}

/** `grep -q` needs no more than one line. */
const found = (process: Process, state: FilterState): boolean =>
  process.name.endsWith('grep') && state.rc === 0 && state.args.some(({ text }) => /^-\w*q/.test(text));

function firstLines(text: string, count: number): string {
  let end = 0;
  for (let i = 0; i < count; i++) {
    const next = text.indexOf('\n', end);
    if (next < 0) return text;
    end = next + 1;
  }
  return text.slice(0, end);
}

function work(machine: Machine, process: Process, state: FilterState, part: string): void {
  const { world, tools, programs } = machine;
  const { host, group } = process;
  const again = process.name === 'tee' && state.rc !== undefined;
  const args = again ? [{ text: '-a', line: 1, column: 1 }, ...state.args] : state.args;
  const program = tools.instant.get(process.name);
  const onTerminal = process.terminal !== 0 && process.out.kind === 'log';
  const call = { world, host, programs, names: tools.names, input: part, args, group, onTerminal };
  const result = program?.(call) ?? { rc: 127, out: '', err: '' };
  state.lines += part.split('\n').length - 1;
  // grep has found something where any part of its input had it
  state.rc = state.rc === 0 && process.name.endsWith('grep') ? 0 : result.rc;
  emit(machine, process, process.out, result.out);
  if (process.status !== 'exited') emit(machine, process, process.err, result.err);
}
