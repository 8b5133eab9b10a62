import { parseIpv4 } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';

export interface Url {
  readonly host: string;
  /** undefined: a name, which nobody here can look up. */
  readonly address: Ipv4 | undefined;
  readonly port: number;
  readonly path: string;
}

/** `[http://]HOST[:PORT][/PATH]`; undefined where it is none. */
export function parseUrl(text: string): Url | undefined {
  const match = /^(?:http:\/\/)?([^/:\s]+)(?::(\d{1,5}))?(\/\S*)?$/i.exec(text);
  const port = Number(match?.[2] ?? 80);
  if (match?.[1] === undefined || port < 1 || port > 65_535) return undefined;
  return { host: match[1], address: parseIpv4(match[1]), port, path: match[3] ?? '' };
}
