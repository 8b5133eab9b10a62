import {
  deleteNeighbour,
  hostNamed,
  interfaceByName,
  listNeighbours,
  lookupRoute,
  replaceNeighbour,
} from '@lvscope/cluster';
import type { CommandResult, Host, NeighbourRow } from '@lvscope/cluster';
import { formatIpv4, formatMac, parseIpv4, parseMac } from '@lvscope/inet';
import { DONE, failed, said, textsOf } from '../../program.ts';
import type { Call } from '../../program.ts';

const HEADER = 'Address                  HWtype  HWaddress           Flags Mask            Iface\n';

/** net-tools' arp: -n, -a, -i, -d, -s. */
export function arp(call: Call): CommandResult {
  const host = hostNamed(call.world, call.host);
  const words = textsOf(call);
  if (!host) return failed(1, 'arp: no such host');
  const at = words.findIndex((word) => word === '-i' || word === '--device');
  const device = at < 0 ? undefined : words[at + 1];
  const plain = words.filter((word, i) => !word.startsWith('-') && (at < 0 || i !== at + 1));
  const flags = words.filter((word) => /^-[a-zA-Z]+$/.test(word)).join('');
  const unknown = /[^-aenvidsDHANf]/.exec(flags)?.[0];
  if (unknown !== undefined) return failed(255, `arp: invalid option -- '${unknown}'`);
  if (device !== undefined && !interfaceByName(host, device)) {
    return failed(255, 'arp: in 0 entries no match found.');
  }
  if (flags.includes('d')) return forget(call, host, plain[0], device);
  if (flags.includes('s')) return set(call, host, plain, device);
  return list(call, host, plain[0], device, flags.includes('a'));
}

function list(
  { world }: Call,
  host: Host,
  asked: string | undefined,
  device: string | undefined,
  bsd: boolean,
): CommandResult {
  const all = listNeighbours(world, host, device).filter(({ state }) => state !== 'NOARP');
  const rows = asked === undefined ? all : all.filter(({ address }) => formatIpv4(address) === asked);
  if (rows.length === 0 && asked !== undefined) return said(`${asked} (${asked}) -- no entry\n`);
  if (bsd) return said(rows.map(bsdLine).join(''));
  return said(rows.length === 0 ? '' : HEADER + rows.map(line).join(''));
}

function line({ address, mac, state, device }: NeighbourRow): string {
  const name = formatIpv4(address).padEnd(24);
  if (mac === undefined) return `${name}         ${'(incomplete)'.padEnd(42)} ${device}\n`;
  const flags = state === 'PERMANENT' ? 'CM' : 'C';
  return `${name} ether   ${formatMac(mac).padEnd(19)} ${flags.padEnd(5)}                 ${device}\n`;
}

function bsdLine({ address, mac, state, device }: NeighbourRow): string {
  const at =
    mac === undefined ? '<incomplete> ' : `${formatMac(mac)} [ether] ${state === 'PERMANENT' ? 'PERM ' : ''}`;
  return `? (${formatIpv4(address)}) at ${at}on ${device}\n`;
}

function forget(
  { world }: Call,
  host: Host,
  asked: string | undefined,
  device: string | undefined,
): CommandResult {
  const address = parseIpv4(asked ?? '');
  if (asked === undefined) return failed(255, 'arp: need host name');
  if (address === undefined) return failed(255, `${asked}: Host name lookup failure`);
  const row = listNeighbours(world, host, device).find((one) => one.address === address);
  if (row === undefined) return failed(255, `No ARP entry for ${asked}`);
  deleteNeighbour(world, host.name, row.device, address);
  return DONE;
}

function set(
  { world }: Call,
  host: Host,
  words: readonly string[],
  device: string | undefined,
): CommandResult {
  const [name = '', hardware = ''] = words;
  const address = parseIpv4(name);
  const mac = parseMac(hardware);
  if (words.length < 2)
    return failed(255, words.length < 1 ? 'arp: need host name' : 'arp: need hardware address');
  if (address === undefined) return failed(255, `${name}: Host name lookup failure`);
  if (mac === undefined) return failed(255, 'arp: invalid hardware address');
  const route = lookupRoute(host, address);
  const dev = device ?? (route?.via === undefined ? route?.dev : undefined);
  if (dev === undefined) return failed(255, 'SIOCSARP: Network is unreachable');
  if (replaceNeighbour(world, host.name, dev, address, mac, 'PERMANENT')) return DONE;
  return failed(
    1,
    'arp: this world runs without frames (detail: connection): hosts have no neighbour entries',
  );
}
