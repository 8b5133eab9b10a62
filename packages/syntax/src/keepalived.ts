import { type Block, parseBlocks } from './blocks.ts';
import {
  CHECK_FIELDS,
  type FieldKind,
  type Fields,
  GLOBAL_FIELDS,
  INSTANCE_FIELDS,
  REAL_FIELDS,
  URL_FIELDS,
  VIRTUAL_FIELDS,
} from './keepalived-fields.ts';
import type {
  CheckSettings,
  KeepalivedGlobals,
  RealServerSettings,
  UrlSettings,
  VirtualServerSettings,
  VrrpSettings,
} from './keepalived-settings.ts';
import type { PlacedWord, Position } from './problem.ts';

export interface VrrpInstance {
  readonly name: string;
  readonly settings: VrrpSettings;
  /** `192.168.1.6/24 dev eth0`, as written. */
  readonly addresses: readonly string[];
  readonly unicastPeers: readonly string[];
  readonly trackInterfaces: readonly string[];
}

export const CHECK_KINDS = ['TCP_CHECK', 'HTTP_GET', 'SSL_GET', 'MISC_CHECK'] as const;
export type CheckKind = (typeof CHECK_KINDS)[number];

export interface Check {
  readonly kind: CheckKind;
  readonly settings: CheckSettings;
  readonly urls: readonly UrlSettings[];
}

export interface RealServer {
  readonly address: string;
  /** 0 where none is given. */
  readonly port: number;
  readonly settings: RealServerSettings;
  readonly checks: readonly Check[];
}

export interface VirtualServer {
  /** `192.168.1.6 80`, `fwmark 1`, or `group NAME`: the words behind the keyword. */
  readonly key: readonly string[];
  readonly settings: VirtualServerSettings;
  /** Address and port, where there is a sorry server. */
  readonly sorryServer: { readonly address: string; readonly port: number } | undefined;
  readonly realServers: readonly RealServer[];
}

/** keepalived.conf. */
export interface KeepalivedConfig {
  readonly globals: KeepalivedGlobals;
  readonly instances: readonly VrrpInstance[];
  readonly syncGroups: readonly { readonly name: string; readonly members: readonly string[] }[];
  readonly serverGroups: readonly { readonly name: string; readonly entries: readonly string[] }[];
  readonly virtualServers: readonly VirtualServer[];
}

/** Something that the daemon logs about its configuration and then passes over. */
export interface ConfigWarning extends Position {
  /** The real daemon's words, without file and line. */
  readonly text: string;
}

export interface KeepalivedRead {
  readonly config: KeepalivedConfig;
  readonly warnings: readonly ConfigWarning[];
}

/** `persistence_timeout` without a number. */
const DEFAULT_PERSISTENCE = 360;

const SWITCHES: Readonly<Record<string, boolean>> = {
  on: true,
  true: true,
  yes: true,
  off: false,
  false: false,
  no: false,
};

/** Reads keepalived.conf. Like the daemon it never fails: what it does not know is named, and passed over. */
export function parseKeepalived(text: string): KeepalivedRead {
  const warnings: ConfigWarning[] = [];
  const { blocks, unbalanced } = parseBlocks(text, '#!');
  const globals: Record<string, unknown> = {};
  const instances: VrrpInstance[] = [];
  const syncGroups: { name: string; members: string[] }[] = [];
  const serverGroups: { name: string; entries: string[] }[] = [];
  const virtualServers: VirtualServer[] = [];
  for (const block of blocks) {
    const [word, ...rest] = block.words;
    const names = rest.map(({ text: one }) => one);
    const [name = ''] = names;
    const body = block.body ?? [];
    switch (word?.text) {
      case 'global_defs':
        Object.assign(globals, fields(warnings, body, GLOBAL_FIELDS, ['notification_email']));
        break;
      case 'vrrp_instance':
        instances.push(instance(warnings, name, body));
        break;
      case 'vrrp_sync_group':
        syncGroups.push({ name, members: linesOf(body, 'group') });
        break;
      case 'virtual_server_group':
        serverGroups.push({ name, entries: body.map(lineOf) });
        break;
      case 'virtual_server':
        virtualServers.push(virtualServer(warnings, names, body));
        break;
      default:
        if (word !== undefined) unknown(warnings, word);
    }
  }
  if (unbalanced) warn(warnings, unbalanced, "Missing '}' for configuration block");
  return { config: { globals, instances, syncGroups, serverGroups, virtualServers }, warnings };
}

