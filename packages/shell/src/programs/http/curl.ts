import { openSocket, otherEndOf, sendBytes, setAlarm, socketTuple } from '@lvscope/cluster';
import type { Message } from '@lvscope/cluster';
import type { SimTime } from '@lvscope/des';
import { formatIpv4 } from '@lvscope/inet';
import { openFile, openToWrite, saveFile } from '../../files.ts';
import { lasting } from '../../run/lasting.ts';
import type { Lasting, Run } from '../../run/lasting.ts';
import { parseUrl } from './url.ts';
import type { Url } from './url.ts';

interface CurlState {
  readonly url: Url;
  readonly options: CurlOptions;
  readonly begunAt: number;
  connectedAt: number;
  firstAt: number;
  received: number;
  /** The host whose program answered. */
  server: string | undefined;
  /** ADDRESS:PORT of its own. */
  localPort: number;
}

interface CurlOptions {
  silent: boolean;
  showErrors: boolean;
  head: boolean;
  fail: boolean;
  output: string | undefined;
  format: string | undefined;
  /** Seconds; 0 = none. */
  most: number;
  connectMost: number;
  target: string | undefined;
}

/** Bytes that `GET / HTTP/1.1` with curl's headers has. */
const REQUEST_BYTES = 75;
const TRY = "curl: try 'curl --help' or 'curl --manual' for more information";
/** curl's --connect-timeout unless said. Seconds. */
const CONNECT_TIMEOUT = 300;

/** curl 7.88: one request, and the page of the server that it met. */
export const curl: Lasting = lasting<CurlState>({
  start: (run, args) => {
    const options = readOptions(args.map(({ text }) => text));
    if (typeof options === 'string') return refuse(run, 2, options);
    const text = options.target;
    if (text === undefined) return refuse(run, 2, TRY);
    if (/^https:/i.test(text))
      return refuse(run, 1, 'curl: (1) Protocol "https" not supported: TLS is not simulated');
    const url = parseUrl(text);
    if (url === undefined) return refuse(run, 3, 'curl: (3) URL using bad/illegal format or missing URL');
    const state: CurlState = {
      url,
      options,
      begunAt: run.world.sim.now,
      connectedAt: -1,
      firstAt: -1,
      received: 0,
      server: undefined,
      localPort: 0,
    };
    if (url.address === undefined) return fail(run, state, 6, `Could not resolve host: ${url.host}`);
    const socket = openSocket(run.world, run.process, {
      destination: url.address,
      destinationPort: url.port,
    });
    if (typeof socket !== 'number') return fail(run, state, 7, cannotConnect(run, state));
    const limits = [options.connectMost || CONNECT_TIMEOUT, ...(options.most > 0 ? [options.most] : [])];
    setAlarm(run.world, run.process, (state.begunAt + Math.min(...limits) * 1e9) as SimTime);
    return state;
  },
  wake: (run, state, messages) => {
    for (const message of messages) if (run.process.status !== 'exited') hear(run, state, message);
  },
});

function refuse(run: Run, rc: number, text: string): undefined {
  run.complain(`${text}\n`);
  run.exit(rc);
  return undefined;
}

function readOptions(words: readonly string[]): CurlOptions | string {
  const options: CurlOptions = {
    silent: false,
    showErrors: false,
    head: false,
    fail: false,
    output: undefined,
    format: undefined,
    most: 0,
    connectMost: 0,
    target: undefined,
  };
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (!word.startsWith('-') || word === '-') {
      options.target = word;
      continue;
    }
    const spelled = word.startsWith('--') ? [LONG[word] ?? ''] : word.slice(1).split('');
    for (const [at, letter] of spelled.entries()) {
      if (letter === '' || !'sSIfowmcvkLHA4'.includes(letter)) {
        return `curl: option ${word}: is unknown\n${TRY}`;
      }
      if (!'owmcHA'.includes(letter)) {
        flag(options, letter);
        continue;
      }
      const joined = word.startsWith('--') ? '' : word.slice(at + 2);
      const value = joined === '' ? words[++i] : joined;
      if (value === undefined) return `curl: option ${word}: requires parameter\n${TRY}`;
      const fault = take(options, letter, value, word);
      if (fault !== undefined) return fault;
      break;
    }
  }
  return options;
}

const LONG: Readonly<Record<string, string>> = {
  '--silent': 's',
  '--show-error': 'S',
  '--head': 'I',
  '--fail': 'f',
  '--output': 'o',
  '--write-out': 'w',
  '--max-time': 'm',
  '--connect-timeout': 'c',
  '--verbose': 'v',
  '--insecure': 'k',
  '--location': 'L',
  '--header': 'H',
  '--user-agent': 'A',
  '--ipv4': '4',
};

function flag(options: CurlOptions, letter: string): void {
  if (letter === 's') options.silent = true;
  else if (letter === 'S') options.showErrors = true;
  else if (letter === 'I') options.head = true;
  else if (letter === 'f') options.fail = true;
}

