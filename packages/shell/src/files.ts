import {
  filePaths,
  hostNamed,
  ipvsOf,
  readFile,
  readSysctl,
  sysctlKeys,
  writeFile,
  writeSysctl,
} from '@lvscope/cluster';
import type { World } from '@lvscope/cluster';
import { sysctlFile, sysctlPathOfFile } from '@lvscope/syntax';
import { systemLog } from './programs/processes.ts';
import { readProcFile } from './proc-files.ts';
import { listConnections, listServices, liveNumbers, totalNumbers, totalRates } from './ipvs-data.ts';
import {
  formatProcConnections,
  formatProcOrigins,
  formatProcPercpu,
  formatProcServices,
  formatProcStats,
} from './text/proc-net.ts';

/** Why a file could not be opened, in the C library's words. */
export type FileFault =
  | 'No such file or directory'
  | 'Permission denied'
  | 'Invalid argument'
  | 'No space left on device';

export type FileRead =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly fault: FileFault };

const ABSENT: FileRead = { ok: false, fault: 'No such file or directory' };

const PROC = '/proc/net/ip_vs';

/** Reads a file of a host: /proc/sys, /proc/net/ip_vs*, /dev/null, and what commands wrote. */
export function openFile(world: World, host: string, path: string): FileRead {
  if (path === '/dev/null') return { ok: true, text: '' };
  if (path === '/var/log/messages' || path === '/var/log/syslog') {
    return { ok: true, text: systemLog(world, host) };
  }
  if (path === '/etc/hostname') return { ok: true, text: `${host}\n` };
  const setting = sysctlPathOfFile(path);
  if (setting !== undefined) {
    const value = readSysctl(world, host, sysctlFile(setting));
    return value.ok ? { ok: true, text: `${value.value}\n` } : ABSENT;
  }
  const shown = readProcFile(world, host, path);
  if (shown !== undefined) return { ok: true, text: shown };
  if (path.startsWith(PROC)) return readProc(world, host, path);
  const text = readFile(world, host, absolute(path));
  return text === undefined ? ABSENT : { ok: true, text };
}

/** The one working directory is root's. */
const absolute = (path: string): string => (path.startsWith('/') ? path : `/root/${path}`);

function readProc(world: World, host: string, path: string): FileRead {
  const ipvs = ipvsOf(world, host);
  if (!ipvs) return ABSENT;
  switch (path) {
    case PROC:
      return { ok: true, text: formatProcServices(listServices(ipvs), 2 ** ipvs.tableBits) };
    case `${PROC}_conn`:
      return { ok: true, text: formatProcConnections(listConnections(world, ipvs)) };
    case `${PROC}_conn_sync`:
      return { ok: true, text: formatProcOrigins(listConnections(world, ipvs)) };
    case `${PROC}_stats`:
      return { ok: true, text: formatProcStats(totalNumbers(ipvs), totalRates(ipvs)) };
    case `${PROC}_stats_percpu`:
      return { ok: true, text: formatProcPercpu(liveNumbers(ipvs), totalNumbers(ipvs), totalRates(ipvs)) };
    // no application helper (ftp) is simulated
    case `${PROC}_app`:
      return { ok: true, text: 'prot port    usecnt name\n' };
    default:
      return ABSENT;
  }
}

/** Opens a file for writing, as a redirection does first. @returns undefined when it worked */
export function openToWrite(
  world: World,
  host: string,
  path: string,
  append: boolean,
): FileFault | undefined {
  if (path === '/dev/null') return undefined;
  const setting = sysctlPathOfFile(path);
  if (setting !== undefined) {
    return readSysctl(world, host, sysctlFile(setting)).ok ? undefined : 'No such file or directory';
  }
  if (path.startsWith('/proc/'))
    return path.startsWith(PROC) ? 'Permission denied' : 'No such file or directory';
  if (append && readFile(world, host, absolute(path)) !== undefined) return undefined;
  return writeFile(world, host, absolute(path), '') ? undefined : 'No space left on device';
}

/** Writes a file; a write to /proc/sys takes effect. @returns undefined when it worked */
export function saveFile(
  world: World,
  host: string,
  path: string,
  text: string,
  append: boolean,
): FileFault | undefined {
  if (path === '/dev/null') return undefined;
  const setting = sysctlPathOfFile(path);
  if (setting !== undefined) {
    const written = writeSysctl(world, host, sysctlFile(setting), text.trim());
    if (written.ok) return undefined;
    return written.error === 'invalid' ? 'Invalid argument' : 'No such file or directory';
  }
  if (path.startsWith('/proc/'))
    return path.startsWith(PROC) ? 'Permission denied' : 'No such file or directory';
  const whole = append ? (readFile(world, host, absolute(path)) ?? '') + text : text;
  return writeFile(world, host, absolute(path), whole) ? undefined : 'No space left on device';
}

/** Paths of the host's files that a pattern with `*` and `?` matches, sorted. */
export function matchFiles(world: World, host: string, pattern: string): string[] {
  if (!hostNamed(world, host)) return [];
  const shape = new RegExp(
    `^${pattern
      .replace(/[\\^$+.()|{}[\]]/g, '\\$&')
      .replace(/\*+/g, '[^/]*')
      .replaceAll('?', '[^/]')}$`,
  );
  const settings = pattern.startsWith('/proc/sys/')
    ? sysctlKeys(world, host).map((key) => sysctlFile(key.replaceAll('.', '/')))
    : [];
  const prefix = pattern.startsWith('/') ? '' : '/root/';
  const written = filePaths(world, host)
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length));
  return [...settings, ...written].filter((path) => shape.test(path)).sort();
}
