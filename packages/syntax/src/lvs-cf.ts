import { type Block, parseBlocks } from './blocks.ts';
import type { ConfigWarning } from './keepalived.ts';

/** `key = value` lines of a block, by key. */
export type Assignments = Readonly<Record<string, string>>;

export interface PiranhaServer {
  readonly name: string;
  readonly settings: Assignments;
}

export interface PiranhaVirtual {
  readonly name: string;
  readonly settings: Assignments;
  readonly servers: readonly PiranhaServer[];
}

/** /etc/sysconfig/ha/lvs.cf, Piranha's. */
export interface PiranhaConfig {
  readonly settings: Assignments;
  readonly virtuals: readonly PiranhaVirtual[];
}

const GLOBAL_KEYS = `serial_no primary primary_private service backup_active backup backup_private heartbeat
  heartbeat_port keepalive deadtime network nat_router nat_nmask debug_level rsh_command monitor_links
  reservation_conflict_action syncdaemon syncd_iface syncd_id hard_shutdown tcp_timeout tcpfin_timeout
  udp_timeout`.split(/\s+/);
const VIRTUAL_KEYS = `active address vip_nmask sorry_server fwmark port persistent pmask send expect use_regex
  send_program expect_program load_monitor scheduler protocol timeout reentry quiesce_server`.split(/\s+/);
const SERVER_KEYS = 'address active weight port'.split(' ');

/** Reads lvs.cf (lvs.cf(5)); what it does not know is named as pulse does. */
export function parseLvsCf(text: string): { config: PiranhaConfig; warnings: readonly ConfigWarning[] } {
  const warnings: ConfigWarning[] = [];
  const { blocks, unbalanced } = parseBlocks(text, '#');
  if (unbalanced) warnings.push(problem(unbalanced, 'unbalanced braces'));
  const virtuals: PiranhaVirtual[] = [];
  for (const { words, body } of blocks) {
    if (words[0]?.text !== 'virtual' || body === undefined) continue;
    virtuals.push({
      name: words[1]?.text ?? '',
      settings: assignments(body, VIRTUAL_KEYS, warnings),
      servers: body
        .filter((block) => block.words[0]?.text === 'server' && block.body !== undefined)
        .map((block) => ({
          name: block.words[1]?.text ?? '',
          settings: assignments(block.body ?? [], SERVER_KEYS, warnings),
        })),
    });
  }
  return { config: { settings: assignments(blocks, GLOBAL_KEYS, warnings), virtuals }, warnings };
}

const problem = (at: { line: number; column: number }, text: string): ConfigWarning => ({
  line: at.line,
  column: at.column,
  text,
});

function assignments(
  body: readonly Block[],
  keys: readonly string[],
  warnings: ConfigWarning[],
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const block of body) {
    const [key, ...rest] = block.words;
    if (key === undefined || block.body !== undefined) continue;
    if (!keys.includes(key.text)) warnings.push(problem(key, `Illegal keyword "${key.text}"`));
    else
      found[key.text] = rest
        .map(({ text }) => text)
        .join(' ')
        .replace(/^= ?/, '');
  }
  return found;
}

/** The file's text; reading it gives the same again. */
export function printLvsCf(config: PiranhaConfig): string {
  const lines = (settings: Assignments, indent: string): string =>
    Object.entries(settings)
      .map(([key, value]) => `${indent}${key} = ${quoted(value)}\n`)
      .join('');
  const virtuals = config.virtuals.map(({ name, settings, servers }) => {
    const inner = servers.map((s) => `    server ${s.name} {\n${lines(s.settings, '        ')}    }\n`);
    return `virtual ${name} {\n${lines(settings, '    ')}${inner.join('')}}\n`;
  });
  return lines(config.settings, '') + virtuals.join('');
}

const quoted = (value: string): string => (/[/#{}\\]/.test(value) ? `"${value}"` : value);
