import { PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import type { CommandResult } from '@lvscope/cluster';
import { failed, said, textsOf } from '../../program.ts';
import type { Call } from '../../program.ts';
import { socketRows } from '../../sockets.ts';
import type { SocketRow } from '../../sockets.ts';

/** States that `ss` without -a and -l leaves out. */
const HIDDEN = new Set(['LISTEN', 'TIME-WAIT', 'SYN-RECV', 'UNCONN']);

const STATE_WORDS: Readonly<Record<string, readonly string[]>> = {
  established: ['ESTAB'],
  'syn-sent': ['SYN-SENT'],
  'syn-recv': ['SYN-RECV'],
  'fin-wait-1': ['FIN-WAIT-1'],
  'fin-wait-2': ['FIN-WAIT-2'],
  'time-wait': ['TIME-WAIT'],
  'close-wait': ['CLOSE-WAIT'],
  'last-ack': ['LAST-ACK'],
  listening: ['LISTEN', 'UNCONN'],
  closing: ['CLOSING'],
};

/** iproute2's ss: -t -u -l -a -n -s, `state NAME`, `sport = :80`, `dst ADDRESS`. */
export function ss(call: Call): CommandResult {
  const words = textsOf(call);
  const flags = words
    .filter((word) => /^-[a-zA-Z0-9]+$/.test(word))
    .join('')
    .replaceAll('-', '');
  const unknown = /[^tualnsHpieomr4]/.exec(flags)?.[0];
  if (unknown !== undefined) return failed(255, `ss: invalid option -- '${unknown}'`);
  const all = socketRows(call.world, call.host);
  if (flags.includes('s')) return said(summary(all));
  const filter = filterOf(words.filter((word) => !word.startsWith('-')));
  if (typeof filter === 'string') return failed(255, filter);
  const rows = all
    .filter(({ protocol }) =>
      flags.includes('t') === flags.includes('u') ? true : flags.includes(protocol[0] ?? ''),
    )
    .filter(({ state }) => {
      if (filter.states !== undefined) return filter.states.includes(state);
      if (flags.includes('a')) return true;
      return flags.includes('l') ? state === 'LISTEN' || state === 'UNCONN' : !HIDDEN.has(state);
    })
    .filter(filter.fits);
  const both = flags.includes('t') === flags.includes('u');
  const port = (value: number, protocol: string): string =>
    portText(call, value, protocol, flags.includes('n'));
  return said(table(rows, port, both, filter.states?.length === 1, flags.includes('H')));
}

interface SocketFilter {
  readonly states: readonly string[] | undefined;
  readonly fits: (row: SocketRow) => boolean;
}

/** As much of ss' filters as operators type: all of them must fit. */
function filterOf(words: readonly string[]): SocketFilter | string {
  let states: readonly string[] | undefined;
  const tests: ((row: SocketRow) => boolean)[] = [];
  const plain = words
    .flatMap((word) => word.split(/\s+/))
    .filter((word) => !['and', '(', ')', '=', '==', 'eq'].includes(word));
  for (let i = 0; i < plain.length; i++) {
    const word = plain[i] ?? '';
    const value = plain[i + 1] ?? '';
    if (word === 'state') {
      const name = value.toLowerCase();
      states = Object.hasOwn(STATE_WORDS, name) ? STATE_WORDS[name] : undefined;
      if (states === undefined) return `ss: wrong state name: ${value}`;
    } else if (word === 'sport' || word === 'dport') {
      const port = Number(value.replace(/^:/, ''));
      if (!Number.isInteger(port)) return `Error: an inet prefix is expected rather than "${value}".`;
      tests.push((row) => (word === 'sport' ? row.localPort : row.peerPort) === port);
    } else if (word === 'src' || word === 'dst') {
      const [address, port] = value.split(':');
      tests.push((row) => {
        const [at, on] = word === 'src' ? [row.localAddress, row.localPort] : [row.peerAddress, row.peerPort];
        return (address === '' || at === address) && (port === undefined || on === Number(port));
      });
    } else return `Error: an inet prefix is expected rather than "${word}".`;
    i++;
  }
  return { states, fits: (row) => tests.every((test) => test(row)) };
}

export function portText({ names }: Call, port: number, protocol: string, numeric: boolean): string {
  if (port === 0) return '*';
  const number = protocol === 'udp' ? PROTO_UDP : PROTO_TCP;
  const named = names.find((one) => one.port === port && one.protocols.includes(number));
  return numeric || named === undefined ? String(port) : named.name;
}

/** misc/ss.c: each column as wide as what stands in it, the address set right against its port. */
function table(
  rows: readonly SocketRow[],
  port: (value: number, protocol: string) => string,
  withProtocol: boolean,
  withoutState: boolean,
  headless: boolean,
): string {
  const header = [
    'Netid',
    'State',
    'Recv-Q',
    'Send-Q',
    'Local Address',
    'Port',
    'Peer Address',
    'Port',
    'Process',
  ];
  const cells = rows.map((row) => [
    row.protocol,
    row.state,
    String(row.received),
    String(row.sent),
    row.localAddress,
    port(row.localPort, row.protocol),
    row.peerAddress,
    port(row.peerPort, row.protocol),
    '',
  ]);
  const all = headless ? cells : [header, ...cells];
  const widths = header.map((_, i) => Math.max(0, ...all.map((row) => row[i]?.length ?? 0)));
  return all
    .map((row) => {
      const at = (i: number): string => row[i] ?? '';
      const left = (i: number): string => at(i).padEnd(widths[i] ?? 0);
      const right = (i: number): string => at(i).padStart(widths[i] ?? 0);
      const head = [...(withProtocol ? [left(0)] : []), ...(withoutState ? [] : [left(1)]), left(2), left(3)];
      return `${head.join(' ')} ${right(4)}:${left(5)} ${right(6)}:${left(7)}${left(8)}\n`;
    })
    .join('');
}

function summary(rows: readonly SocketRow[]): string {
  const tcp = rows.filter(({ protocol }) => protocol === 'tcp');
  const udp = rows.length - tcp.length;
  const count = (state: string): number => tcp.filter((row) => row.state === state).length;
  const timewait = count('TIME-WAIT');
  const live = tcp.length - timewait;
  const line = (name: string, value: number): string =>
    `${name}\t  ${String(value).padEnd(9)} ${String(value).padEnd(9)} ${'0'.padEnd(9)}\n`;
  return (
    `Total: ${live + udp}\n` +
    `TCP:   ${tcp.length} (estab ${count('ESTAB')}, closed ${timewait}, ` +
    `orphaned 0, timewait ${timewait})\n\nTransport Total     IP        IPv6\n` +
    `${line('RAW', 0)}${line('UDP', udp)}${line('TCP', live)}` +
    `${line('INET', live + udp)}${line('FRAG', 0)}\n`
  );
}
