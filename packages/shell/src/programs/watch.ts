import { setAlarm } from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import { quoteWord } from '@lvscope/syntax';
import { lasting } from '../run/lasting.ts';
import type { Lasting, Run } from '../run/lasting.ts';
import { clockOf } from './tcpdump/text.ts';

interface WatchState {
  readonly line: string;
  readonly everyNs: number;
  readonly every: string;
  readonly title: boolean;
}

/** Clears the screen and puts the cursor into its corner. */
const CLEAR = '\u001b[H\u001b[2J';
/** The screen that watch writes its first line for. */
const COLUMNS = 80;

/** procps' `watch [-n SECONDS] [-t] COMMAND`: until Ctrl-C. */
export const watch: Lasting = lasting<WatchState>({
  start: (run, args) => {
    const words = args.map(({ text }) => text);
    let seconds = '2';
    let title = true;
    while (words[0]?.startsWith('-')) {
      const word = words.shift() ?? '';
      if (word === '-t') title = false;
      else if (/^-[dbcex]$/.test(word)) continue;
      else if (word.startsWith('-n')) seconds = word.length > 2 ? word.slice(2) : (words.shift() ?? '');
      else return refuse(run, `watch: invalid option -- '${word.slice(1)}'`);
    }
    if (!/^\d{0,6}(\.\d{1,3})?$/.test(seconds) || seconds === '') {
      return refuse(run, `watch: failed to parse argument: '${seconds}': Invalid argument`);
    }
    if (words.length === 0) return refuse(run, '\nUsage:\n watch [options] command');
    // one word is a line of its own, several are quoted by the shell that began them
    const line = words.length === 1 ? (words[0] ?? '') : words.map(quoteWord).join(' ');
    const every = Math.max(0.1, Number(seconds));
    const state = { line, everyNs: Math.round(every * 1e9), every: every.toFixed(1), title };
    draw(run, state);
    return state;
  },
  wake: (run, state) => {
    draw(run, state);
  },
});

function refuse(run: Run, text: string): undefined {
  run.complain(`${text}\n`);
  run.exit(1);
  return undefined;
}

function draw(run: Run, { line, everyNs, every, title }: WatchState): void {
  const { world, host, programs } = run;
  const left = `Every ${every}s: ${line}`;
  const right = `${host}: ${clockOf(world.sim.now).slice(0, 8)}`;
  const head = title ? `${left}${right.padStart(Math.max(right.length + 2, COLUMNS - left.length))}\n\n` : '';
  const { out, err } = programs.run(world, host, line);
  run.print(`${run.onTerminal ? CLEAR : ''}${head}${out}${err}`);
  setAlarm(world, run.process, (world.sim.now + everyNs) as SimTime);
}
