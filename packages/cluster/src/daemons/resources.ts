import { parseIpv4 } from '@lvscope/inet';
import type { Host } from '@lvscope/net';
import { type HeartbeatResource, parsePrefix } from '@lvscope/syntax';
import { execute } from '../execute.ts';
import { readFile } from '../files.ts';
import { type DaemonCall, DAEMONS, startDaemon, stopDaemon } from '../processes/daemons.ts';
import { journal } from '../processes/journal.ts';
import { startSync, stopSync } from '../sync.ts';
import { dropAddress, type MovingAddress, takeAddress } from './addresses.ts';
import { withArguments } from './script.ts';

/** Where heartbeat looks for a resource's script. */
const SCRIPT_FOLDERS = ['/etc/ha.d/resource.d', '/etc/init.d'];

export const hostOf = ({ world, process }: DaemonCall): Host => world.net.hostByName.get(process.host)!;

/** `192.168.1.6[/24][/eth0][/…]`; without an interface eth0. */
export function addressOf(argument: string): MovingAddress | undefined {
  const [quad = '', ...rest] = argument.split('/');
  const address = parseIpv4(quad);
  if (address === undefined) return undefined;
  const length = rest.find((word) => /^\d+$/.test(word)) ?? '32';
  const device = rest.find((word) => /^[a-z]/.test(word))?.replace(/:.*/, '') ?? 'eth0';
  const prefix = parsePrefix(`${quad}/${length}`);
  return prefix && { address, prefixLength: prefix.prefixLength, device };
}

/**
 * Runs a resource's script. `IPaddr` only puts the address on; `IPaddr2` also tells the segment:
 * those come back.
 * @returns the address that is to be announced, where there is one
 */
export function startResource(call: DaemonCall, resource: HeartbeatResource): MovingAddress | undefined {
  const { world, process } = call;
  const { script, args } = resource;
  journal(world, process, `info: Running ${SCRIPT_FOLDERS[0]}/${[script, ...args].join(' ')} start`);
  switch (script) {
    case 'IPaddr':
    case 'IPaddr2': {
      const vip = addressOf(args[0] ?? '');
      if (vip === undefined) return undefined;
      takeAddress(world, hostOf(call), vip);
      return script === 'IPaddr2' ? vip : undefined;
    }
    case 'LVSSyncDaemonSwap':
      stopSync(world, process.host, 'backup');
      startSync(world, process.host, 'master', args[1] ?? 'eth0', Number(args[2] ?? 0));
      return undefined;
    default:
      if (DAEMONS.has(script)) startDaemon(world, call.programs, process.host, script, args);
      else runScript(call, script, args);
      return undefined;
  }
}

/**
 * The lines of a script that people wrote, one after the other; `$1` and so on are the resource's
 * arguments.
 */
function runScript(call: DaemonCall, script: string, args: readonly string[]): void {
  const { world, programs, process } = call;
  const text = SCRIPT_FOLDERS.map((folder) => readFile(world, process.host, `${folder}/${script}`)).find(
    (one) => one !== undefined,
  );
  if (text === undefined) {
    journal(world, process, `ERROR: Cannot locate resource script ${script}`);
    return;
  }
  for (const line of text.split('\n')) {
    if (/^\s*(#.*)?$/.test(line)) continue;
    const filled = withArguments(line, args).trim();
    execute(world, programs, process.host, filled, 'daemon', { parent: process.pid });
  }
}

export function stopResource(call: DaemonCall, resource: HeartbeatResource): void {
  const { world, programs, process } = call;
  const { script, args } = resource;
  journal(world, process, `info: Running ${SCRIPT_FOLDERS[0]}/${[script, ...args].join(' ')} stop`);
  switch (script) {
    case 'IPaddr':
    case 'IPaddr2': {
      const vip = addressOf(args[0] ?? '');
      if (vip !== undefined) dropAddress(world, hostOf(call), vip);
      return;
    }
    case 'LVSSyncDaemonSwap':
      stopSync(world, process.host, 'master');
      startSync(world, process.host, 'backup', args[1] ?? 'eth0', Number(args[2] ?? 0));
      return;
    default:
      if (DAEMONS.has(script)) stopDaemon(world, programs, process.host, script);
  }
}
