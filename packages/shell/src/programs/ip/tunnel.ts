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

/** What takes in from anybody is there; a tunnel of two named ends would change nothing for LVS. */
export const onlyFallbackTunnel = (): CommandResult =>
  failed(1, 'ip: only tunl0, which takes in from anybody, is simulated: ip link set tunl0 up');

export function addTunnel(host: Host, { name }: Tunnel): CommandResult {
  if (interfaceByName(host, name)) return failed(1, `add tunnel "tunl0" failed: File exists`);
  return onlyFallbackTunnel();
}

export function deleteTunnel(host: Host, { name }: Tunnel): CommandResult {
  const why = !interfaceByName(host, name)
    ? 'No such device'
    : name === 'tunl0'
      ? 'Operation not permitted'
      : 'Operation not supported';
  return failed(1, `delete tunnel "${name}" failed: ${why}`);
}
