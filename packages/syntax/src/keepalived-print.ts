import { blockWord } from './blocks.ts';
import type { Check, KeepalivedConfig } from './keepalived.ts';

/** The file's text; reading it gives the same again. */
export function printKeepalived(config: KeepalivedConfig): string {
  const out: string[] = [];
  if (Object.keys(config.globals).length > 0) block(out, 0, 'global_defs', fieldLines(config.globals));
  for (const { name, members } of config.syncGroups) {
    block(out, 0, `vrrp_sync_group ${blockWord(name)}`, [['group', members.map(blockWord)]]);
  }
  for (const { name, settings, addresses, unicastPeers, trackInterfaces } of config.instances) {
    block(out, 0, `vrrp_instance ${blockWord(name)}`, [
      ...fieldLines(settings),
      ...listed('virtual_ipaddress', addresses),
      ...listed('unicast_peer', unicastPeers),
      ...listed('track_interface', trackInterfaces),
    ]);
  }
  for (const { name, entries } of config.serverGroups) {
    block(out, 0, `virtual_server_group ${blockWord(name)}`, entries);
  }
  for (const server of config.virtualServers) {
    const sorry = server.sorryServer;
    block(out, 0, `virtual_server ${server.key.map(blockWord).join(' ')}`, [
      ...fieldLines(server.settings),
      ...(sorry ? [`sorry_server ${sorry.address} ${sorry.port}`] : []),
      ...server.realServers.map(
        (real): Line => [
          `real_server ${real.address} ${real.port}`,
          [...fieldLines(real.settings), ...real.checks.map(checkLine)],
        ],
      ),
    ]);
  }
  return out.join('');
}

/** A line, or a block with its lines. */
type Line = string | readonly [string, readonly Line[]];

const checkLine = ({ kind, settings, urls }: Check): Line => [
  kind,
  [...fieldLines(settings), ...urls.map((url): Line => ['url', fieldLines(url)])],
];

const listed = (name: string, lines: readonly string[]): Line[] => (lines.length > 0 ? [[name, lines]] : []);

function fieldLines(settings: object): string[] {
  return Object.entries(settings).map(([keyword, value]: [string, unknown]) => {
    if (typeof value === 'boolean') return value ? keyword : `${keyword} off`;
    return `${keyword} ${blockWord(String(value))}`;
  });
}

function block(out: string[], depth: number, head: string, lines: readonly Line[]): void {
  const indent = '    '.repeat(depth);
  out.push(`${indent}${head} {\n`);
  for (const line of lines) {
    if (typeof line === 'string') out.push(`${indent}    ${line}\n`);
    else block(out, depth + 1, line[0], line[1]);
  }
  out.push(`${indent}}\n`);
}
