import { advance, commands, execute } from '@lvscope/cluster';
import type { World } from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import { programs } from '../programs.ts';
import { smallWorld } from './small-world.ts';

/** A world of frames whose workload sends nothing before its tenth second is over. */
export const quietWorld = (): World => {
  const world = smallWorld('packet', programs);
  world.workloads[0]!.concurrency = 0;
  return world;
};

/** A line typed on a host, and what the log has of it after so many seconds: text, then `[rc]`. */
export function typed(line: string, host: string, seconds: number, world: World = quietWorld()): string {
  execute(world, programs, host, line);
  const at = world.commands.length - 1;
  advance(world, programs, (world.sim.now + seconds * 1e9) as SimTime);
  const record = commands(world, at)[0];
  return `${record?.out}${record?.err}[${record?.rc}]`;
}
