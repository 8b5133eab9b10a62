import { setPower, setService } from '@lvscope/cluster';
import type { CommandResult, Server, ServiceAction } from '@lvscope/cluster';
import { DONE, failed, said, textsOf } from '../program.ts';
import type { Call, Program } from '../program.ts';

/** Names that stand for whatever web server a host runs. */
const WEB_SERVERS = new Set(['httpd', 'apache2', 'apache', 'nginx', 'lighttpd']);

function serversOf(call: Call): readonly Server[] {
  return call.world.servers.filter((server) => server.hostName === call.host);
}

/** The names, as the scenario has them, of the services that a name on the command line means. */
function meant(call: Call, asked: string): string[] {
  const name = asked.replace(/\.service$/, '');
  const names = [...new Set(serversOf(call).map((server) => server.name))];
  if (names.includes(name)) return [name];
  return WEB_SERVERS.has(name) ? names : [];
}

function act(call: Call, name: string, action: ServiceAction): boolean {
  const found = meant(call, name);
  for (const one of found) setService(call.world, call.host, one, action);
  return found.length > 0;
}

/** `systemctl start|stop|restart|status NAME`: a stopped server refuses connections. */
function systemctl(call: Call): CommandResult {
  const [verb, name] = textsOf(call);
  if (
    verb === undefined ||
    name === undefined ||
    !['start', 'stop', 'restart', 'status', 'is-active'].includes(verb)
  ) {
    return failed(1, 'usage: systemctl start|stop|restart|status|is-active NAME');
  }
  const unit = name.includes('.') ? name : `${name}.service`;
  const found = meant(call, name);
  if (verb === 'status' || verb === 'is-active') return unitState(call, verb, unit, found);
  if (found.length === 0)
    return failed(5, `Failed to ${verb} ${unit}: Unit ${unit} not ${verb === 'stop' ? 'loaded' : 'found'}.`);
  if (verb !== 'start') act(call, name, 'stop');
  if (verb !== 'stop') act(call, name, 'start');
  return DONE;
}

function unitState(call: Call, verb: string, unit: string, found: readonly string[]): CommandResult {
  if (found.length === 0) {
    return verb === 'status'
      ? failed(4, `Unit ${unit} could not be found.`)
      : { rc: 3, out: 'inactive\n', err: '' };
  }
  const up = serversOf(call).some((server) => found.includes(server.name) && server.state !== 'stopped');
  const rc = up ? 0 : 3;
  if (verb === 'is-active') return { rc, out: up ? 'active\n' : 'inactive\n', err: '' };
  return { rc, out: `* ${unit}\n     Active: ${up ? 'active (running)' : 'inactive (dead)'}\n`, err: '' };
}

/** `pkill -STOP|-CONT|-TERM|-KILL NAME`: a stopped process hangs, its kernel goes on accepting. */
function pkill(call: Call): CommandResult {
  const words = textsOf(call);
  const name = words.find((word) => !word.startsWith('-'));
  const signal = (words.find((word) => word.startsWith('-')) ?? '-TERM').replace(/^-(SIG)?/, '');
  const actions: Readonly<Record<string, ServiceAction>> = {
    STOP: 'hang',
    '19': 'hang',
    CONT: 'continue',
    '18': 'continue',
    TERM: 'stop',
    '15': 'stop',
    KILL: 'stop',
    '9': 'stop',
  };
  const action = Object.hasOwn(actions, signal) ? actions[signal] : undefined;
  if (name === undefined || action === undefined)
    return failed(2, 'usage: pkill -STOP|-CONT|-TERM|-KILL NAME');
  return act(call, name, action) ? DONE : { ...DONE, rc: 1 };
}

function power(on: boolean): Program {
  return (call) => {
    setPower(call.world, call.host, on, call.group);
    return DONE;
  };
}

/** Programs that start, stop, slow and cut off what runs on a host. */
/** Modules that LVS set-ups load. All that they bring is there from the start; tunl0 is, but down. */
const MODULES: readonly RegExp[] = [
  /^ip_vs(_(rr|wrr|lc|wlc|lblc|lblcr|dh|sh|sed|nq|mh|fo|ovf|twos|ftp|pe_sip))?$/,
  /^(ipip|dummy|nf_conntrack)$/,
  /^(iptable_(mangle|filter|nat)|xt_(mark|MARK|multiport|tcpudp))$/,
];

/** `modprobe [-a] MODULE…` */
function modprobe(call: Call): CommandResult {
  const names = textsOf(call).filter((word) => !word.startsWith('-'));
  if (names.length === 0) return failed(1, 'modprobe: ERROR: missing parameters. See -h.');
  const known = (name: string): boolean => MODULES.some((module) => module.test(name.replaceAll('-', '_')));
  const unknown = names.find((name) => !known(name));
  if (unknown === undefined) return DONE;
  return failed(1, `modprobe: FATAL: Module ${unknown} not found in directory /lib/modules`);
}

export const MACHINE_PROGRAMS: readonly (readonly [string, Program])[] = [
  ['hostname', (call) => said(`${call.host}\n`)],
  ['modprobe', modprobe],
  ['systemctl', systemctl],
  ['pkill', pkill],
  ['poweroff', power(false)],
  ['poweron', power(true)],
];
