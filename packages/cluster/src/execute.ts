import { noteAddresses } from './machines.ts';
import type { CommandResult, Programs } from './programs.ts';
import type { CommandRecord } from './view.ts';
import type { World } from './world.ts';

/** Of a command's text, this much is kept in the log; its result carries all of it. */
const LOGGED_TEXT = 20_000;

/** Carries a command line out on a host at the present instant, and writes it into the log. */
export function execute(
  world: World,
  programs: Programs,
  host: string,
  commandLine: string,
  origin: CommandRecord['origin'] = 'user',
): CommandResult {
  const result = world.net.hostByName.has(host)
    ? programs.run(world, host, commandLine)
    : { rc: 255, out: '', err: `no host is called ${host}\n` };
  noteAddresses(world, host);
  world.commands.push({
    at: world.sim.now,
    host,
    command: commandLine,
    rc: result.rc,
    out: result.out.slice(0, LOGGED_TEXT),
    err: result.err.slice(0, LOGGED_TEXT),
    origin,
  });
  return result;
}

/** The log from entry `from` on. */
export function commands(world: World, from = 0): CommandRecord[] {
  return world.commands.slice(from);
}
