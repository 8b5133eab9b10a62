import { hostNamed, interfaceByName } from '@lvscope/cluster';
import type { CommandResult, Host } from '@lvscope/cluster';
import { parseIp } from '@lvscope/syntax';
import type { IpCommand, IpInvocation, IpOptions } from '@lvscope/syntax';
import { failed, said } from '../../program.ts';
import type { Call } from '../../program.ts';
import { showInterfaces } from '../../text/ip-links.ts';
import { showRoutes } from '../../text/ip-routes.ts';
import { changeAddress, flushAddresses } from './address.ts';
import { addLink, deleteLink, setLink } from './link.ts';
import { changeNeighbour, flushNeighbourCache, listNeighbourCache } from './neighbour.ts';
import { changeRoute, flushRoutes, getRoute } from './route.ts';
import { addTunnel, deleteTunnel, showTunnels } from './tunnel.ts';

/** Policy routing is not simulated; these are the rules of every host. */
const RULES = '0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n';

/** iproute2's ip 6.1: addr, link, route, neigh, tunnel, rule. */
export function ip(call: Call): CommandResult {
  const host = hostNamed(call.world, call.host);
  if (!host) return failed(1, `ip: ${call.host}: no such host`);
  const first = call.args[0]?.text;
  if (first === '-V' || first === '-Version') return said('ip utility, iproute2-6.1.0, libbpf 1.1.2\n');
  const read = parseIp(call.args);
  if (!read.ok) return { rc: read.rc, out: '', err: read.err };
  return carryOut(call, host, read.value);
}

function carryOut(call: Call, host: Host, { options, command }: IpInvocation): CommandResult {
  switch (command.kind) {
    case 'addr-show':
    case 'link-show':
      return show(call, host, command, options);
    case 'addr-add':
    case 'addr-change':
    case 'addr-replace':
    case 'addr-del':
      return changeAddress(call.world.net, host, command);
    case 'addr-flush':
      return flushAddresses(call.world.net, host, command, options.statistics > 0);
    case 'link-set':
      return setLink(call, host, command.dev, command.changes);
    case 'link-add':
      return addLink(call.world.net, host, command.name, command.type);
    case 'link-del':
      return deleteLink(call.world.net, host, command.dev);
    case 'route-add':
    case 'route-append':
    case 'route-change':
    case 'route-replace':
    case 'route-del':
      return changeRoute(call.world.net, host, command);
    case 'route-show':
      return said(showRoutes(host, command));
    case 'route-flush':
      return flushRoutes(call.world.net, host, command);
    case 'route-get':
      return getRoute(call.world, host, command.address);
    case 'neigh-add':
    case 'neigh-change':
    case 'neigh-replace':
    case 'neigh-del':
      return changeNeighbour(call, host, command);
    case 'neigh-show':
      return listNeighbourCache(call, host, command.query, options.statistics > 0);
    case 'neigh-flush':
      return flushNeighbourCache(call, host, command.query, options.statistics > 0);
    case 'tunnel-add':
      return addTunnel(host, command);
    case 'tunnel-del':
      return deleteTunnel(host, command);
    case 'tunnel-show':
      return said(showTunnels(host, command.name));
    case 'rule-show':
      return said(RULES);
  }
}

function show(
  { world }: Call,
  host: Host,
  command: IpCommand & { readonly kind: 'addr-show' | 'link-show' },
  options: IpOptions,
): CommandResult {
  const { dev, up } = command;
  if (dev !== undefined && !interfaceByName(host, dev)) return failed(1, `Device "${dev}" does not exist.`);
  const what = command.kind === 'addr-show' ? 'addr' : 'link';
  return said(showInterfaces({ world, host, dev, up, options }, what));
}
