import { DAEMONS, setService, signalProcess, startDaemon, stopDaemon } from '@lvscope/cluster';
import type { CommandResult } from '@lvscope/cluster';
import { DONE, failed, said, textsOf } from '../program.ts';
import type { Call, Program } from '../program.ts';
import { daemonOf, serversMeant, serversOf } from './processes.ts';

const VERBS = ['start', 'stop', 'restart', 'reload', 'status', 'is-active'] as const;
type Verb = (typeof VERBS)[number];

const verbOf = (text: string | undefined): Verb | undefined => VERBS.find((verb) => verb === text);

/** `systemctl VERB UNIT`: server programs of the scenario, and daemons. A stopped server refuses. */
export const systemctl: Program = (call) => {
  const words = textsOf(call).filter((word) => !word.startsWith('-'));
  const verb = verbOf(words[0]);
  const name = words[1]?.replace(/\.service$/, '');
  if (verb === undefined) {
    return failed(1, `Unknown command verb ${words[0] ?? ''}.`.replace(' .', '.'));
  }
  if (name === undefined) return failed(1, 'Too few arguments.');
  return control(call, verb, name);
};

/** `service NAME VERB`, `/etc/init.d/NAME VERB`: as systems before systemd had it. */
export const service: Program = (call) => {
  const [name, word] = textsOf(call);
  const verb = verbOf(word);
  if (name === undefined || verb === undefined) {
    return failed(
      1,
      'Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]',
    );
  }
  return control(call, verb, name);
};

function control(call: Call, verb: Verb, name: string): CommandResult {
  const servers = serversMeant(call, name);
  const unit = name.includes('.') ? name : `${name}.service`;
  if (servers.length > 0) return controlServers(call, verb, unit, servers);
  if (DAEMONS.has(name)) return controlDaemon(call, verb, unit, name);
  if (verb === 'status') return failed(4, `Unit ${unit} could not be found.`);
  if (verb === 'is-active') return { rc: 3, out: 'inactive\n', err: '' };
  return failed(5, `Failed to ${verb} ${unit}: Unit ${unit} not ${verb === 'stop' ? 'loaded' : 'found'}.`);
}

function controlServers(call: Call, verb: Verb, unit: string, names: readonly string[]): CommandResult {
  if (verb === 'status' || verb === 'is-active') {
    const up = serversOf(call).some((server) => names.includes(server.name) && server.state !== 'stopped');
    return shown(verb, unit, up, []);
  }
  for (const name of names) {
    if (verb === 'stop' || verb === 'restart') setService(call.world, call.host, name, 'stop');
    if (verb === 'start' || verb === 'restart') setService(call.world, call.host, name, 'start');
  }
  return DONE;
}

function controlDaemon(call: Call, verb: Verb, unit: string, name: string): CommandResult {
  const { world, programs, host } = call;
  const running = daemonOf(call, name);
  switch (verb) {
    case 'status':
    case 'is-active': {
      const lines =
        running === undefined
          ? []
          : (DAEMONS.get(name)?.status?.({ world, programs, process: running }) ?? []);
      const pid = running === undefined ? [] : [`   Main PID: ${running.pid} (${name})`];
      return shown(verb, unit, running !== undefined, [...pid, ...lines]);
    }
    case 'reload':
      if (running === undefined) return failed(1, `${unit} is not active, cannot reload.`);
      signalProcess(world, programs, running.pid, 'HUP');
      return DONE;
    case 'stop':
      stopDaemon(world, programs, host, name);
      return DONE;
    case 'start':
      if (running !== undefined) return DONE;
      break;
    case 'restart':
      stopDaemon(world, programs, host, name);
      break;
  }
  const started = startDaemon(world, programs, host, name);
  if (started.ok) return DONE;
  const why = `Job for ${unit} failed because the control process exited with error code.`;
  return failed(
    1,
    `${started.reason}\n${why}\nSee "systemctl status ${unit}" and "journalctl -xeu ${unit}" for details.`,
  );
}

function shown(
  verb: 'status' | 'is-active',
  unit: string,
  up: boolean,
  more: readonly string[],
): CommandResult {
  const rc = up ? 0 : 3;
  if (verb === 'is-active') return { rc, out: up ? 'active\n' : 'inactive\n', err: '' };
  const state = `     Active: ${up ? 'active (running)' : 'inactive (dead)'}\n`;
  return { ...said(`* ${unit}\n${state}${more.map((line) => `${line}\n`).join('')}`), rc };
}

/** A daemon that is begun by its own name: `keepalived -f /etc/keepalived/keepalived.conf`. */
export const daemonByName = (call: Call, name: string): CommandResult => {
  const started = startDaemon(call.world, call.programs, call.host, name, textsOf(call));
  return started.ok ? DONE : failed(1, started.reason);
};
