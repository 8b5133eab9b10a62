import { hostNamed, interfaceByName, type NetInterface, setNetem } from '@lvscope/cluster';
import type { CommandResult } from '@lvscope/cluster';
import { DONE, failed, said, textsOf } from '../program.ts';
import type { Call, Program } from '../program.ts';

const USAGE =
  'Usage: tc qdisc [ add | del | replace | change | show ] dev STRING ' +
  'root netem [ delay TIME ] [ loss PERCENT ]';

interface Netem {
  readonly delayNs: number;
  readonly loss: number;
}

/** `tc qdisc add|change|replace|del|show dev D root [netem delay N loss P]`: what the device sends. */
function tc(call: Call): CommandResult {
  const words = textsOf(call);
  const [object, verb = 'show'] = words;
  const host = hostNamed(call.world, call.host);
  if (object !== 'qdisc' || host === undefined) return failed(1, USAGE);
  const dev = words[words.indexOf('dev') + 1] ?? '';
  const nic = words.includes('dev') ? interfaceByName(host, dev) : undefined;
  if (words.includes('dev') && nic === undefined) return failed(1, `Cannot find device "${dev}"`);
  if (verb === 'show' || verb === 'list') {
    const shown = nic === undefined ? host.interfaces : [nic];
    return said(shown.map((one) => qdiscText(one, nic === undefined)).join(''));
  }
  if (nic === undefined) return failed(1, USAGE);
  const set = nic.netemDelayNs > 0 || nic.netemLoss > 0;
  if (verb === 'del' || verb === 'delete') {
    if (!set) return failed(2, 'Error: Cannot delete qdisc with handle of zero.');
    setNetem(call.world.net, nic, 0, 0);
    return DONE;
  }
  if (!['add', 'change', 'replace'].includes(verb) || !words.includes('netem')) return failed(1, USAGE);
  const netem = readNetem(words.slice(words.indexOf('netem') + 1));
  if (typeof netem === 'string') return failed(1, netem);
  if (verb === 'add' && set) return failed(2, 'Error: Exclusivity flag on, cannot modify.');
  setNetem(call.world.net, nic, netem.delayNs, netem.loss);
  return DONE;
}

/** @returns what is wrong with the words, where they are none of netem's that are simulated */
function readNetem(words: readonly string[]): Netem | string {
  let [delayNs, loss] = [0, 0];
  for (let i = 0; i < words.length; i += 2) {
    const [name = '', value = ''] = words.slice(i);
    if (name === 'delay' || name === 'latency') {
      const found = nanoseconds(value);
      if (found === undefined) return `Illegal "latency"`;
      delayNs = found;
    } else if (name === 'loss' || name === 'drop') {
      if (value === 'random') i++;
      const found = share(value === 'random' ? (words[i + 1] ?? '') : value);
      if (found === undefined) return `Illegal "loss percent"`;
      loss = found;
    } else return `What is "${name}"?\n${USAGE}`;
  }
  return { delayNs, loss };
}

function nanoseconds(text: string): number | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,6})?)(us|usecs?|ms|msecs?|s|secs?)?$/.exec(text);
  if (match === null) return undefined;
  const unit = (match[2] ?? 'us').replace(/ecs?$/, '');
  return Math.floor(Number(match[1]) * (unit === 's' ? 1e9 : unit === 'ms' ? 1e6 : 1e3));
}

function share(text: string): number | undefined {
  const match = /^(\d{1,3}(?:\.\d{1,6})?)%?$/.exec(text);
  const percent = Number(match?.[1] ?? Number.NaN);
  return percent >= 0 && percent <= 100 ? percent / 100 : undefined;
}

function qdiscText({ name, segment, netemDelayNs, netemLoss }: NetInterface, withName: boolean): string {
  const dev = withName ? `dev ${name} ` : '';
  if (netemDelayNs === 0 && netemLoss === 0) {
    return segment < 0
      ? `qdisc noqueue 0: ${dev}root refcnt 2 \n`
      : `qdisc fq_codel 0: ${dev}root refcnt 2 \n`;
  }
  const delay = netemDelayNs > 0 ? ` delay ${timeText(netemDelayNs)}` : '';
  const loss = netemLoss > 0 ? ` loss ${Number((netemLoss * 100).toFixed(6))}%` : '';
  return `qdisc netem 8001: ${dev}root refcnt 2 limit 1000${delay}${loss}\n`;
}

/** As iproute2 prints times. */
function timeText(ns: number): string {
  if (ns >= 1e9) return `${Number((ns / 1e9).toFixed(3))}s`;
  return ns >= 1e6 ? `${Number((ns / 1e6).toFixed(3))}ms` : `${Number((ns / 1e3).toFixed(3))}us`;
}

export const TC_PROGRAMS: readonly (readonly [string, Program])[] = [['tc', tc]];
