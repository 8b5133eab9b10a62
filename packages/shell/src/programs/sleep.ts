import { setAlarm } from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import { lasting } from '../run/lasting.ts';
import type { Lasting } from '../run/lasting.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };
/** Longer sleeps end with the world. Seconds. */
const LONGEST_SLEEP = 3e6;

/** `sleep NUMBER[smhd]…`: the sum of its arguments. */
export const sleep: Lasting = lasting<Record<string, never>>({
  start: (run, args) => {
    let seconds = 0;
    for (const { text } of args) {
      const match = /^(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})([smhd]?)$/.exec(text);
      if (!match) {
        run.complain(`sleep: invalid time interval ‘${text}’\nTry 'sleep --help' for more information.\n`);
        run.exit(1);
        return undefined;
      }
      seconds += Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1);
    }
    if (args.length === 0) {
      run.complain("sleep: missing operand\nTry 'sleep --help' for more information.\n");
      run.exit(1);
      return undefined;
    }
    const ns = Math.round(Math.min(seconds, LONGEST_SLEEP) * 1e9);
    if (ns === 0) run.exit(0);
    else setAlarm(run.world, run.process, (run.world.sim.now + ns) as SimTime);
    return {};
  },
  wake: (run) => {
    run.exit(0);
  },
});
