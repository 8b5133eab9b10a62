import { inPrefix, type Ipv4, ipv4 } from '@lvscope/inet';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { addAddress, addRoute, type Host, isLocal, turnToPackets } from './index.ts';
import { forgetPaths } from './path-cache.ts';
import { findPath } from './paths.ts';
import { createLab, host, ip, type Lab, segment } from './testing/lab.ts';

/** Few networks, and their edges, so that routes, addresses and destinations meet. */
const address = fc
  .tuple(
    fc.constantFrom('10.0.0', '10.0.1', '10.200.0', '192.168.255', '224.0.0', '127.0.0'),
    fc.constantFrom(0, 1, 2, 127, 128, 129, 254, 255),
  )
  .map(([network, last]) => ip(`${network}.${last}`));
const prefixLength = fc.constantFrom(0, 8, 16, 23, 24, 25, 31, 32);
const route = fc.record({
  network: address,
  prefixLength,
  how: fc.constantFrom('first', 'second', 'connected', 'own', 'own', 'lo', 'blackhole'),
});

function routed(routes: readonly { network: Ipv4; prefixLength: number; how: string }[]): {
  lab: Lab;
  at: Host;
} {
  const lab = createLab();
  turnToPackets(lab.net, { frame: 10, neighbour: 11 });
  const near = segment(lab, 'near', '172.16.0.0/24');
  const other = segment(lab, 'other', '172.17.0.0/24');
  const at = host(lab, 'router', 'router', [
    [near, '172.16.0.1/24'],
    [other, '172.17.0.1/24'],
  ]);
  for (const { network, prefixLength, how } of routes) {
    const to = { network, prefixLength };
    if (how === 'first') addRoute(lab.net, at, { ...to, type: 'unicast', via: ip('172.16.0.9') });
    else if (how === 'second') addRoute(lab.net, at, { ...to, type: 'unicast', via: ip('172.17.0.9') });
    else if (how === 'connected') addRoute(lab.net, at, { ...to, type: 'unicast', dev: 'eth1' });
    else if (how === 'own') addAddress(lab.net, at, 'lo', network, 32);
    else if (how === 'lo') addAddress(lab.net, at, 'lo', network, 24);
    else addRoute(lab.net, at, { ...to, type: 'blackhole' });
  }
  return { lab, at };
}

it('what the cache of paths says is what looking for a path says', () => {
  fc.assert(
    fc.property(
      fc.array(route, { maxLength: 6 }),
      fc.array(address, { minLength: 2, maxLength: 20 }),
      (routes, destinations) => {
        const [kept, fresh] = [routed(routes), routed(routes)];
        const own = routes.map(({ network }) => network);
        for (const to of [...destinations, ...own, ...destinations]) {
          forgetPaths(fresh.lab.net);
          const [a, b] = [kept, fresh].map(({ lab, at }) => findPath(lab, at, to, to));
          const said = [a, b].map((path) => [path!.kind, path!.nextHop, path!.out.map(({ name }) => name)]);
          expect(said[0], `${to}`).toEqual(said[1]);
        }
      },
    ),
    { numRuns: 500 },
  );
});

it('a host knows its own addresses, those of lo’s networks and 127/8, and no others', () => {
  fc.assert(
    fc.property(
      fc.array(route, { maxLength: 6 }),
      fc.array(address, { minLength: 2, maxLength: 20 }),
      (routes, asked) => {
        const { at } = routed(routes);
        const own = at.interfaces.flatMap((nic) => nic.addresses.map((one) => one.address as number));
        for (const one of [...asked, ...asked, ...own.map(ipv4)]) {
          const networks = at.routes.filter(({ type }) => type === 'local');
          const covered = networks.some((r) => inPrefix(one, r.network, r.prefixLength));
          expect(isLocal(at, one), `${one}`).toBe(own.includes(one) || one >>> 24 === 127 || covered);
        }
      },
    ),
    { numRuns: 300 },
  );
});
