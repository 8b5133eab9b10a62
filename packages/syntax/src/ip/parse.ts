import { parseMac } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';
import type { PlacedWord } from '../problem.ts';
import type { Prefix } from '../prefix.ts';
import { parseNumberWithin } from '../numbers.ts';
import type { IpCommand, IpOptions, LinkChange, ParsedIp } from './command.ts';
import { readNeighbour } from './neighbour.ts';
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
  shortFor,
  verbOf,
} from './reader.ts';
import type { IpReader } from './reader.ts';
import { readRouteCommand } from './route.ts';

/** Reads the words behind `ip`. Objects, verbs and options may be shortened as iproute2 6.1 allows. */
export function parseIp(words: readonly PlacedWord[]): ParsedIp {
  const reader: IpReader = { words, at: 0 };
  try {
    const options = readOptions(reader);
    return { ok: true, value: { options, command: readObject(reader) } };
  } catch (fault) {
    if (fault instanceof IpFault) return { ok: false, ...fault.refusal };
    throw fault;
  }
}

function readOptions(reader: IpReader): IpOptions {
  const options = { statistics: 0, details: false, inetOnly: false, brief: false, oneline: false };
  for (let word = peekWord(reader); word?.startsWith('-') === true; word = peekWord(reader)) {
    reader.at++;
    const name = word.replace(/^--?/, '');
    if (name === 'N' || (name.length > 1 && shortFor(name, 'numeric'))) continue;
    if (name === '4') options.inetOnly = true;
    else if (name === 's' || (name.length > 1 && shortFor(name, 'statistics'))) options.statistics++;
    else if (shortFor(name, 'details')) options.details = true;
    else if (name.length > 1 && shortFor(name, 'brief')) options.brief = true;
    else if (shortFor(name, 'oneline')) options.oneline = true;
    else refuse(reader, '-4, -s, -d, -br or -o', 255, `Option "${word}" is unknown, try "ip -help".`);
  }
  return options;
}

function readObject(reader: IpReader): IpCommand {
  const object = nextWord(reader);
  if (object === undefined) return refuse(reader, 'an object', 255, 'Object "" is unknown, try "ip help".');
  if (shortFor(object, 'address')) return readAddr(reader);
  if (shortFor(object, 'link')) return readLink(reader);
  if (shortFor(object, 'route')) return readRouteCommand(reader);
  if (shortFor(object, 'neighbor') || shortFor(object, 'neighbour')) return readNeighbour(reader);
  if (shortFor(object, 'rule')) return readRule(reader);
  if (shortFor(object, 'tunnel') || object === 'tunl') return readTunnel(reader);
  return refuse(
    reader,
    'addr, link, route, neigh, tunnel or rule',
    1,
    `Object "${object}" is unknown, try "ip help".`,
  );
}

const ADDRESS_VERBS = {
  add: 'add',
  change: 'change',
  chg: 'change',
  replace: 'replace',
  delete: 'del',
  show: 'show',
  lst: 'show',
  list: 'show',
  flush: 'flush',
} as const;

function readAddr(reader: IpReader): IpCommand {
  const verb = verbOf(reader, 'address', ADDRESS_VERBS, 'show');
  if (verb === 'show') return { kind: 'addr-show', ...readShown(reader) };
  if (verb === 'flush') return readAddressFlush(reader);
  let address: Prefix | undefined;
  let dev: string | undefined;
  let label: string | undefined;
  let scope: string | undefined;
  for (let word = nextWord(reader); word !== undefined; word = nextWord(reader)) {
    if (word === 'dev') dev = deviceArgument(reader);
    else if (word === 'label') label = argument(reader, 'a label as lo:0');
    else if (word === 'scope') scope = readScope(reader);
    else if (['brd', 'broadcast', 'peer', 'metric', 'valid_lft', 'preferred_lft'].includes(word)) {
      argument(reader, 'a value');
    } else {
      if (word !== 'local') reader.at--;
      if (address !== undefined) garbage(reader, argument(reader, 'a word'), 'local');
      address = prefixArgument(reader);
    }
  }
  if (dev === undefined) {
    return refuse(reader, 'dev and an interface', 1, 'Not enough information: "dev" argument is required.');
  }
  if (address === undefined) {
    return refuse(reader, 'an address', 2, 'RTNETLINK answers: Operation not supported');
  }
  return { kind: `addr-${verb}`, address, dev, label, scope };
}

function readScope(reader: IpReader): string {
  const text = argument(reader, 'host, link or global');
  if (['host', 'link', 'global'].includes(text)) return text;
  return refuse(
    reader,
    'host, link or global',
    255,
    `Error: argument "${text}" is wrong: invalid scope value.\n`,
  );
}

function readAddressFlush(reader: IpReader): IpCommand {
  let to: Prefix | undefined;
  let dev: string | undefined;
  if (peekWord(reader) === undefined) {
    reader.at++;
    return refuse(reader, 'dev and an interface', 1, 'Flush requires arguments.');
  }
  for (let word = nextWord(reader); word !== undefined; word = nextWord(reader)) {
    if (word === 'to') to = prefixArgument(reader);
    else if (word === 'dev') dev = deviceArgument(reader);
    else {
      reader.at--;
      dev = deviceArgument(reader);
    }
  }
  if (dev === undefined) return refuse(reader, 'dev and an interface', 1, 'Flush requires arguments.');
  return { kind: 'addr-flush', dev, to };
}

