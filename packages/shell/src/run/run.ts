import type { Process } from '@lvscope/cluster';
import { emit, endCommand } from './ends.ts';
import type { Run } from './lasting.ts';
import type { Machine } from './machine.ts';

/** What a program that takes time may do, for one process. */
export function runOf(machine: Machine, process: Process): Run {
  const say = (fd: 'out' | 'err') => (text: string) => {
    if (process.status !== 'exited') emit(machine, process, process[fd], text);
  };
  return {
    world: machine.world,
    host: process.host,
    programs: machine.programs,
    names: machine.tools.names,
    process,
    onTerminal: process.terminal !== 0 && process.out.kind === 'log',
    print: say('out'),
    complain: say('err'),
    exit: (rc) => {
      endCommand(machine, process, rc);
    },
  };
}
