import { netmask, parseIpv4, parseMac, PROTO_ICMP, PROTO_IPIP, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';

/** A pcap-filter(7) expression, as far as a cluster needs it; plain data. */
export type Filter =
  | { readonly kind: 'all' }
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly inner: Filter }
  | { readonly kind: 'ethertype'; readonly ethertype: number }
  | { readonly kind: 'protocol'; readonly protocol: number }
  | {
      readonly kind: 'net';
      readonly side: Side;
      /** Only in ARP or only in IP; undefined: both. */
      readonly within: 'arp' | 'ip' | undefined;
      readonly network: number;
      readonly mask: number;
    }
  | {
      readonly kind: 'port';
      readonly side: Side;
      readonly protocol: number | undefined;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'ether'; readonly side: Side; readonly mac: number }
  | { readonly kind: 'multicast' | 'broadcast' }
  | { readonly kind: 'length'; readonly least: number; readonly most: number }
  | {
      readonly kind: 'field';
      readonly field: 'flags' | 'icmptype' | 'ttl';
      readonly mask: number;
      readonly compare: '=' | '!=';
      readonly value: number;
    };

export type Side = 'either' | 'src' | 'dst';

export type FilterRead =
  | { readonly ok: true; readonly filter: Filter }
  | { readonly ok: false; readonly fault: string };

const SYNTAX = "can't parse filter expression: syntax error";
const PROTO_VRRP = 112;

const PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: PROTO_ICMP,
  tcp: PROTO_TCP,
  udp: PROTO_UDP,
  vrrp: PROTO_VRRP,
};

/** Names of ports that operators use here (/etc/services). */
const PORTS: Readonly<Record<string, number>> = {
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  http: 80,
  pop3: 110,
  https: 443,
  'ha-cluster': 694,
};

const FLAGS: Readonly<Record<string, number>> = {
  'tcp-fin': 1,
  'tcp-syn': 2,
  'tcp-rst': 4,
  'tcp-push': 8,
  'tcp-ack': 16,
  'icmp-echoreply': 0,
  'icmp-unreach': 3,
  'icmp-redirect': 5,
  'icmp-echo': 8,
  'icmp-timxceed': 11,
};

/** Carries a fault out of the depth; caught by `parseFilter`, never seen outside. */
class FilterFault extends Error {}

function fail(text: string = SYNTAX): never {
  throw new FilterFault(text);
}

interface Reader {
  readonly tokens: readonly string[];
  at: number;
  depth: number;
  /** Qualifiers of the primitive before: `port 80 or 443`. */
  last: Qualifiers | undefined;
}

interface Qualifiers {
  readonly proto: string | undefined;
  readonly side: Side;
  readonly type: string | undefined;
}

/** Reads the words behind tcpdump's options; none match everything. */
export function parseFilter(text: string): FilterRead {
  const tokens = text.match(/&&|\|\||!=|>=|<=|==|[()[\]!&|=<>]|[^\s()[\]!&|=<>]+/g) ?? [];
  if (tokens.length === 0) return { ok: true, filter: { kind: 'all' } };
  const reader: Reader = { tokens, at: 0, depth: 0, last: undefined };
  try {
    const filter = readList(reader);
    return reader.at < tokens.length ? { ok: false, fault: SYNTAX } : { ok: true, filter };
  } catch (fault) {
    if (fault instanceof FilterFault) {
      // names are looked up once the whole is known to be an expression
      const follows = peek(reader);
      const ends = follows === undefined || ['and', 'or', '&&', '||', ')'].includes(follows);
      return { ok: false, fault: ends ? fault.message : SYNTAX };
    }
    throw fault;
  }
}

const peek = (reader: Reader): string | undefined => reader.tokens[reader.at];
const next = (reader: Reader): string => reader.tokens[reader.at++] ?? fail();

function take(reader: Reader, ...tokens: string[]): boolean {
  if (!tokens.includes(peek(reader) ?? '')) return false;
  reader.at++;
  return true;
}

