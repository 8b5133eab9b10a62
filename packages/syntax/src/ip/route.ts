import { formatIpv4 } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';
import { formatPrefix } from '../prefix.ts';
import type { Prefix } from '../prefix.ts';
import type { Parsed, PlacedWord } from '../problem.ts';
import type { IpCommand, IpRoute } from './command.ts';
import {
  addressArgument,
  argument,
  deviceArgument,
  garbage,
  IpFault,
  nextWord,
  peekWord,
  prefixArgument,
  refuse,
  verbOf,
} from './reader.ts';
import type { IpReader } from './reader.ts';

const ROUTE_VERBS = {
  add: 'add',
  append: 'append',
  change: 'change',
  chg: 'change',
  replace: 'replace',
  delete: 'del',
  show: 'show',
  lst: 'show',
  list: 'show',
  get: 'get',
  flush: 'flush',
} as const;

export function readRouteCommand(reader: IpReader): IpCommand {
  const verb = verbOf(reader, 'route', ROUTE_VERBS, 'show');
  switch (verb) {
    case 'show':
    case 'flush':
      return readRouteQuery(reader, verb);
    case 'get': {
      if (peekWord(reader) === undefined) {
        reader.at++;
        refuse(reader, 'an IPv4 address', 1, 'need at least a destination address');
      }
      const { address } = prefixArgument(reader);
      while (['from', 'iif', 'oif', 'mark', 'tos'].includes(peekWord(reader) ?? '')) {
        reader.at++;
        argument(reader, 'a value');
      }
      const more = nextWord(reader);
      if (more !== undefined) garbage(reader, more, 'to');
      return { kind: 'route-get', address };
    }
    default:
      return { kind: `route-${verb}`, route: readRoute(reader) };
  }
}

/** Reads the text of one route, as in a scenario's `routes`. */
export function parseIpRoute(words: readonly PlacedWord[]): Parsed<IpRoute> {
  const reader: IpReader = { words, at: 0 };
  try {
    return { ok: true, value: readRoute(reader) };
  } catch (fault) {
    if (fault instanceof IpFault) return { ok: false, problem: fault.refusal.problem };
    throw fault;
  }
}

const TYPES = ['unicast', 'local', 'unreachable', 'blackhole', 'prohibit', 'throw'] as const;
const OTHER_TYPES = new Set(['broadcast', 'multicast', 'nat']);

function readRoute(reader: IpReader): IpRoute {
  let type: IpRoute['type'] = 'unicast';
  let destination: Prefix | undefined;
  let via: Ipv4 | undefined;
  let dev: string | undefined;
  let source: Ipv4 | undefined;
  for (let word = nextWord(reader); word !== undefined; word = nextWord(reader)) {
    if (word === 'via') {
      if (peekWord(reader) === 'inet') reader.at++;
      via = addressArgument(reader);
    } else if (word === 'dev' || word === 'oif') dev = deviceArgument(reader);
    else if (word === 'src') source = addressArgument(reader);
    else if (['metric', 'scope', 'proto', 'protocol', 'table', 'mtu', 'advmss'].includes(word)) {
      argument(reader, 'a value');
    } else if (word === 'onlink') continue;
    else if (destination === undefined && typeOf(word) !== undefined) type = typeOf(word) ?? type;
    else if (destination === undefined && OTHER_TYPES.has(word)) {
      refuse(
        reader,
        `a route that is ${TYPES.join(', ')}`,
        2,
        `ip: ${word} routes are not part of this simulation`,
      );
    } else {
      if (word !== 'to') reader.at--;
      if (destination !== undefined) garbage(reader, argument(reader, 'a word'), 'to');
      destination = prefixArgument(reader);
    }
  }
  if (destination === undefined) {
    return refuse(reader, 'default, or a network as 10.0.0.0/8', 2, 'RTNETLINK answers: Invalid argument');
  }
  if (type !== 'unicast' && type !== 'local' && (via !== undefined || dev !== undefined)) {
    const answer = 'Error: Gateway, device and multipath can not be specified for this route type.';
    return refuse(reader, `no gateway and no device of ${type}`, 2, answer);
  }
  return { type, destination, via, dev, source };
}

const typeOf = (word: string): IpRoute['type'] | undefined => TYPES.find((type) => type === word);

function readRouteQuery(reader: IpReader, verb: 'show' | 'flush'): IpCommand {
  let table: 'main' | 'local' | 'cache' = 'main';
  let to: Prefix | undefined;
  let dev: string | undefined;
  if (verb === 'flush' && peekWord(reader) === undefined) {
    reader.at++;
    refuse(reader, 'what is to go', 1, '"ip route flush" requires arguments.');
  }
  for (let word = nextWord(reader); word !== undefined; word = nextWord(reader)) {
    if (word === 'table') {
      const name = argument(reader, 'main or local');
      if (name !== 'main' && name !== 'local' && name !== 'all' && name !== 'cache') {
        const err = `Error: argument "${name}" is wrong: table id value is invalid\n`;
        refuse(reader, 'main or local', 255, err);
      }
      table = name === 'all' ? 'main' : name;
    } else if (word === 'cache') table = 'cache';
    else if (word === 'dev' || word === 'oif') dev = deviceArgument(reader);
    else {
      if (!['to', 'exact', 'match', 'root'].includes(word)) reader.at--;
      if (to !== undefined) garbage(reader, argument(reader, 'a word'), 'to');
      to = prefixArgument(reader);
    }
  }
  return { kind: `route-${verb}`, table, to, dev };
}

/** A route as `ip route show` prints it, without the blank that the tool leaves at the end. */
export function printIpRoute(route: IpRoute): string {
  const isDefault = route.destination.prefixLength === 0 && route.destination.address === 0;
  let text = route.type === 'unicast' ? '' : `${route.type} `;
  text += isDefault ? 'default' : printDestination(route.destination);
  if (route.via !== undefined) text += ` via ${formatIpv4(route.via)}`;
  if (route.dev !== undefined) text += ` dev ${route.dev}`;
  return route.source === undefined ? text : `${text} src ${formatIpv4(route.source)}`;
}

const printDestination = (prefix: Prefix): string =>
  prefix.prefixLength === 32 ? formatIpv4(prefix.address) : formatPrefix(prefix);
