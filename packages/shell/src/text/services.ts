import { formatIpv4, protocolName } from '@lvscope/inet';
import {
  familyOf,
  listedSchedulerFlags,
  formatServerRule,
  formatServiceAddress,
  formatServiceOption,
  formatServiceSettings,
  nameOfPort,
} from '@lvscope/syntax';
import type { ListFormat, PortName, ServiceSettings, TunnelChoice } from '@lvscope/syntax';
import { left } from './columns.ts';
import { formatLargeNumber } from './large-number.ts';
import { METHOD_WORD } from './listed.ts';
import type { ListedNumbers, ListedServer, ListedService } from './listed.ts';
import { sortServices } from './sort.ts';

/** What every list begins with. @param tableSize rows of the connection hash table, a power of two */
export const formatVersionLine = (tableSize: number): string =>
  `IP Virtual Server version 1.2.1 (size=${tableSize})\n`;

const TITLE = left('Prot LocalAddress:Port', 33);
const REMOTE = '  -> RemoteAddress:Port\n';
const SCHEDULER_TITLE = 'Prot LocalAddress:Port Scheduler Flags\n';
const FORWARD_TITLE = '  -> RemoteAddress:Port           Forward ';
const CONNS_TITLE = 'Weight ActiveConn InActConn\n';

/** The two lines of column titles; of several formats the first counts, in this order. */
export function formatTitle(format: ListFormat): string {
  if (format.stats) return `${TITLE}    Conns   InPkts  OutPkts  InBytes OutBytes\n${REMOTE}`;
  if (format.rate) return `${TITLE}      CPS    InPPS   OutPPS    InBPS   OutBPS\n${REMOTE}`;
  if (format.thresholds) return `${TITLE} Uthreshold Lthreshold ActiveConn InActConn \n${REMOTE}`;
  if (format.persistentConn) return `${TITLE} Weight    PersistConn ActiveConn InActConn \n${REMOTE}`;
  if (format.tunInfo) return `${SCHEDULER_TITLE}${FORWARD_TITLE}TunnelInfo    ${CONNS_TITLE}`;
  return `${SCHEDULER_TITLE}${FORWARD_TITLE}${CONNS_TITLE}`;
}

/**
 * The services with their servers as `ipvsadm -L` prints them, titles included, the version line not.
 * @param names port names that the host knows; not used with -n
 */
export function formatServices(
  services: readonly ListedService[],
  format: ListFormat,
  names: readonly PortName[],
): string {
  const sorted = format.noSort ? services : sortServices(services);
  const known = format.numeric ? [] : names;
  const entries = sorted.map(
    (listed) =>
      formatServiceLine(listed, format, known) +
      listed.servers.map((server) => formatServerLine(listed, server, format, known)).join(''),
  );
  return formatTitle(format) + entries.join('');
}

function formatServiceLine(listed: ListedService, format: ListFormat, names: readonly PortName[]): string {
  const name = serviceName(listed, names);
  if (format.stats) return `${left(name, 33)}${numbers(listed.stats, format)}\n`;
  if (format.rate) return `${left(name, 33)}${numbers(listed.rates, format)}\n`;
  return `${name} ${flagsOf(listed.settings, familyOf(listed.service))}\n`;
}

/** ipvsadm prints marks with %d: 4294967295 is -1, which `-f` then refuses to read. */
const printedMark = (mark: number): number => mark | 0;

/** `TCP  192.168.1.6:80`, `SCTP 192.168.1.6:80`; IPv4 names are cut at 33 characters. */
function serviceName({ service }: ListedService, names: readonly PortName[]): string {
  if (service.kind === 'fwmark') {
    return `FWM  ${printedMark(service.mark)}${service.family === 6 ? ' IPv6' : ''}`;
  }
  const text = `${left(protocolName(service.protocol), 5)}${formatServiceAddress(service, names)}`;
  return service.kind === 'address' ? text.slice(0, 33) : text;
}

