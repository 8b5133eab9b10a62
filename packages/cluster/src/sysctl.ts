import { getSysctl, IPVS_SYSCTLS, setSysctl } from '@lvscope/ipvs';
import type { Host } from '@lvscope/net';
import { applyLinkSysctl } from './link-sysctl.ts';
import { refreshPaths } from './transport.ts';
import { HOST_SYSCTLS, INTERFACE_SYSCTLS, NEIGHBOUR_SYSCTLS, type SysctlEntry } from './sysctl-table.ts';
import type { World } from './world.ts';

export type SysctlRead =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly error: 'no-such-key' };

export type SysctlWritten =
  | { readonly ok: true }
  /** `invalid` is the kernel's EINVAL. */
  | { readonly ok: false; readonly error: 'no-such-key' | 'invalid' };

const UNKNOWN = { ok: false, error: 'no-such-key' } as const;
const INVALID = { ok: false, error: 'invalid' } as const;
const WRITTEN = { ok: true } as const;
const VS = 'net.ipv4.vs.';

/** `net/ipv4/ip_forward`, `/proc/sys/net/ipv4/ip_forward` and `net.ipv4.ip_forward` are one key. */
export function sysctlKey(text: string): string {
  return text.replace(/^\/proc\/sys\//, '').replaceAll('/', '.');
}

interface Place {
  readonly entry: SysctlEntry;
  readonly variable: string;
}

/** The entry of a key on this host, IPVS's apart. */
function placeOf(host: Host, key: string): Place | undefined {
  const entry = HOST_SYSCTLS.get(key);
  if (entry !== undefined) return existsOn(host, entry) ? { entry, variable: key } : undefined;
  const match = /^net\.ipv4\.(conf|neigh)\.([^.]+)\.([^.]+)$/.exec(key);
  if (match === null) return undefined;
  const [, group, device, variable] = match as unknown as [string, string, string, string];
  const known = device === 'default' || host.interfaces.some((nic) => nic.name === device);
  if (!known && !(group === 'conf' && device === 'all')) return undefined;
  const value = defaultOf(host, group, variable);
  return value === undefined ? undefined : { entry: { default: value, numbers: 1 }, variable };
}

const existsOn = (host: Host, { kernels }: SysctlEntry): boolean =>
  kernels === undefined || kernels.includes(host.kernel);

/** `hidden` came with a patch for kernels 2.2 and 2.4 and went with them. */
function defaultOf(host: Host, group: string, variable: string): string | undefined {
  if (group === 'neigh') return NEIGHBOUR_SYSCTLS.get(variable);
  if (variable === 'hidden') return host.kernel === '2.4' ? '0' : undefined;
  return INTERFACE_SYSCTLS.get(variable);
}

function vsName(world: World, host: string, key: string): { director: number; name: string } | undefined {
  if (!key.startsWith(VS)) return undefined;
  const director = world.directors.findIndex((d) => d.name === host);
  return director < 0 ? undefined : { director, name: key.slice(VS.length) };
}

/** What the file reads, numbers apart by a tab as the kernel prints them. */
export function readSysctl(world: World, hostName: string, keyText: string): SysctlRead {
  const key = sysctlKey(keyText);
  const vs = vsName(world, hostName, key);
  if (vs !== undefined) {
    const value = getSysctl(world.directors[vs.director]!.ipvs, vs.name);
    return value === undefined ? UNKNOWN : { ok: true, value: value.replaceAll(' ', '\t') };
  }
  const host = world.net.hostByName.get(hostName);
  const place = host && placeOf(host, key);
  if (host === undefined || place === undefined) return UNKNOWN;
  if (place.entry.net !== undefined)
    return { ok: true, value: [host.sysctl[place.entry.net]].flat().join('\t') };
  const value = world.sysctls.get(`${hostName} ${key}`) ?? place.entry.default;
  return { ok: true, value: value.replaceAll(' ', '\t') };
}

/** A write to /proc/sys; it takes effect at once. */
export function writeSysctl(world: World, hostName: string, keyText: string, text: string): SysctlWritten {
  const key = sysctlKey(keyText);
  const vs = vsName(world, hostName, key);
  if (vs !== undefined) {
    const error = setSysctl(world.directors[vs.director]!.ipvs, world.sim, vs.name, text);
    if (error === undefined) return WRITTEN;
    return error.code === 'ENOENT' ? UNKNOWN : INVALID;
  }
  const host = world.net.hostByName.get(hostName);
  const place = host && placeOf(host, key);
  if (host === undefined || place === undefined) return UNKNOWN;
  const numbers = text.trim().split(/\s+/);
  if (numbers.length > place.entry.numbers || !numbers.every((n) => /^-?\d+$/.test(n))) return INVALID;
  const values = numbers.map(Number);
  const { min = -0x80000000, max = 0x7fffffff } = place.entry;
  if (values.some((value) => value < min || value > max)) return INVALID;
  if (place.entry.net !== undefined) return writeLive(world, host, place.entry.net, values);
  world.sysctls.set(`${hostName} ${key}`, values.join(' '));
  if (place.variable === 'arp_ignore') applyArpIgnore(world, host);
  applyLinkSysctl(world.net, host, key, values[0]!);
  return WRITTEN;
}

function writeLive(
  world: World,
  host: Host,
  field: keyof Host['sysctl'],
  values: readonly number[],
): SysctlWritten {
  const first = values[0]!;
  if (field === 'ip_local_port_range') {
    const last = values[1] ?? host.sysctl.ip_local_port_range[1];
    if (first > last) return INVALID;
    host.sysctl.ip_local_port_range = [first, last];
  } else if (field === 'tcp_rmem' || field === 'tcp_wmem') {
    const [, initial, most] = host.sysctl[field];
    host.sysctl[field] = [first, values[1] ?? initial, values[2] ?? most];
  } else {
    host.sysctl[field] = first;
  }
  refreshPaths(world);
  return WRITTEN;
}

/** "all" and the receiving interface: the larger value counts; lo's own never matters (oracle, group arp). */
function applyArpIgnore(world: World, host: Host): void {
  let effective = 0;
  for (const device of ['all', ...host.interfaces.map((nic) => nic.name)]) {
    if (device === 'lo' || device === 'tunl0') continue;
    const value = Number(world.sysctls.get(`${host.name} net.ipv4.conf.${device}.arp_ignore`) ?? 0);
    effective = Math.max(effective, value);
  }
  host.sysctl.arp_ignore = effective;
  refreshPaths(world);
}

/** Every key of the host, sorted, as `sysctl -a` lists them. */
export function sysctlKeys(world: World, hostName: string): string[] {
  const host = world.net.hostByName.get(hostName);
  if (host === undefined) return [];
  const keys = [...HOST_SYSCTLS].flatMap(([key, entry]) => (existsOn(host, entry) ? [key] : []));
  const devices = ['default', ...host.interfaces.map((nic) => nic.name)];
  const hidden = host.kernel === '2.4' ? ['hidden'] : [];
  for (const name of [...INTERFACE_SYSCTLS.keys(), ...hidden]) {
    for (const device of ['all', ...devices]) keys.push(`net.ipv4.conf.${device}.${name}`);
  }
  for (const name of NEIGHBOUR_SYSCTLS.keys()) {
    for (const device of devices) keys.push(`net.ipv4.neigh.${device}.${name}`);
  }
  if (world.directors.some((d) => d.name === hostName)) {
    for (const { name } of IPVS_SYSCTLS) keys.push(VS + name);
  }
  return keys.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