/** `[dev] DEV [up]` */
function readShown(reader: IpReader): { readonly dev: string | undefined; readonly up: boolean } {
  let dev: string | undefined;
  let up = false;
  for (let word = nextWord(reader); word !== undefined; word = nextWord(reader)) {
    if (word === 'up') up = true;
    else if (dev !== undefined) garbage(reader, word, 'dev');
    else if (word === 'dev') dev = deviceArgument(reader);
    else {
      reader.at--;
      dev = deviceArgument(reader);
    }
  }
  return { dev, up };
}

const LINK_VERBS = {
  add: 'add',
  set: 'set',
  change: 'set',
  delete: 'del',
  show: 'show',
  lst: 'show',
  list: 'show',
} as const;

function readLink(reader: IpReader): IpCommand {
  const verb = verbOf(reader, 'link', LINK_VERBS, 'show');
  switch (verb) {
    case 'show':
      return { kind: 'link-show', ...readShown(reader) };
    case 'add':
      return readLinkAdd(reader);
    case 'del':
      if (peekWord(reader) === 'dev') reader.at++;
      return { kind: 'link-del', dev: deviceArgument(reader) };
    case 'set':
      break;
  }
  let dev: string | undefined;
  const changes: LinkChange[] = [];
  for (let word = nextWord(reader); word !== undefined; word = nextWord(reader)) {
    const change = readLinkChange(reader, word);
    if (change !== undefined) changes.push(change);
    else if (word === 'dev') dev = deviceArgument(reader);
    else if (dev === undefined) {
      reader.at--;
      dev = deviceArgument(reader);
    } else garbage(reader, word, 'dev');
  }
  if (dev === undefined) {
    return refuse(reader, 'an interface', 255, 'Not enough information: "dev" argument is required.');
  }
  return { kind: 'link-set', dev, changes };
}

function readLinkChange(reader: IpReader, word: string): LinkChange | undefined {
  switch (word) {
    case 'up':
    case 'down':
      return { kind: word };
    case 'arp': {
      const text = argument(reader, 'on or off');
      if (text === 'on' || text === 'off') return { kind: 'arp', on: text === 'on' };
      return refuse(reader, 'on or off', 1, `Error: argument of "arp" must be "on" or "off", not "${text}"`);
    }
    case 'mtu': {
      const text = argument(reader, '68 to 65535 bytes');
      const bytes = parseNumberWithin(text, 0, 0x7fffffff);
      if (bytes === undefined) {
        const err = `Error: argument "${text}" is wrong: Invalid "mtu" value\n`;
        return refuse(reader, '68 to 65535 bytes', 255, err);
      }
      return { kind: 'mtu', bytes };
    }
    case 'address': {
      const text = argument(reader, 'six octets as 02:00:00:00:00:01');
      const mac = parseMac(text);
      if (mac !== undefined) return { kind: 'address', mac };
      return refuse(reader, 'six octets as 02:00:00:00:00:01', 1, `"${text}" is invalid lladdr.`);
    }
    default:
      return undefined;
  }
}

function readLinkAdd(reader: IpReader): IpCommand {
  let name: string | undefined;
  for (let word = nextWord(reader); word !== undefined; word = nextWord(reader)) {
    if (word === 'type') {
      const type = argument(reader, 'a type as dummy');
      if (name === undefined) break;
      const more = nextWord(reader);
      if (more !== undefined) garbage(reader, more, 'type');
      return { kind: 'link-add', name, type };
    }
    if (word !== 'name' && word !== 'dev') reader.at--;
    name = deviceArgument(reader);
  }
  return refuse(
    reader,
    'a name, type and a type',
    255,
    'Not enough information: "type" argument is required',
  );
}

function readRule(reader: IpReader): IpCommand {
  const verb = verbOf(reader, 'rule', { show: 'show', lst: 'show', list: 'show' }, 'show');
  const more = nextWord(reader);
  if (more !== undefined) garbage(reader, more, verb);
  return { kind: 'rule-show' };
}

const TUNNEL_VERBS = {
  add: 'add',
  delete: 'del',
  show: 'show',
  lst: 'show',
  list: 'show',
} as const;

function readTunnel(reader: IpReader): IpCommand {
  const verb = verbOf(reader, 'tunnel', TUNNEL_VERBS, 'show');
  let name: string | undefined;
  let remote: Ipv4 | undefined;
  let local: Ipv4 | undefined;
  for (let word = nextWord(reader); word !== undefined; word = nextWord(reader)) {
    if (word === 'mode') readMode(reader);
    else if (word === 'remote') remote = addressArgument(reader);
    else if (word === 'local') local = addressArgument(reader);
    else if (word === 'ttl' || word === 'dev' || word === 'tos') argument(reader, 'a value');
    else {
      if (word !== 'name') reader.at--;
      name = deviceArgument(reader);
    }
  }
  if (verb === 'show') return { kind: 'tunnel-show', name };
  if (name === undefined) {
    return refuse(reader, 'a name', 1, 'cannot determine tunnel mode (ipip, gre, vti or sit)');
  }
  return { kind: `tunnel-${verb}`, name, remote, local };
}

function readMode(reader: IpReader): void {
  const mode = argument(reader, 'ipip');
  if (mode === 'ipip' || mode === 'ip/ip') return;
  refuse(reader, 'ipip', 255, `Unknown tunnel mode "${mode}"`);
}
