import type { ConfigWarning } from './keepalived.ts';

/** Directives that stand at the file's head, or for one virtual server below its line. */
export type LdirectordSettings = Readonly<Record<string, string>>;

export interface LdirectordReal {
  readonly address: string;
  readonly port: number;
  readonly method: 'gate' | 'masq' | 'ipip';
  readonly weight: number;
  readonly request: string | undefined;
  readonly receive: string | undefined;
}

export interface LdirectordVirtual {
  /** `192.168.1.6:80`, or a firewall mark's number. */
  readonly address: string;
  readonly settings: LdirectordSettings;
  readonly reals: readonly LdirectordReal[];
}

/** ldirectord.cf. */
export interface LdirectordConfig {
  readonly settings: LdirectordSettings;
  readonly virtuals: readonly LdirectordVirtual[];
}

const GLOBAL_KEYS = `checktimeout negotiatetimeout checkinterval checkcount failurecount autoreload callback
  fallback fallbackcommand logfile emailalert emailalertfreq emailalertstatus smtp execute supervised
  fork quiescent
  readdquiescent cleanstop maintenancedir`.split(/\s+/);
const VIRTUAL_KEYS = `checktype checktimeout negotiatetimeout checkinterval checkcount failurecount service
  checkport request receive httpmethod virtualhost login passwd database secret load
  scheduler persistent netmask
  protocol monitorfile fallback fallbackcommand quiescent emailalert emailalertfreq emailalertstatus cleanstop
  ops smtp`.split(/\s+/);

type Draft = {
  address: string;
  settings: Record<string, string>;
  reals: LdirectordReal[];
};

/**
 * Reads ldirectord.cf: directives at the line's start are global, indented ones belong to the
 * `virtual=` above.
 * ldirectord refuses to start over what it does not know; the first such line is named as it does.
 */
export function parseLdirectord(text: string): {
  config: LdirectordConfig;
  warnings: readonly ConfigWarning[];
} {
  const warnings: ConfigWarning[] = [];
  const settings: Record<string, string> = {};
  const virtuals: Draft[] = [];
  for (const [i, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (/^\s*(#.*)?$/.test(line)) continue;
    const indent = /^\s*/.exec(line)![0].length;
    const [, key = '', value = ''] = /^\s*([a-zA-Z]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    const at = { line: i + 1, column: indent + 1 };
    const error = (what: string): void => {
      warnings.push({ ...at, text: `Error [${what}]: ${line.trim()}` });
    };
    const virtual = indent === 0 ? undefined : virtuals.at(-1);
    if (indent === 0 && key === 'virtual') virtuals.push({ address: value, settings: {}, reals: [] });
    else if (virtual !== undefined && key === 'real') {
      const reals = realServers(value);
      if (reals === undefined) error('invalid address for real server');
      else virtual.reals.push(...reals);
    } else if (virtual !== undefined && VIRTUAL_KEYS.includes(key)) virtual.settings[key] = unquoted(value);
    else if (indent === 0 && GLOBAL_KEYS.includes(key)) settings[key] = unquoted(value);
    else error('Unknown command');
  }
  return { config: { settings, virtuals }, warnings };
}

const unquoted = (value: string): string => value.replace(/^"(.*)"$/, '$1');

const QUAD = String.raw`\d+\.\d+\.\d+\.\d+`;
const CHECK = String.raw`(?:\s+"([^"]*)"\s*,\s*"([^"]*)")?`;
const REAL = new RegExp(
  String.raw`^(${QUAD})(?:->(${QUAD}))?(?::(\d+))?\s+(gate|masq|ipip)(?:\s+(\d+))?${CHECK}$`,
);

/** `ip[->ip][:port] gate|masq|ipip [weight] ["request", "receive"]` */
function realServers(text: string): LdirectordReal[] | undefined {
  const match = REAL.exec(text);
  if (!match) return undefined;
  const [, first = '', last, port, method, weight, request, receive] = match;
  return addressesFrom(first, last ?? first).map((address) => ({
    address,
    port: Number(port ?? 0),
    method: method as LdirectordReal['method'],
    weight: Number(weight ?? 1),
    request,
    receive,
  }));
}

/** At most a network of 256. */
function addressesFrom(first: string, last: string): string[] {
  const [network = '', from = '0'] = /^(.*\.)(\d+)$/.exec(first)?.slice(1) ?? [];
  const to = Number(/\d+$/.exec(last)?.[0] ?? from);
  const addresses: string[] = [];
  for (let host = Number(from); host <= to && host < 256; host++) addresses.push(`${network}${host}`);
  return addresses.length > 0 ? addresses : [first];
}

/** The file's text; reading it gives the same again. */
export function printLdirectord(config: LdirectordConfig): string {
  const lines = (settings: LdirectordSettings, indent: string): string =>
    Object.entries(settings)
      .map(([key, value]) => `${indent}${key}=${/\s/.test(value) ? `"${value}"` : value}\n`)
      .join('');
  const real = (r: LdirectordReal): string => {
    const check = r.request === undefined ? '' : ` "${r.request}", "${r.receive ?? ''}"`;
    return `\treal=${r.address}${r.port === 0 ? '' : `:${r.port}`} ${r.method} ${r.weight}${check}\n`;
  };
  return (
    lines(config.settings, '') +
    config.virtuals
      .map((v) => `virtual=${v.address}\n${v.reals.map(real).join('')}${lines(v.settings, '\t')}`)
      .join('')
  );
}
