import { parseIpv4, PROTO_SCTP, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import { parseAton, parseIpv6 } from './inet-text.ts';
import { parseHostPort } from './ipvsadm-address.ts';
import type { IpvsadmRefusal, ListFormat } from './ipvsadm-command.ts';
import {
  DEFAULT_PERSISTENCE_SECONDS,
  FWMARK_PROTOCOL,
  INT_MAX,
  MAX_TIMEOUT_SECONDS,
  refusal,
} from './ipvsadm-draft.ts';
import type { Draft } from './ipvsadm-draft.ts';
import type { CheckedOption, Tag } from './ipvsadm-options.ts';
import { parseLong, parseNumberWithin } from './numbers.ts';
import type { PortName } from './port-names.ts';

/** One option with its argument ('' where it has none), and the word that it came from. */
export interface GivenOption {
  readonly tag: Tag;
  readonly argument: string | undefined;
  readonly word: number;
  /** What popt calls the bad option, should this one be out of place. */
  readonly bad: string;
}

const PROTOCOL = { tcp: PROTO_TCP, udp: PROTO_UDP, sctp: PROTO_SCTP } as const;
const METHOD = { masquerading: 'masq', ipip: 'tunnel', gatewaying: 'route' } as const;

/** Carries one option into the draft, or says what ipvsadm would. */
export function applyOption(
  draft: Draft,
  given: GivenOption,
  names: readonly PortName[],
): IpvsadmRefusal | undefined {
  const { tag, word } = given;
  const argument = given.argument ?? '';
  switch (tag) {
    case 'tcp':
    case 'udp':
    case 'sctp':
      return (
        mark(draft, 'service-address', word) ?? applyService(draft, PROTOCOL[tag], argument, word, names)
      );
    case 'fwmark':
      return mark(draft, 'service-address', word) ?? applyMark(draft, argument, word);
    case 'ipv6':
      return applyFamily(draft, word);
    case 'real-server':
      return mark(draft, tag, word) ?? applyServer(draft, argument, word, names);
    case 'masquerading':
    case 'ipip':
    case 'gatewaying': {
      const twice = mark(draft, 'forwarding-method', word);
      if (!twice) draft.method = METHOD[tag];
      return twice;
    }
    case 'persistent':
      return mark(draft, tag, word) ?? applyPersistence(draft, given);
    case 'netmask':
      return mark(draft, tag, word) ?? applyNetmask(draft, argument, word);
    case 'sort':
      return undefined;
    case 'weight':
    case 'u-threshold':
    case 'l-threshold':
    case 'syncid':
    case 'mcast-port':
    case 'mcast-ttl':
    case 'sync-maxlen':
    case 'tun-port':
      return mark(draft, tag, word) ?? applyNumber(draft, tag, argument, word);
    case 'scheduler':
    case 'pe':
    case 'sched-flags':
    case 'mcast-interface':
    case 'mcast-group':
    case 'tun-type':
      return mark(draft, tag, word) ?? applyText(draft, tag, argument, word);
    case 'numeric':
    case 'connection':
    case 'timeout':
    case 'daemon':
    case 'stats':
    case 'rate':
    case 'thresholds':
    case 'persistent-conn':
    case 'nosort':
    case 'exact':
    case 'ops':
    case 'tun-info':
    case 'tun-nocsum':
    case 'tun-csum':
    case 'tun-remcsum':
      return mark(draft, tag, word) ?? applyFlag(draft, tag);
    default:
      return refusal(2, `invalid option \`${given.bad}'`, word, 'one command, and its options behind it');
  }
}

function mark(draft: Draft, option: CheckedOption, word: number): IpvsadmRefusal | undefined {
  if (draft.seen.has(option)) {
    return refusal(2, `multiple '${option}' options specified`, word, `no second '${option}' option`);
  }
  draft.seen.set(option, word);
  return undefined;
}

function applyService(
  draft: Draft,
  protocol: number,
  argument: string,
  word: number,
  names: readonly PortName[],
): IpvsadmRefusal | undefined {
  draft.service.protocol = protocol;
  const read = parseHostPort(argument, protocol, names);
  if (!read) {
    const wanted = 'an address, or address:port with a port of 0 to 65535';
    return refusal(2, 'illegal virtual server address[:port] specified', word, wanted);
  }
  draft.service.family = read.family;
  draft.service.port = read.port ?? 0;
  if (read.family === 4) draft.service.address = read.address;
  else {
    draft.service.address6 = read.address;
    draft.prefixLength = 128;
  }
  return undefined;
}

function applyMark(draft: Draft, argument: string, word: number): IpvsadmRefusal | undefined {
  draft.service.family = 4;
  draft.service.protocol = FWMARK_PROTOCOL;
  const value = parseLong(argument);
  if (value === undefined || value <= 0n || value > 0xffffffffn) {
    return refusal(2, `invalid fwmark value \`${argument}' specified`, word, 'a mark of 1 to 4294967295');
  }
  draft.service.mark = Number(value);
  return undefined;
}

function applyFamily(draft: Draft, word: number): IpvsadmRefusal | undefined {
  // the tool's own message ends in two line feeds
  if (draft.service.mark === 0) return refusal(2, '-6 used before -f\n', word, '-f and its mark before -6');
  draft.service.family = 6;
  draft.prefixLength = 128;
  return undefined;
}

function applyServer(
  draft: Draft,
  argument: string,
  word: number,
  names: readonly PortName[],
): IpvsadmRefusal | undefined {
  const read = parseHostPort(argument, draft.service.protocol, names);
  if (!read) {
    const wanted = 'an address, or address:port with a port of 0 to 65535';
    return refusal(2, 'illegal real server address[:port] specified', word, wanted);
  }
  draft.server = { ...read, port: read.port ?? draft.service.port };
  return undefined;
}

function applyPersistence(draft: Draft, given: GivenOption): IpvsadmRefusal | undefined {
  if (given.argument === undefined) {
    draft.persistenceSeconds = DEFAULT_PERSISTENCE_SECONDS;
    return undefined;
  }
  const seconds = parseNumberWithin(given.argument, 1, MAX_TIMEOUT_SECONDS);
  if (seconds === undefined) return badTimeout(given.argument, given.word, 1);
  draft.persistenceSeconds = seconds;
  return undefined;
}

export const badTimeout = (text: string, word: number, min: number): IpvsadmRefusal =>
  refusal(2, `invalid timeout value \`${text}' specified`, word, `${min} to ${MAX_TIMEOUT_SECONDS} seconds`);

function applyNetmask(draft: Draft, argument: string, word: number): IpvsadmRefusal | undefined {
  if (draft.service.family === 6) {
    const length = Number.parseInt(argument, 10);
    if (!(length >= 1 && length <= 128)) {
      return refusal(2, 'illegal ipv6 netmask specified', word, 'a prefix length of 1 to 128');
    }
    draft.prefixLength = length;
    return undefined;
  }
  const netmask = parseAton(argument);
  if (netmask === undefined) {
    return refusal(2, 'illegal virtual server persistent mask specified', word, 'a mask, as 255.255.255.0');
  }
  draft.netmask = netmask;
  return undefined;
}

const NUMBERS = {
  weight: { field: 'weight', min: 0, max: INT_MAX, text: 'illegal weight specified' },
  'u-threshold': { field: 'upperThreshold', min: 0, max: INT_MAX, text: 'illegal u_threshold specified' },
  'l-threshold': { field: 'lowerThreshold', min: 0, max: INT_MAX, text: 'illegal l_threshold specified' },
  syncid: { field: 'syncId', min: 0, max: 255, text: 'illegal syncid specified' },
  'mcast-port': { field: 'port', min: 1, max: 65535, text: 'illegal mcast-port specified' },
  'mcast-ttl': { field: 'ttl', min: 1, max: 255, text: 'illegal mcast-ttl specified' },
  'sync-maxlen': { field: 'maxLength', min: 1, max: 65507, text: 'illegal sync-maxlen specified' },
  'tun-port': { field: 'tunnelPort', min: 1, max: 65535, text: 'illegal tunnel port specified' },
} as const;

function applyNumber(
  draft: Draft,
  tag: keyof typeof NUMBERS,
  argument: string,
  word: number,
): IpvsadmRefusal | undefined {
  const rule = NUMBERS[tag];
  const value = parseNumberWithin(argument, rule.min, rule.max);
  if (value === undefined) return refusal(2, rule.text, word, `a number from ${rule.min} to ${rule.max}`);
  draft[rule.field] = value;
  return undefined;
}

function applyText(
  draft: Draft,
  tag: 'scheduler' | 'pe' | 'sched-flags' | 'mcast-interface' | 'mcast-group' | 'tun-type',
  argument: string,
  word: number,
): IpvsadmRefusal | undefined {
  switch (tag) {
    case 'scheduler':
      draft.scheduler = argument.slice(0, 15);
      return undefined;
    case 'pe':
      draft.persistenceEngine = argument === '' ? undefined : argument.slice(0, 15);
      return undefined;
    case 'sched-flags':
      if (argument !== '') draft.schedulerFlags = { text: argument, word };
      return undefined;
    case 'mcast-interface':
      draft.interface = argument.slice(0, 15);
      return undefined;
    case 'mcast-group':
      return applyGroup(draft, argument, word);
    case 'tun-type':
      if (argument !== 'ipip' && argument !== 'gue' && argument !== 'gre') {
        return refusal(2, 'illegal tunnel type specified', word, 'ipip, gue or gre');
      }
      draft.tunnelType = argument;
      return undefined;
  }
}

function applyGroup(draft: Draft, argument: string, word: number): IpvsadmRefusal | undefined {
  const version = argument.includes(':') ? 6 : 4;
  const address = version === 6 ? undefined : parseIpv4(argument);
  const address6 = version === 6 ? parseIpv6(argument) : undefined;
  if (address6?.startsWith('ff') !== true && (address === undefined || address >>> 28 !== 0xe)) {
    const text = `invalid IPv${version} mcast-group \`${argument}'`;
    return refusal(2, text, word, 'a multicast address, as 224.0.0.81');
  }
  draft.group = address6 ?? argument;
  return undefined;
}

const FORMAT: Readonly<Partial<Record<Tag, keyof ListFormat>>> = {
  numeric: 'numeric',
  stats: 'stats',
  rate: 'rate',
  thresholds: 'thresholds',
  'persistent-conn': 'persistentConn',
  nosort: 'noSort',
  exact: 'exact',
  'tun-info': 'tunInfo',
};

function applyFlag(draft: Draft, tag: Tag): undefined {
  if (tag === 'ops') draft.onePacket = true;
  const field = FORMAT[tag];
  if (field) draft.format = { ...draft.format, [field]: true };
}