const lineOf = (block: Block): string => block.words.map(({ text }) => text).join(' ');

/** The lines of a block within a block, or the words behind its name. */
function linesOf(body: readonly Block[], name: string): string[] {
  return body
    .filter(({ words }) => words[0]?.text === name)
    .flatMap(({ words, body: lines }) => lines?.map(lineOf) ?? words.slice(1).map(({ text }) => text));
}

function warn(warnings: ConfigWarning[], at: Position, text: string): void {
  warnings.push({ line: at.line, column: at.column, text });
}

function unknown(warnings: ConfigWarning[], word: PlacedWord): void {
  warn(warnings, word, `Unknown keyword '${word.text}'`);
}

/** The keywords of a block. @param others names that the caller reads itself */
function fields(
  warnings: ConfigWarning[],
  body: readonly Block[],
  fields: Fields,
  others: readonly string[],
): Record<string, string | number | boolean> {
  const given: Record<string, string | number | boolean> = {};
  for (const { words } of body) {
    const [word, first] = words;
    if (word === undefined || others.includes(word.text)) continue;
    const kind = Object.hasOwn(fields, word.text) ? fields[word.text] : undefined;
    if (kind === undefined) {
      unknown(warnings, word);
      continue;
    }
    const read = valueOf(warnings, word, first, kind);
    if (read !== undefined) given[word.text] = read;
  }
  return given;
}

function valueOf(
  warnings: ConfigWarning[],
  word: PlacedWord,
  value: PlacedWord | undefined,
  kind: FieldKind,
): string | number | boolean | undefined {
  if (kind === 'ignored') return undefined;
  if (kind === 'flag') return value === undefined ? true : (SWITCHES[value.text] ?? true);
  if (value === undefined) {
    if (kind === 'optional') return DEFAULT_PERSISTENCE;
    warn(warnings, word, `'${word.text}' missing parameter`);
    return undefined;
  }
  if (kind === 'word') return value.text;
  const wanted = kind === 'decimal' ? /^\d+(\.\d+)?$/ : /^\d+$/;
  if (wanted.test(value.text)) return Number(value.text);
  warn(warnings, value, `${word.text} '${value.text}' is not a valid number`);
  return undefined;
}

function instance(warnings: ConfigWarning[], name: string, body: readonly Block[]): VrrpInstance {
  const others = ['virtual_ipaddress', 'unicast_peer', 'track_interface', 'authentication', 'virtual_routes'];
  return {
    name,
    settings: fields(warnings, body, INSTANCE_FIELDS, others),
    addresses: linesOf(body, 'virtual_ipaddress'),
    unicastPeers: linesOf(body, 'unicast_peer'),
    trackInterfaces: linesOf(body, 'track_interface'),
  };
}

function virtualServer(warnings: ConfigWarning[], key: string[], body: readonly Block[]): VirtualServer {
  const sorry = body.find(({ words }) => words[0]?.text === 'sorry_server')?.words;
  return {
    key,
    settings: fields(warnings, body, VIRTUAL_FIELDS, ['sorry_server', 'real_server']),
    sorryServer: sorry && { address: sorry[1]?.text ?? '', port: Number(sorry[2]?.text ?? 0) },
    realServers: body
      .filter(({ words }) => words[0]?.text === 'real_server')
      .map(({ words, body: lines }) => realServer(warnings, words, lines ?? [])),
  };
}

function realServer(
  warnings: ConfigWarning[],
  words: readonly PlacedWord[],
  body: readonly Block[],
): RealServer {
  const isCheck = ({ words: [word] }: Block): boolean => CHECK_KINDS.some((kind) => kind === word?.text);
  return {
    address: words[1]?.text ?? '',
    port: Number(words[2]?.text ?? 0),
    settings: fields(warnings, body, REAL_FIELDS, CHECK_KINDS),
    checks: body.filter(isCheck).map((block) => check(warnings, block)),
  };
}

function check(warnings: ConfigWarning[], block: Block): Check {
  const body = block.body ?? [];
  return {
    kind: block.words[0]!.text as CheckKind,
    settings: fields(warnings, body, CHECK_FIELDS, ['url']),
    urls: body
      .filter(({ words }) => words[0]?.text === 'url')
      .map(({ body: lines }) => fields(warnings, lines ?? [], URL_FIELDS, [])),
  };
}
