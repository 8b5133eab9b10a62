import { parseMac } from '@lvscope/inet';
import type { Mac } from '@lvscope/inet';
import type { Prefix } from '../prefix.ts';
import { NUD_STATES } from './command.ts';
import type { IpCommand, NudName } from './command.ts';
import {
  argument,
  deviceArgument,
  garbage,
  nextWord,
  peekWord,
  prefixArgument,
  refuse,
  verbOf,
} from './reader.ts';
import type { IpReader } from './reader.ts';

const VERBS = {
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

export function readNeighbour(reader: IpReader): IpCommand {
  const verb = verbOf(reader, 'neigh', VERBS, 'show');
  if (verb === 'show' || verb === 'flush') return readQuery(reader, verb);
  let address: Prefix | undefined;
  let dev: string | undefined;
  let mac: Mac | undefined;
  let state: NudName | undefined;
  for (let word = nextWord(reader); word !== undefined; word = nextWord(reader)) {
    if (word === 'dev') dev = deviceArgument(reader);
    else if (word === 'lladdr') mac = readMac(reader);
    else if (word === 'nud') state = nudState(reader, argument(reader, 'a state'));
    else if ((NUD_STATES as readonly string[]).includes(word)) state = nudState(reader, word);
    else {
      if (word !== 'to') reader.at--;
      if (address !== undefined) garbage(reader, argument(reader, 'a word'), 'to');
      address = prefixArgument(reader);
    }
  }
  if (address === undefined || dev === undefined) {
    const err = 'Device and destination are required arguments.';
    return refuse(reader, 'an address, dev and an interface', 255, err);
  }
  return { kind: `neigh-${verb}`, address: address.address, dev, mac, state };
}

function readMac(reader: IpReader): Mac {
  const text = argument(reader, 'six octets as 02:00:00:00:00:01');
  const mac = parseMac(text);
  return mac ?? refuse(reader, 'six octets as 02:00:00:00:00:01', 1, `"${text}" is invalid lladdr.`);
}

function nudState(reader: IpReader, text: string): NudName {
  const state = NUD_STATES.find((name) => name === text);
  if (state !== undefined) return state;
  return refuse(reader, NUD_STATES.join(', '), 255, `Error: argument "${text}" is wrong: nud state is bad\n`);
}

function readQuery(reader: IpReader, verb: 'show' | 'flush'): IpCommand {
  let address: Prefix | undefined;
  let dev: string | undefined;
  let state: NudName | 'all' | undefined;
  if (verb === 'flush' && peekWord(reader) === undefined) {
    reader.at++;
    refuse(reader, 'all, dev and an interface, or an address', 1, 'Flush requires arguments.');
  }
  for (let word = nextWord(reader); word !== undefined; word = nextWord(reader)) {
    if (word === 'dev') dev = deviceArgument(reader);
    else if (word === 'nud') {
      const text = argument(reader, 'a state');
      state = text === 'all' ? 'all' : nudState(reader, text);
    } else if (verb === 'flush' && word === 'all') continue;
    else {
      if (word !== 'to') reader.at--;
      if (address !== undefined) garbage(reader, argument(reader, 'a word'), 'to');
      address = prefixArgument(reader);
    }
  }
  return { kind: `neigh-${verb}`, query: { address, dev, state } };
}
