import { hostNamed, setWorkload } from '@lvscope/cluster';
import type { CommandResult, Workload, WorkloadChange } from '@lvscope/cluster';
import { formatIpv4 } from '@lvscope/inet';
import { failed, said, textsOf } from '../program.ts';
import type { Call } from '../program.ts';

const HELP = `loadgen: the load that this client makes
  loadgen show [NAME]                              what runs, and what came of it
  loadgen set [NAME] sources N                     N client addresses, 1 to 65536
  loadgen set [NAME] concurrency N                 N users at once (closed loop)
  loadgen set [NAME] rate N                        N pages a second (open loop)
  loadgen set [NAME] keepalive on|off              many requests on one connection, or one
  loadgen set [NAME] requests-per-connection N     how many, with keepalive on
  loadgen start|stop [NAME]                        let it run, let it rest
NAME may be left out where the host has one workload.
`;

/** The load generator of client hosts: a program of this product, not of a real machine. */
export function loadgen(call: Call): CommandResult {
  const [verb = 'show', ...words] = textsOf(call);
  if (['help', '-h', '--help'].includes(verb)) return said(HELP);
  const here = workloadsOf(call);
  if (here.length === 0) return failed(1, `loadgen: ${call.host} makes no load`);
  switch (verb) {
    case 'show':
      return show(here, words[0]);
    case 'set':
      return set(call, here, words);
    case 'start':
    case 'stop':
      return run(call, here, words, { running: verb === 'start' });
    default:
      return failed(2, `loadgen: ${verb} is not understood: wanted show, set, start, stop or help`);
  }
}

function workloadsOf(call: Call): Workload[] {
  const host = hostNamed(call.world, call.host);
  return call.world.workloads.filter((workload) => workload.host === host?.id);
}

function nobody(name: string, here: readonly Workload[]): CommandResult {
  const known = here.map((workload) => workload.name).join(' or ');
  return failed(1, `loadgen: no workload is called ${name} here: wanted ${known}`);
}

function show(here: readonly Workload[], name: string | undefined): CommandResult {
  const asked = here.filter((workload) => name === undefined || workload.name === name);
  return asked.length === 0 ? nobody(name ?? '', here) : said(asked.map(describe).join(''));
}

function describe(workload: Workload): string {
  const { spec } = workload;
  const per = workload.requestsPerConnection;
  const speed =
    spec.kind === 'closed' ? `concurrency ${workload.concurrency}` : `rate ${workload.ratePerSecond} pages/s`;
  const failures = Object.entries(workload.failures)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `, ${count} ${kind}`);
  const last = formatIpv4((workload.firstSource + workload.sources - 1) as typeof workload.firstSource);
  const rows = [
    ['to', spec.targets.join(' ')],
    ['sources', `${workload.sources} (${formatIpv4(workload.firstSource)} to ${last})`],
    [spec.kind === 'closed' ? 'closed loop' : 'open loop', speed],
    ['keepalive', workload.keepAlive ? 'on' : 'off'],
    ['requests-per-connection', per.kind === 'constant' ? String(per.value) : per.kind],
    ['requests', `${workload.started} begun, ${workload.succeeded} answered${failures.join('')}`],
  ];
  const lines = rows.map(([label = '', text = '']) => `  ${label.padEnd(24)}${text}\n`);
  return `${workload.name}: ${workload.running ? 'running' : 'stopped'}\n${lines.join('')}`;
}

const SETTINGS = 'sources, concurrency, rate, keepalive or requests-per-connection';

function set(call: Call, here: readonly Workload[], words: readonly string[]): CommandResult {
  const named = here.some((workload) => workload.name === words[0]) && words.length === 3;
  const [setting = '', value = ''] = named ? words.slice(1) : words;
  if (words.length !== (named ? 3 : 2))
    return failed(2, `loadgen: wanted set [NAME] and ${SETTINGS}, and a value`);
  const change = changeOf(setting, value);
  if (typeof change === 'string') return failed(2, `loadgen: ${change}`);
  return run(call, here, named ? words.slice(0, 1) : [], change);
}

/** The change, or what is wrong with it. */
function changeOf(setting: string, value: string): WorkloadChange | string {
  const number = /^\d{1,9}(\.\d{1,9})?$/.test(value) ? Number(value) : undefined;
  if (setting === 'keepalive') {
    return value === 'on' || value === 'off'
      ? { keepAlive: value === 'on' }
      : `keepalive ${value}: wanted on or off`;
  }
  if (!['sources', 'concurrency', 'rate', 'requests-per-connection'].includes(setting)) {
    return `${setting} is not understood: wanted ${SETTINGS}`;
  }
  if (number === undefined) return `${setting} ${value}: wanted a number`;
  switch (setting) {
    case 'sources':
      return { sources: number };
    case 'concurrency':
      return { concurrency: number };
    case 'rate':
      return { ratePerSecond: number };
    default:
      return { requestsPerConnection: number };
  }
}

function run(
  call: Call,
  here: readonly Workload[],
  words: readonly string[],
  change: WorkloadChange,
): CommandResult {
  const [name] = words;
  const [first] = here;
  if (name === undefined && here.length > 1) {
    return failed(2, `loadgen: which one: ${here.map((workload) => workload.name).join(' or ')}?`);
  }
  const workload = name === undefined ? first : here.find((one) => one.name === name);
  if (!workload) return nobody(name ?? '', here);
  const { kind } = workload.spec;
  if (change.concurrency !== undefined && kind !== 'closed')
    return failed(1, 'loadgen: an open loop has a rate, no concurrency');
  if (change.ratePerSecond !== undefined && kind !== 'open')
    return failed(1, 'loadgen: a closed loop has a concurrency, no rate');
  const outcome = setWorkload(call.world, workload.name, change);
  return outcome.ok ? said(describe(workload)) : failed(1, `loadgen: ${outcome.reason}`);
}
