import { addRoute, deleteRoute, hostNamed } from '@lvscope/cluster';
import type { CommandResult, Host, Route } from '@lvscope/cluster';
import { formatIpv4, ipv4, netmask, parseIpv4 } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';
import { parsePrefix } from '@lvscope/syntax';
import { DONE, failed, said, textsOf } from '../../program.ts';
import type { Call } from '../../program.ts';
import { isRejecting, mainRoutes } from '../../text/ip-routes.ts';

const USAGE = `Usage: inet_route [-vF] del {-host|-net} Target[/prefix] [gw Gw] [metric M] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [gw Gw] [metric M]
                              [netmask N] [mss Mss] [window W] [irtt I]
                              [mod] [dyn] [reinstate] [[dev] If]
       inet_route [-vF] add {-host|-net} Target[/prefix] [metric M] reject
       inet_route [-FC] flush      NOT supported
`;

const misused = (text: string, rc: number): CommandResult => ({ rc, out: '', err: `${text}${USAGE}` });

/** net-tools' route. */
export function route(call: Call): CommandResult {
  const host = hostNamed(call.world, call.host);
  const words = textsOf(call);
  if (!host) return failed(1, 'route: no such host');
  const [verb] = words.filter((word) => !word.startsWith('-'));
  if (verb === undefined) return said(routeTable(host, words.includes('-n')));
  if (verb !== 'add' && verb !== 'del') return misused('', 3);
  const read = readRoute(words.slice(words.indexOf(verb) + 1));
  if ('rc' in read) return read;
  return verb === 'add' ? add(call, host, read) : remove(call, host, read);
}

/** `route -n`, `netstat -rn`'s columns aside. */
export function routeTable(host: Host, numeric: boolean): string {
  const header =
    'Kernel IP routing table\n' +
    'Destination     Gateway         Genmask         Flags Metric Ref    Use Iface\n';
  return (
    header +
    mainRoutes(host)
      .map((one) => tableLine(one, numeric))
      .join('')
  );
}

function tableLine(route: Route, numeric: boolean): string {
  const { network, prefixLength, via, dev = '*' } = route;
  const name = prefixLength === 0 && !numeric ? 'default' : formatIpv4(network);
  const mask = formatIpv4(ipv4(netmask(prefixLength) >>> 0));
  const host = prefixLength === 32 ? 'H' : '';
  if (isRejecting(route)) {
    const flags = `!${host}`.padEnd(5);
    return `${name.padEnd(15)} ${'-'.padEnd(15)} ${mask.padEnd(15)} ${flags} 0      -        0 -\n`;
  }
  const gateway = via === undefined ? '0.0.0.0' : formatIpv4(via);
  const flags = `U${via === undefined ? '' : 'G'}${host}`;
  const ends = `${name.padEnd(15)} ${gateway.padEnd(15)} ${mask.padEnd(15)}`;
  return `${ends} ${flags.padEnd(5)} 0      0        0 ${dev}\n`;
}

function readRoute(words: readonly string[]): Route | CommandResult {
  let target: string | undefined;
  let length: number | undefined;
  let via: Ipv4 | undefined;
  let dev: string | undefined;
  let isHost = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word === '-host') isHost = true;
    else if (word === '-net' || word === '-4') continue;
    else if (word === 'gw' || word === 'gateway') {
      via = parseIpv4(words[++i] ?? '');
      if (via === undefined) return failed(6, `${words[i] ?? ''}: Host name lookup failure`);
    } else if (word === 'netmask') {
      length = parsePrefix(`0.0.0.0/${words[++i] ?? ''}`)?.prefixLength;
      if (length === undefined) return misused(`route: bogus netmask ${words[i] ?? ''}\n`, 3);
    } else if (word === 'dev') dev = words[++i];
    else if (['metric', 'mss', 'window', 'irtt'].includes(word)) i++;
    else if (target === undefined) target = word;
    else dev = word;
  }
  if (target === undefined) return misused('', 3);
  const prefix = target === 'default' ? parsePrefix('0.0.0.0/0') : parsePrefix(target);
  if (prefix === undefined) return failed(6, `${target}: Unknown host`);
  const given = target === 'default' || target.includes('/') ? prefix.prefixLength : undefined;
  const prefixLength = length ?? given ?? (isHost || words.includes('-net') === false ? 32 : 24);
  if ((prefix.address & ~netmask(prefixLength)) !== 0) {
    return misused("route: netmask doesn't match route address\n", 3);
  }
  return {
    type: 'unicast',
    network: prefix.address,
    prefixLength,
    ...(via !== undefined && { via }),
    ...(dev !== undefined && { dev }),
  };
}

function add({ world }: Call, host: Host, wanted: Route): CommandResult {
  switch (addRoute(world.net, host, wanted)) {
    case 'ok':
      return DONE;
    case 'exists':
      return failed(7, 'SIOCADDRT: File exists');
    case 'gateway-unreachable':
      return failed(7, 'SIOCADDRT: Network is unreachable');
    case 'no-such-device':
    case 'no-such-route':
      return failed(7, 'SIOCADDRT: No such device');
  }
}

function remove({ world }: Call, host: Host, wanted: Route): CommandResult {
  const found = host.routes.find(
    (one) =>
      one.type === 'unicast' &&
      one.network === wanted.network &&
      one.prefixLength === wanted.prefixLength &&
      (wanted.via === undefined || one.via === wanted.via) &&
      (wanted.dev === undefined || one.dev === wanted.dev),
  );
  if (found === undefined) return failed(7, 'SIOCDELRT: No such process');
  deleteRoute(world.net, host, found);
  return DONE;
}
