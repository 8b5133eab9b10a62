import { formatIpv4, formatMac, parseMac } from '@lvscope/inet';
import type { Ipv4, Mac } from '@lvscope/inet';
import type { Parsed, PlacedWord } from './problem.ts';
import { formatPrefix, parsePrefix } from './prefix.ts';
import type { Prefix } from './prefix.ts';
import { parseNumberWithin } from './numbers.ts';
import {
  complain,
  expectAddress,
  expectWord,
  finish,
  next,
  peek,
  readWords,
  takeWord,
} from './word-reader.ts';
import type { WordReader } from './word-reader.ts';

/** `[local] PREFIX [via A] [dev D] [src A]` */
export interface IpRoute {
  readonly type: 'unicast' | 'local';
  /** 0.0.0.0/0 is `default`. */
  readonly destination: Prefix;
  readonly via: Ipv4 | undefined;
  readonly dev: string | undefined;
  readonly source: Ipv4 | undefined;
}

/** What `ip link set` changes. */
export type LinkChange =
  | { readonly kind: 'up' | 'down' }
  | { readonly kind: 'arp'; readonly on: boolean }
  | { readonly kind: 'mtu'; readonly bytes: number }
  | { readonly kind: 'address'; readonly mac: Mac };

/** One invocation of iproute2's `ip`, as far as a cluster needs it. */
export type IpCommand =
  | { readonly kind: 'route-add' | 'route-replace' | 'route-del'; readonly route: IpRoute }
  | { readonly kind: 'route-show' }
  | { readonly kind: 'route-get'; readonly address: Ipv4 }
  | {
      readonly kind: 'addr-add' | 'addr-del';
      readonly address: Prefix;
      readonly dev: string;
      readonly label: string | undefined;
      readonly scope: string | undefined;
    }
  | { readonly kind: 'addr-show'; readonly dev: string | undefined }
  | { readonly kind: 'link-set'; readonly dev: string; readonly changes: readonly LinkChange[] }
  | { readonly kind: 'link-add'; readonly name: string; readonly type: string }
  | { readonly kind: 'link-show'; readonly dev: string | undefined };

const OBJECTS = 'addr, link or route';
const DEFAULT: Prefix = { address: 0 as Ipv4, prefixLength: 0 };

/** Reads the words behind `ip`. Objects may be shortened as iproute2 allows: `ip a`, `ip r`, `ip l`. */
export function parseIp(words: readonly PlacedWord[]): Parsed<IpCommand> {
  const reader = readWords(words);
  takeWord(reader, '-4');
  const object = next(reader);
  if (object !== undefined && isShortFor(object, 'address')) return finish(reader, readAddr(reader));
  if (object !== undefined && isShortFor(object, 'link')) return finish(reader, readLink(reader));
  if (object !== undefined && isShortFor(object, 'route')) return finish(reader, readRouteCommand(reader));
  if (object !== undefined) reader.at--;
  return finish<IpCommand>(reader, undefined, OBJECTS);
}

const isShortFor = (text: string, name: string): boolean => text !== '' && name.startsWith(text);

/** The verb, which may be shortened; the first one where none stands. */
function readVerb(reader: WordReader, verbs: readonly string[]): string | undefined {
  const text = peek(reader);
  if (text === undefined) return reader.problem ? undefined : 'show';
  const verb = verbs.find((name) => isShortFor(text, name));
  if (verb === undefined) complain(reader, verbs.join(', '));
  else reader.at++;
  return verb === 'delete' ? 'del' : verb === 'list' ? 'show' : verb;
}

function readRouteCommand(reader: WordReader): IpCommand | undefined {
  const verb = readVerb(reader, ['add', 'del', 'delete', 'replace', 'show', 'list', 'get']);
  switch (verb) {
    case 'add':
    case 'replace':
    case 'del': {
      const route = readIpRoute(reader);
      return route && { kind: `route-${verb}`, route };
    }
    case 'get': {
      const address = expectAddress(reader);
      return address === undefined ? undefined : { kind: 'route-get', address };
    }
    case 'show':
      return { kind: 'route-show' };
    default:
      return undefined;
  }
}

/** Reads the text of one route, as in a scenario's `routes`. */
export function parseIpRoute(words: readonly PlacedWord[]): Parsed<IpRoute> {
  const reader = readWords(words);
  return finish(reader, readIpRoute(reader));
}

function readIpRoute(reader: WordReader): IpRoute | undefined {
  const type = takeWord(reader, 'local') ? 'local' : 'unicast';
  if (type === 'unicast') takeWord(reader, 'unicast');
  const destination = expectWord(reader, 'default, or a network as 10.0.0.0/8', (text) =>
    text === 'default' ? DEFAULT : parsePrefix(text),
  );
  let via: Ipv4 | undefined;
  let dev: string | undefined;
  let source: Ipv4 | undefined;
  for (;;) {
    if (takeWord(reader, 'via')) via = expectAddress(reader);
    else if (takeWord(reader, 'dev')) dev = expectWord(reader, 'an interface', deviceName);
    else if (takeWord(reader, 'src')) source = expectAddress(reader);
    else break;
  }
  if (peek(reader) !== undefined) complain(reader, 'via, dev or src');
  return destination && !reader.problem ? { type, destination, via, dev, source } : undefined;
}

const deviceName = (text: string): string | undefined => (/^[^\s/]{1,15}$/.test(text) ? text : undefined);

