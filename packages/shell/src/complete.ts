import { filePaths, hostNamed, sysctlKeys } from '@lvscope/cluster';
import type { Completion, World } from '@lvscope/cluster';
import { formatIpv4 } from '@lvscope/inet';
import { sysctlFile } from '@lvscope/syntax';
import type { Tools } from './run/machine.ts';

/** Candidates that Tab offers at most. */
const MOST_CANDIDATES = 500;

/** What can stand at the cursor: a command's name, or an address, interface, file or setting of the host. */
export function complete(world: World, tools: Tools, host: string, text: string, cursor: number): Completion {
  const before = text.slice(0, Math.max(0, cursor));
  const from = before.length - (/[^\s;|&<>()"'=]*$/.exec(before)?.[0].length ?? 0);
  const start = before.slice(from);
  const candidates = isCommand(before.slice(0, from)) ? commandNames(tools) : words(world, host, start);
  const fitting = [...new Set(candidates)].filter((word) => word.startsWith(start)).sort();
  return { from, candidates: fitting.slice(0, MOST_CANDIDATES) };
}

/** A command's name stands at the beginning, behind an operator, or behind `sudo` and `watch`. */
const isCommand = (before: string): boolean =>
  /(^|[;|&(]|\bdo)\s*((sudo|watch(\s+-n\s*\S+)?)\s+)*$/.test(before);

const commandNames = (tools: Tools): string[] => [...tools.instant.keys(), ...tools.lasting.keys()];

function words(world: World, host: string, start: string): string[] {
  if (start.startsWith('/')) return files(world, host, start);
  const machine = hostNamed(world, host);
  if (machine === undefined) return [];
  const devices = machine.interfaces.map(({ name }) => name);
  const addresses = world.net.hosts.flatMap((one) =>
    one.interfaces.flatMap((nic) => nic.addresses.map(({ address }) => formatIpv4(address))),
  );
  return [...devices, ...addresses, ...sysctlKeys(world, host)];
}

/** Paths up to the next slash, as a shell offers them. */
function files(world: World, host: string, start: string): string[] {
  const settings = sysctlKeys(world, host).map((key) => sysctlFile(key.replaceAll('.', '/')));
  const all = [...settings, ...filePaths(world, host), '/proc/net/ip_vs', '/proc/net/ip_vs_conn'];
  return all
    .filter((path) => path.startsWith(start))
    .map((path) => {
      const slash = path.indexOf('/', start.length);
      return slash < 0 ? path : path.slice(0, slash + 1);
    });
}
