import { schedule, type SimTime } from '@lvscope/des';
import { forgetTyped } from './boot.ts';
import { EVENT_BOOT } from './events.ts';
import { execute } from './execute.ts';
import { signalProcess } from './processes/daemons.ts';
import { processesOf } from './processes/table.ts';
import type { Programs } from './programs.ts';
import { setPower, setService } from './server/control.ts';
import { setUpLines } from './set-up.ts';
import { ACCEPTED, type Outcome, type World } from './world.ts';

/** From `reboot` until the machine is there again, seconds: firmware, kernel and init. */
export const BOOT_SECONDS = 30;

/**
 * Switches a host on: it comes up as its part of the scenario says, with its server programs running, and
 * its init runs the commands of the set-up and loads the rules. What was typed since is lost; files stay.
 */
export function bootHost(world: World, programs: Programs, hostName: string): Outcome {
  const host = world.net.hostByName.get(hostName);
  if (host === undefined) return { ok: false, reason: `no host is called ${hostName}` };
  world.bootsAt.delete(host.id);
  if (host.power) return ACCEPTED;
  forgetTyped(world, host);
  setPower(world, hostName, true);
  for (const line of setUpLines(world.scenario.hosts[host.id]!)) {
    execute(world, programs, hostName, line, 'setup');
  }
  return ACCEPTED;
}

/**
 * `reboot`: daemons are told to stop, and say goodbye; server programs close their connections; then the
 * power goes, and comes back after BOOT_SECONDS.
 * @param force `reboot -f`: nobody is told
 * @param spared the group of the command line that does it
 */
export function rebootHost(
  world: World,
  programs: Programs,
  hostName: string,
  { force, spared }: { readonly force: boolean; readonly spared: number },
): Outcome {
  const host = world.net.hostByName.get(hostName);
  if (host === undefined) return { ok: false, reason: `no host is called ${hostName}` };
  if (!force) {
    for (const { kind, pid } of processesOf(world, hostName)) {
      if (kind === 'daemon') signalProcess(world, programs, pid, 'TERM');
    }
    for (const server of world.servers) {
      if (server.hostName === hostName) setService(world, hostName, server.name, 'stop');
    }
  }
  setPower(world, hostName, false, spared);
  const at = (world.sim.now + BOOT_SECONDS * 1e9) as SimTime;
  world.bootsAt.set(host.id, at);
  schedule(world.sim, at, EVENT_BOOT, host.id, 0);
  return ACCEPTED;
}

/** The time of a boot has come, unless somebody has switched the host on or off since. */
export function bootDue(world: World, programs: Programs, hostId: number): void {
  if (world.bootsAt.get(hostId) === world.sim.now) bootHost(world, programs, world.net.hosts[hostId]!.name);
}