/** `and` and `or` have one precedence and go from left to right, as pcap-filter(7) has it. */
function readList(reader: Reader): Filter {
  if (reader.depth++ > 50) fail('expression is too deeply nested');
  let left = readTerm(reader);
  for (;;) {
    if (take(reader, 'and', '&&')) left = { kind: 'and', left, right: readTerm(reader) };
    else if (take(reader, 'or', '||')) left = { kind: 'or', left, right: readTerm(reader) };
    else break;
  }
  reader.depth--;
  return left;
}

function readTerm(reader: Reader): Filter {
  let negations = 0;
  while (take(reader, 'not', '!')) negations++;
  let filter: Filter;
  if (take(reader, '(')) {
    filter = readList(reader);
    if (!take(reader, ')')) fail();
  } else filter = readPrimitive(reader);
  return negations % 2 === 1 ? { kind: 'not', inner: filter } : filter;
}

function readPrimitive(reader: Reader): Filter {
  const first = peek(reader) ?? fail();
  if (reader.tokens[reader.at + 1] === '[') return readField(reader);
  if (first === 'broadcast' || first === 'multicast') return { kind: next(reader) as 'broadcast' };
  if (first === 'greater' || first === 'less') {
    const bytes = numberOf((next(reader), next(reader)));
    return first === 'greater'
      ? { kind: 'length', least: bytes, most: Number.MAX_SAFE_INTEGER }
      : { kind: 'length', least: 0, most: bytes };
  }
  const proto = ['ether', 'ip', 'ip6', 'arp', 'rarp', ...Object.keys(PROTOCOLS)].includes(first)
    ? next(reader)
    : undefined;
  const side = readSide(reader);
  const type = ['host', 'net', 'port', 'portrange', 'proto'].includes(peek(reader) ?? '')
    ? next(reader)
    : undefined;
  const operand = peek(reader);
  const ends = operand === undefined || ['and', 'or', '&&', '||', ')'].includes(operand);
  if (proto !== undefined && ends && side === undefined && type === undefined) return bare(reader, proto);
  if (proto === 'ether' && (operand === 'broadcast' || operand === 'multicast')) {
    return { kind: next(reader) as 'broadcast' };
  }
  if (ends) fail();
  const given = proto !== undefined || side !== undefined || type !== undefined;
  const qualifiers: Qualifiers = given
    ? { proto, side: side ?? 'either', type }
    : (reader.last ?? { proto: undefined, side: 'either', type: undefined });
  reader.last = qualifiers;
  return withOperand(reader, qualifiers, next(reader));
}

function readSide(reader: Reader): Side | undefined {
  const word = peek(reader);
  if (word !== 'src' && word !== 'dst') return undefined;
  reader.at++;
  const joined = reader.tokens[reader.at];
  const other = reader.tokens[reader.at + 1];
  if ((joined === 'or' || joined === 'and') && (other === 'src' || other === 'dst') && other !== word) {
    reader.at += 2;
    return 'either';
  }
  return word;
}

function bare(reader: Reader, proto: string): Filter {
  reader.last = undefined;
  if (proto === 'ip') return { kind: 'ethertype', ethertype: 0x0800 };
  if (proto === 'arp') return { kind: 'ethertype', ethertype: 0x0806 };
  if (proto === 'ip6') return { kind: 'ethertype', ethertype: 0x86dd };
  if (proto === 'rarp') return { kind: 'ethertype', ethertype: 0x8035 };
  return { kind: 'protocol', protocol: PROTOCOLS[proto] ?? fail() };
}

