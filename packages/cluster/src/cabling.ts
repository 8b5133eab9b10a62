import { addAddress, addRoute, hostByName } from '@lvscope/net';
import type { HostSpec } from '@lvscope/scenario';
import type { ScenarioFault } from './faults.ts';
import { parsePrefix } from '@lvscope/syntax';
import { parseRoute } from './route-text.ts';
import type { World } from './world.ts';

/** Gives a host its addresses and routes; what cannot be is a fault at its place in the document. */
export function connectHost(world: World, spec: HostSpec, index: number, faults: ScenarioFault[]): void {
  const host = hostByName(world.net, spec.name)!;
  for (const [i, nic] of spec.interfaces.entries()) {
    for (const [j, text] of nic.addresses.entries()) {
      const prefix = parsePrefix(text)!;
      const result = addAddress(world.net, host, nic.name, prefix.address, prefix.prefixLength);
      if (result !== 'ok') {
        const path = `hosts[${index}].interfaces[${i}].addresses[${j}]`;
        faults.push({
          path,
          found: `${text} (${result})`,
          wanted: 'an address that the interface does not have',
        });
      }
      if (nic.network !== '' && !world.hostByAddress.has(prefix.address)) {
        world.hostByAddress.set(prefix.address, host.id);
      }
    }
  }
  for (const [i, text] of spec.routes.entries()) {
    const path = `hosts[${index}].routes[${i}]`;
    const route = parseRoute(text);
    if (route === undefined) {
      const wanted = 'what follows ip route add: default via 192.168.1.1, or local 10.1.0.0/16 dev lo';
      faults.push({ path, found: text, wanted });
      continue;
    }
    const result = addRoute(world.net, host, route);
    if (result !== 'ok' && result !== 'exists') {
      faults.push({ path, found: `${text} (${result})`, wanted: 'a gateway on one of the host’s networks' });
    }
  }
}