function readAddr(reader: WordReader): IpCommand | undefined {
  const verb = readVerb(reader, ['add', 'del', 'delete', 'show', 'list']);
  if (verb === 'show') return { kind: 'addr-show', dev: readOptionalDevice(reader) };
  if (verb !== 'add' && verb !== 'del') return undefined;
  const address = expectWord(reader, 'an address as 192.168.1.6/32', parsePrefix);
  let dev: string | undefined;
  let label: string | undefined;
  let scope: string | undefined;
  for (;;) {
    if (takeWord(reader, 'dev')) dev = expectWord(reader, 'an interface', deviceName);
    else if (takeWord(reader, 'label')) label = expectWord(reader, 'a label as lo:0', deviceName);
    else if (takeWord(reader, 'scope')) {
      scope = expectWord(reader, 'host, link or global', (text) =>
        ['host', 'link', 'global'].includes(text) ? text : undefined,
      );
    } else if (takeWord(reader, 'brd') || takeWord(reader, 'broadcast')) next(reader);
    else break;
  }
  if (dev === undefined || !address) {
    complain(reader, 'dev and an interface');
    return undefined;
  }
  return { kind: `addr-${verb}`, address, dev, label, scope };
}

function readOptionalDevice(reader: WordReader): string | undefined {
  takeWord(reader, 'dev');
  return peek(reader) === undefined ? undefined : expectWord(reader, 'an interface', deviceName);
}

function readLink(reader: WordReader): IpCommand | undefined {
  const verb = readVerb(reader, ['set', 'show', 'list', 'add']);
  if (verb === 'show') return { kind: 'link-show', dev: readOptionalDevice(reader) };
  if (verb === 'add') return readLinkAdd(reader);
  if (verb !== 'set') return undefined;
  takeWord(reader, 'dev');
  const dev = expectWord(reader, 'an interface', deviceName);
  const changes: LinkChange[] = [];
  while (peek(reader) !== undefined) {
    const change = readLinkChange(reader);
    if (change) changes.push(change);
  }
  if (changes.length === 0) complain(reader, 'up, down, arp, mtu or address');
  return dev === undefined || reader.problem ? undefined : { kind: 'link-set', dev, changes };
}

function readLinkChange(reader: WordReader): LinkChange | undefined {
  if (takeWord(reader, 'up')) return { kind: 'up' };
  if (takeWord(reader, 'down')) return { kind: 'down' };
  if (takeWord(reader, 'arp')) {
    const word = expectWord(reader, 'on or off', (text) =>
      text === 'on' || text === 'off' ? text : undefined,
    );
    return word && { kind: 'arp', on: word === 'on' };
  }
  if (takeWord(reader, 'mtu')) {
    const bytes = expectWord(reader, '68 to 65535 bytes', (text) => parseNumberWithin(text, 68, 65535));
    return bytes === undefined ? undefined : { kind: 'mtu', bytes };
  }
  if (takeWord(reader, 'address')) {
    const mac = expectWord(reader, 'six octets as 02:00:00:00:00:01', parseMac);
    return mac === undefined ? undefined : { kind: 'address', mac };
  }
  complain(reader, 'up, down, arp, mtu or address');
  return undefined;
}

function readLinkAdd(reader: WordReader): IpCommand | undefined {
  takeWord(reader, 'name');
  const name = expectWord(reader, 'a name', deviceName);
  if (!takeWord(reader, 'type')) complain(reader, 'type');
  const type = expectWord(reader, 'a type as dummy', (text) => (/^[a-z]+$/.test(text) ? text : undefined));
  return name === undefined || type === undefined ? undefined : { kind: 'link-add', name, type };
}

/** A route as `ip route show` prints it, without the blank that the tool leaves at the end. */
export function printIpRoute(route: IpRoute): string {
  const isDefault = route.destination.prefixLength === 0 && route.destination.address === 0;
  let text = route.type === 'local' ? 'local ' : '';
  text += isDefault ? 'default' : printDestination(route.destination);
  if (route.via !== undefined) text += ` via ${formatIpv4(route.via)}`;
  if (route.dev !== undefined) text += ` dev ${route.dev}`;
  return route.source === undefined ? text : `${text} src ${formatIpv4(route.source)}`;
}

const printDestination = (prefix: Prefix): string =>
  prefix.prefixLength === 32 ? formatIpv4(prefix.address) : formatPrefix(prefix);

/** The canonical words behind `ip`. */
export function printIp(command: IpCommand): string {
  switch (command.kind) {
    case 'route-add':
    case 'route-replace':
    case 'route-del':
      return `route ${command.kind.slice('route-'.length)} ${printIpRoute(command.route)}`;
    case 'route-show':
      return 'route show';
    case 'route-get':
      return `route get ${formatIpv4(command.address)}`;
    case 'addr-add':
    case 'addr-del': {
      const label = command.label === undefined ? '' : ` label ${command.label}`;
      const scope = command.scope === undefined ? '' : ` scope ${command.scope}`;
      const verb = command.kind.slice('addr-'.length);
      return `addr ${verb} ${formatPrefix(command.address)} dev ${command.dev}${label}${scope}`;
    }
    case 'addr-show':
    case 'link-show': {
      const object = command.kind === 'addr-show' ? 'addr' : 'link';
      return command.dev === undefined ? `${object} show` : `${object} show dev ${command.dev}`;
    }
    case 'link-set':
      return `link set dev ${command.dev}${command.changes.map(printLinkChange).join('')}`;
    case 'link-add':
      return `link add name ${command.name} type ${command.type}`;
  }
}

function printLinkChange(change: LinkChange): string {
  switch (change.kind) {
    case 'arp':
      return ` arp ${change.on ? 'on' : 'off'}`;
    case 'mtu':
      return ` mtu ${change.bytes}`;
    case 'address':
      return ` address ${formatMac(change.mac)}`;
    default:
      return ` ${change.kind}`;
  }
}