function take(options: CurlOptions, letter: string, value: string, word: string): string | undefined {
  if (letter === 'o') options.output = value;
  else if (letter === 'w') options.format = value;
  else if (letter === 'm' || letter === 'c') {
    if (!/^\d{1,6}(\.\d{1,3})?$/.test(value)) {
      return `curl: option ${word}: expected a proper numerical parameter\n${TRY}`;
    }
    options[letter === 'm' ? 'most' : 'connectMost'] = Number(value);
  }
  return undefined;
}

const elapsedMs = (run: Run, { begunAt }: CurlState): number =>
  Math.floor((run.world.sim.now - begunAt) / 1e6);

function cannotConnect(run: Run, state: CurlState, why = "Couldn't connect to server"): string {
  const { host, port } = state.url;
  return `Failed to connect to ${host} port ${port} after ${elapsedMs(run, state)} ms: ${why}`;
}

function fail(run: Run, state: CurlState, rc: number, text: string): undefined {
  const { silent, showErrors, format } = state.options;
  if (!silent || showErrors) run.complain(`curl: (${rc}) ${text}\n`);
  if (format !== undefined) run.print(written(run, state, format, 0));
  run.exit(rc);
  return undefined;
}

function hear(run: Run, state: CurlState, message: Message): void {
  const { world, process } = run;
  switch (message.kind) {
    case 'connected': {
      state.connectedAt = world.sim.now;
      state.localPort = socketTuple(world.net, message.socket).localPort;
      sendBytes(world, message.socket, REQUEST_BYTES);
      const end = state.options.most > 0 ? state.begunAt + state.options.most * 1e9 : NEVER_NS;
      setAlarm(world, process, end as SimTime);
      break;
    }
    case 'received':
      if (state.firstAt < 0) state.firstAt = world.sim.now;
      state.server ??= otherEndOf(world, message.socket);
      state.received += message.bytes;
      break;
    // a server without a kept-alive client says by its FIN that the page is whole
    case 'remote-closed':
      if (state.received > 0) succeed(run, state);
      else fail(run, state, 52, 'Empty reply from server');
      break;
    case 'closed':
      if (state.connectedAt >= 0) fail(run, state, 56, 'Recv failure: Connection reset by peer');
      else if (message.reason === 'timeout') fail(run, state, 28, cannotConnect(run, state, TIMEOUT));
      else fail(run, state, 7, cannotConnect(run, state));
      break;
    case 'alarm':
      timeIsUp(run, state);
      break;
    default:
      break;
  }
}

const TIMEOUT = 'Timeout was reached';
/** An alarm that never goes off. */
const NEVER_NS = Number.POSITIVE_INFINITY;

function timeIsUp(run: Run, state: CurlState): void {
  const late = elapsedMs(run, state);
  const { most } = state.options;
  const whole = most > 0 && run.world.sim.now - state.begunAt >= most * 1e9;
  if (!whole) fail(run, state, 28, cannotConnect(run, state, TIMEOUT));
  else if (state.connectedAt < 0) fail(run, state, 28, `Connection timed out after ${late} milliseconds`);
  else {
    const got = `${state.received} bytes received`;
    fail(run, state, 28, `Operation timed out after ${late} milliseconds with ${got}`);
  }
}

function succeed(run: Run, state: CurlState): void {
  const { options } = state;
  const body = pageOf(run, state);
  const text = options.head ? headers(body) : body;
  if (options.output === undefined) run.print(text);
  else {
    const fault =
      openToWrite(run.world, run.host, options.output, false) ??
      saveFile(run.world, run.host, options.output, text, true);
    if (fault !== undefined) {
      fail(run, state, 23, 'Failure writing output to destination');
      return;
    }
  }
  if (options.format !== undefined) run.print(written(run, state, options.format, 200));
  run.exit(0);
}

/** What the server has in its web root; one without a page shows its name: one sees who answers. */
function pageOf({ world }: Run, { url, server }: CurlState): string {
  const path = url.path === '' || url.path.endsWith('/') ? `${url.path || '/'}index.html` : url.path;
  const file = openFile(world, server ?? '', `/var/www/html${path}`);
  return file.ok ? file.text : `<html><body><h1>${server ?? 'It works!'}</h1></body></html>\n`;
}

const headers = (body: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n`;

/** `-w`: what curl knows of the transfer. Bytes are those that came, headers and all. */
function written(run: Run, state: CurlState, format: string, code: number): string {
  const seconds = (at: number): string => (at < 0 ? 0 : (at - state.begunAt) / 1e9).toFixed(6);
  const { url } = state;
  const values: Readonly<Record<string, string>> = {
    http_code: String(code).padStart(3, '0'),
    response_code: String(code).padStart(3, '0'),
    time_total: seconds(run.world.sim.now),
    time_connect: seconds(state.connectedAt),
    time_starttransfer: seconds(state.firstAt),
    size_download: String(state.received),
    remote_ip: url.address === undefined ? '' : formatIpv4(url.address),
    remote_port: String(url.port),
    local_port: String(state.localPort),
  };
  return format
    .replace(/%\{([a-z_]+)\}/g, (all, name: string) =>
      Object.hasOwn(values, name) ? (values[name] ?? '') : all,
    )
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t');
}