/** `sh (sh-port) persistent 300 mask 255.255.255.0 pe sip ops` */
function flagsOf(settings: ServiceSettings, family: 4 | 6): string {
  const flags = listedSchedulerFlags(settings.schedulerFlags, settings.scheduler);
  let text = settings.scheduler;
  if (flags !== undefined) text += ` (${flags})`;
  if (settings.persistenceSeconds > 0) {
    text += ` persistent ${settings.persistenceSeconds}`;
    if (family === 4 && settings.netmask !== 0xffffffff) text += ` mask ${formatIpv4(settings.netmask)}`;
    if (family === 6 && settings.prefixLength !== 128) text += ` mask ${settings.prefixLength}`;
    if (settings.persistenceEngine !== undefined) text += ` pe ${settings.persistenceEngine}`;
  }
  return settings.onePacket ? `${text} ops` : text;
}

function numbers(values: ListedNumbers, { exact }: ListFormat): string {
  return [values.conns, values.inPackets, values.outPackets, values.inBytes, values.outBytes]
    .map((value) => formatLargeNumber(value, exact))
    .join('');
}

function serverName(listed: ListedService, { server }: ListedServer, names: readonly PortName[]): string {
  // a mark has no protocol by which a port could have a name
  const port =
    listed.service.kind === 'fwmark'
      ? String(server.port)
      : nameOfPort(names, server.port, listed.service.protocol);
  return server.family === 4 ? `${formatIpv4(server.address)}:${port}` : `[${server.address}]:${port}`;
}

function formatServerLine(
  listed: ListedService,
  server: ListedServer,
  format: ListFormat,
  names: readonly PortName[],
): string {
  const full = serverName(listed, server, names);
  const name = `  -> ${left(familyOf(listed.service) === 4 ? full.slice(0, 28) : full, 28)}`;
  const { activeConns, inactConns, weight } = server;
  const conns = `${left(String(activeConns), 10)} ${left(String(inactConns), 10)}\n`;
  if (format.stats) return `${name}${numbers(server.stats, format)}\n`;
  if (format.rate) return `${name}${numbers(server.rates, format)}\n`;
  if (format.thresholds) {
    const limits = [server.upperThreshold, server.lowerThreshold].map((limit) => left(String(limit), 10));
    return `${name} ${limits.join(' ')} ${conns}`;
  }
  if (format.persistentConn) {
    return `${name} ${left(String(weight), 9)} ${left(String(server.persistConns), 11)} ${conns}`;
  }
  const forward = left(METHOD_WORD[server.method], 7);
  const tunnel = format.tunInfo ? `${left(tunnelInfo(server.tunnel), 13)} ` : '';
  return `${name} ${forward} ${tunnel}${left(String(weight), 6)} ${conns}`;
}

/** `ipip`, `gue:6080:+c`, `n/a`: from the tool's documentation, not recorded. */
function tunnelInfo(tunnel: TunnelChoice | undefined): string {
  if (!tunnel) return 'n/a';
  const checksum = { nocsum: '-c', csum: '+c', remcsum: 'r+c' }[tunnel.checksum];
  if (tunnel.type === 'ipip') return 'ipip';
  return tunnel.type === 'gue' ? `gue:${tunnel.port}:${checksum}` : `gre:${checksum}`;
}

/** The services as `ipvsadm -S` writes them, sorted; thresholds are not saved. */
export function formatSave(services: readonly ListedService[], names: readonly PortName[]): string {
  let text = '';
  for (const listed of sortServices(services)) {
    const { service } = listed;
    const printed = service.kind === 'fwmark' ? { ...service, mark: printedMark(service.mark) } : service;
    const option = formatServiceOption(printed, names);
    const flags = listedSchedulerFlags(listed.settings.schedulerFlags, listed.settings.scheduler);
    text += `-A ${option}${formatServiceSettings(listed.settings, familyOf(listed.service), flags)}\n`;
    for (const server of listed.servers) {
      const method = server.method === 'local' ? 'route' : server.method;
      text += `${formatServerRule(option, serverName(listed, server, names), { ...server, method })}\n`;
    }
  }
  return text;
}
