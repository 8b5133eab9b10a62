import { parseIpv4, ipv4, PROTO_TCP, PROTO_UDP, type Ipv4 } from '@lvscope/inet';
import {
  addDestination,
  addService,
  deleteDestination,
  editDestination,
  editService,
  FORWARD_MASQ,
  FORWARD_ROUTE,
  FORWARD_TUNNEL,
  type IpvsResult,
  type ServiceKey,
} from '@lvscope/ipvs';
import { addAddress, setInterfaceUp } from '@lvscope/net';
import { ipvsOf } from '../machines.ts';
import type { CommandResult, Programs } from '../programs.ts';
import { addProcess, endProcess, writeLog } from '../processes/table.ts';
import { parsePrefix } from '@lvscope/syntax';
import { setService } from '../server/control.ts';
import { writeSysctl } from '../sysctl.ts';
import type { World } from '../world.ts';

const OK: CommandResult = { rc: 0, out: '', err: '' };
const failed = (err: string): CommandResult => ({ rc: 1, out: '', err });

function run(world: World, host: string, commandLine: string): CommandResult {
  const words = commandLine.split(/\s+/);
  switch (words[0]) {
    case 'ipvsadm':
      return ipvsadm(world, host, words.slice(1));
    case 'ip':
      return ip(world, host, words);
    case 'sysctl': {
      const [key = '', value = ''] = (words.at(-1) ?? '').split('=');
      return writeSysctl(world, host, key, value).ok ? OK : failed(`sysctl: ${key}`);
    }
    case 'systemctl':
      return setService(world, host, words[2] ?? '', words[1] === 'stop' ? 'stop' : 'start').ok
        ? OK
        : failed('no such unit');
    case 'true':
      return OK;
    default:
      return { rc: 127, out: '', err: `${words[0]}: command not found\n` };
  }
}

/** As much of the operator's tools as the tests of this package need; `shell` has the real ones. */
export const testPrograms: Programs = {
  run,
  start: (world, { host, line, record, terminal, parent }) => {
    const sink = (fd: 1 | 2) => ({ kind: 'log', record, terminal, fd }) as const;
    const process = addProcess(world, {
      host,
      name: 'bash',
      command: line,
      kind: 'command',
      parent,
      terminal,
      out: sink(1),
      err: sink(2),
      record,
    });
    const { rc, out, err } = run(world, host, line);
    writeLog(world, sink(1), out);
    writeLog(world, sink(2), err);
    endProcess(world, process, rc);
    return process.pid;
  },
  wake: () => {},
  signal: () => {},
  complete: () => ({ from: 0, candidates: [] }),
};

function ip(world: World, hostName: string, words: readonly string[]): CommandResult {
  const host = world.net.hostByName.get(hostName)!;
  if (words[1] === 'link')
    return setInterfaceUp(world.net, host, words[3]!, words[4] === 'up') ? OK : failed('');
  const prefix = parsePrefix(words[3] ?? '');
  if (words[1] !== 'addr' || words[2] !== 'add' || prefix === undefined) return failed(words.join(' '));
  const result = addAddress(world.net, host, words[5]!, prefix.address, prefix.prefixLength);
  return result === 'ok' ? OK : failed(result);
}

function endpoint(text: string): { address: Ipv4; port: number } {
  const [quad = '', port = '0'] = text.split(':');
  return { address: parseIpv4(quad)!, port: Number(port) };
}

function ipvsadm(world: World, hostName: string, words: readonly string[]): CommandResult {
  const ipvs = ipvsOf(world, hostName);
  if (ipvs === undefined) return failed('no ip_vs');
  const option = (...names: string[]): string | undefined => {
    const at = words.findIndex((word) => names.includes(word));
    return at < 0 ? undefined : (words[at + 1] ?? '');
  };
  const tcp = option('-t');
  const udp = option('-u');
  const virtual = endpoint(tcp ?? udp ?? '');
  const protocol = tcp === undefined ? PROTO_UDP : PROTO_TCP;
  const key: ServiceKey = { kind: 'address', protocol, ...virtual };
  const settings = {
    scheduler: option('-s') ?? 'wlc',
    schedulerFlags: 0,
    persistenceSeconds: Number(option('-p') ?? 0),
    netmask: option('-M') === undefined ? ipv4(0xffffffff) : parseIpv4(option('-M')!)!,
    prefixLength: 128,
    persistenceEngine: undefined,
    onePacket: words.includes('-o'),
  };
  const server = endpoint(option('-r') ?? '0.0.0.0');
  const destination = {
    method: words.includes('-m') ? FORWARD_MASQ : words.includes('-i') ? FORWARD_TUNNEL : FORWARD_ROUTE,
    tunnel: undefined,
    weight: Number(option('-w') ?? 1),
    upperThreshold: Number(option('-x') ?? 0),
    lowerThreshold: Number(option('-y') ?? 0),
  };
  let error: IpvsResult;
  switch (words[0]) {
    case '-A':
      error = addService(ipvs, world.sim, { key, ...settings });
      break;
    case '-E':
      error = editService(ipvs, world.sim, key, settings);
      break;
    case '-a':
      error = addDestination(ipvs, world.sim, key, server, destination);
      break;
    case '-e':
      error = editDestination(ipvs, world.sim, key, server, destination);
      break;
    case '-d':
      error = deleteDestination(ipvs, world.sim, key, server);
      break;
    default:
      return failed(`ipvsadm: ${words[0]}`);
  }
  return error === undefined ? OK : failed(`${error.code} ${error.what}`);
}
