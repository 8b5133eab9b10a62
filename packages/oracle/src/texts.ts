/**
 * Listings whose order the kernel's hash decides, brought into an order of their own: rows of the
 * connection table (with their expiry apart, which may differ by a second) and services of `--nosort`.
 */
export interface TableText {
  readonly head: string;
  readonly rows: readonly { readonly rest: string; readonly seconds: number }[];
}

/**
 * @param services whether services may stand in any order
 * @returns undefined where the text is no such listing: then it must be equal byte for byte.
 */
export function tableText(text: string, services: boolean): TableText | undefined {
  if (text.startsWith('IPVS connection entries\n')) return connectionTable(text);
  if (text.startsWith('Pro FromIP ')) return procTable(text);
  if (services && text.startsWith('IP Virtual Server version ')) return serviceTable(text);
  return undefined;
}

function connectionTable(text: string): TableText {
  const [first = '', second = '', ...lines] = text.split('\n');
  const rows = lines.map((line) => {
    const match = /^(\S+\s+)(\d+):(\d+)(.*)$/.exec(line);
    if (!match) return { rest: line, seconds: 0 };
    const [, protocol = '', minutes = '', seconds = '', rest = ''] = match;
    return { rest: protocol + rest, seconds: Number(minutes) * 60 + Number(seconds) };
  });
  const ordered = rows.toSorted((a, b) => compare(a.rest, b.rest) || a.seconds - b.seconds);
  return { head: `${first}\n${second}`, rows: ordered };
}

/** /proc/net/ip_vs_conn: the seconds left stand in columns 61 to 67. */
function procTable(text: string): TableText {
  const [head = '', ...lines] = text.split('\n');
  const rows = lines.map((line) => {
    const match = /^(.{48,60}?)(\s*\d+)(\s*(?:\S.*)?)$/.exec(line);
    const [, left = line, seconds = '0', right = ''] = match ?? [];
    return { rest: left + right, seconds: Number(seconds) };
  });
  return { head, rows: rows.toSorted((a, b) => compare(a.rest, b.rest) || a.seconds - b.seconds) };
}

/** Blocks of a service and its servers, services in any order. */
function serviceTable(text: string): TableText {
  const lines = text.replace(/\n$/, '').split('\n');
  const head: string[] = [];
  const blocks: string[] = [];
  for (const [i, line] of lines.entries()) {
    if (i < 3 && !/^(TCP|UDP|SCTP|FWM) /.test(line)) head.push(line);
    else if (/^(TCP|UDP|SCTP|FWM) /.test(line)) blocks.push(line);
    else if (blocks.length === 0) head.push(line);
    else blocks[blocks.length - 1] += `\n${line}`;
  }
  const rows = blocks.toSorted(compare).map((rest) => ({ rest, seconds: 0 }));
  return { head: head.join('\n'), rows };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