function withOperand(reader: Reader, { proto, side, type }: Qualifiers, operand: string): Filter {
  const protocol = proto === undefined ? undefined : PROTOCOLS[proto];
  switch (type) {
    case 'port':
    case 'portrange': {
      const [from, to = from] = type === 'portrange' ? operand.split('-') : [operand];
      return { kind: 'port', side, protocol, from: portOf(from ?? ''), to: portOf(to ?? '') };
    }
    case 'proto': {
      if (proto === 'ether') return { kind: 'ethertype', ethertype: Number(operand) || fail() };
      const known = { ...PROTOCOLS, ipip: PROTO_IPIP };
      const name = operand.replace(/^\\/, '');
      const code = Object.hasOwn(known, name) ? known[name as 'ipip'] : numberOf(name);
      return { kind: 'protocol', protocol: code };
    }
    default:
      break;
  }
  if (proto === 'ether') {
    const mac = parseMac(operand);
    return mac === undefined ? fail(`invalid ethernet address '${operand}'`) : { kind: 'ether', side, mac };
  }
  const within = proto === 'arp' || proto === 'ip' ? proto : undefined;
  const bits = type === 'net' || operand.includes('/') ? netOf(reader, operand) : hostOf(operand);
  const net: Filter = { kind: 'net', side, within, ...bits };
  return protocol === undefined ? net : { kind: 'and', left: { kind: 'protocol', protocol }, right: net };
}

function hostOf(text: string): { readonly network: number; readonly mask: number } {
  const address = parseIpv4(text);
  if (address !== undefined) return { network: address, mask: 0xffffffff };
  return fail(/^[\d.]+$/.test(text) ? `invalid IPv4 address '${text}'` : `unknown host '${text}'`);
}

/** `10.0.0.0/8`, `192.168.0`, `10.0.0.0 mask 255.0.0.0` */
function netOf(reader: Reader, text: string): { readonly network: number; readonly mask: number } {
  const [quad = '', length] = text.split('/');
  const octets = quad.split('.').length;
  const address = parseIpv4(quad + '.0'.repeat(Math.max(0, 4 - octets)));
  if (address === undefined) return fail(`unknown network '${text}'`);
  let mask = netmask(length === undefined ? 8 * octets : Number(length)) >>> 0;
  if (length !== undefined && !/^([12]?\d|3[0-2])$/.test(length)) fail('mask length must be <= 32');
  if (take(reader, 'mask')) mask = parseIpv4(next(reader)) ?? fail();
  if ((address & ~mask) >>> 0 !== 0) fail(`non-network bits set in "${text}"`);
  return { network: address, mask };
}

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return Number(text);
  if (Object.hasOwn(PORTS, text)) return PORTS[text] ?? fail();
  return fail(`unknown port '${text}'`);
}

function numberOf(text: string): number {
  return /^(\d{1,9}|0x[0-9a-f]{1,8})$/i.test(text) ? Number(text) : fail();
}

/** `tcp[tcpflags] & (tcp-syn|tcp-ack) != 0`, `tcp[13] == 2`, `icmp[icmptype] == icmp-echo`, `ip[8] < …` */
function readField(reader: Reader): Filter {
  const name = `${next(reader)}${next(reader)}${next(reader)}${next(reader)}`;
  const field = {
    'tcp[tcpflags]': 'flags',
    'tcp[13]': 'flags',
    'icmp[icmptype]': 'icmptype',
    'icmp[0]': 'icmptype',
    'ip[8]': 'ttl',
  }[name] as 'flags' | 'icmptype' | 'ttl' | undefined;
  if (field === undefined) fail();
  const mask = take(reader, '&') ? readBits(reader) : 0xff;
  const operator = next(reader);
  if (!['=', '==', '!='].includes(operator)) fail();
  return { kind: 'field', field, mask, compare: operator === '!=' ? '!=' : '=', value: readBits(reader) };
}

function readBits(reader: Reader): number {
  if (!take(reader, '(')) return readBit(reader);
  let bits = readBit(reader);
  while (take(reader, '|')) bits |= readBit(reader);
  if (!take(reader, ')')) fail();
  return bits;
}

function readBit(reader: Reader): number {
  const word = next(reader);
  return Object.hasOwn(FLAGS, word) ? (FLAGS[word] ?? 0) : numberOf(word);
}
