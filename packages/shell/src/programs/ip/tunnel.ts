import { interfaceByName } from '@lvscope/cluster';
import type { CommandResult, Host } from '@lvscope/cluster';
import type { IpCommand } from '@lvscope/syntax';
import { failed } from '../../program.ts';

type Tunnel = IpCommand & { readonly kind: 'tunnel-add' | 'tunnel-del' };

/** `ip tunnel show`: the one that the module ipip brings. */
export function showTunnels(host: Host, name: string | undefined): string {
  if (name !== undefined && name !== 'tunl0') return '';
  return interfaceByName(host, 'tunl0') ? 'tunl0: any/ip remote any local any ttl inherit nopmtudisc\n' : '';
}

export function addTunnel(host: Host, { name }: Tunnel): CommandResult {
  if (interfaceByName(host, name)) return failed(1, `add tunnel "tunl0" failed: File exists`);
  return failed(1, 'ip: only tunl0, which takes in from anybody, is simulated: ip link set tunl0 up');
}

export function deleteTunnel(host: Host, { name }: Tunnel): CommandResult {
  const why = interfaceByName(host, name) ? 'Operation not permitted' : 'No such device';
  return failed(1, `delete tunnel "${name}" failed: ${why}`);
}
