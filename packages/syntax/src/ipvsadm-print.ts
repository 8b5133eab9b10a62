import { formatEndpoint, formatIpv4, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';
import type {
  DaemonSettings,
  IpvsadmCommand,
  ListFormat,
  ListWhat,
  ServerAddress,
  ServerSettings,
  ServiceAddress,
  ServiceSettings,
  TunnelChoice,
} from './ipvsadm-command.ts';
import { nameOfPort, NO_PORT_NAMES } from './port-names.ts';
import type { PortName } from './port-names.ts';
import { formatSchedulerFlags } from './scheduler-flags.ts';

/** `-t 192.168.1.6:80`, `-u [2001:db8::1]:53`, `-f 1`, `-f 1 -6`: how ipvsadm names a service. */
export function formatServiceOption(
  service: ServiceAddress,
  names: readonly PortName[] = NO_PORT_NAMES,
): string {
  if (service.kind === 'fwmark') return `-f ${service.mark}${service.family === 6 ? ' -6' : ''}`;
  const option = { [PROTO_TCP]: '-t', [PROTO_UDP]: '-u' }[service.protocol] ?? '--sctp-service';
  return `${option} ${formatServiceAddress(service, names)}`;
}

/** `192.168.1.6:80`, `[2001:db8::1]:80`; a mark is its number. */
export function formatServiceAddress(
  service: ServiceAddress,
  names: readonly PortName[] = NO_PORT_NAMES,
): string {
  if (service.kind === 'fwmark') return String(service.mark);
  const port = nameOfPort(names, service.port, service.protocol);
  return service.kind === 'address'
    ? `${formatIpv4(service.address)}:${port}`
    : `[${service.address}]:${port}`;
}

/** `192.168.1.11:80`, `[2001:db8::2]:80` */
export function formatServerAddress(server: ServerAddress): string {
  return server.family === 4
    ? formatEndpoint(server.address, server.port)
    : `[${server.address}]:${server.port}`;
}

const METHOD_OPTION = { masq: '-m', tunnel: '-i', route: '-g' } as const;

/** ` --tun-type gue --tun-port 6080 --tun-csum`, as the save format has it; ipip without port. */
export function formatTunnelOptions(tunnel: TunnelChoice): string {
  const port = tunnel.type === 'gue' ? ` --tun-port ${tunnel.port}` : '';
  const checksum = tunnel.type === 'ipip' ? '' : ` --tun-${tunnel.checksum}`;
  return ` --tun-type ${tunnel.type}${port}${checksum}`;
}

/**
 * ` -s rr -p 300 -M 255.255.255.0 --pe sip -o -b sh-port`: settings in the order of the save format.
 * @param family of the service: it decides which mask counts.
 * @param flags what -b shows, undefined for none
 */
export function formatServiceSettings(
  settings: ServiceSettings,
  family: 4 | 6,
  flags: string | undefined,
): string {
  let text = ` -s ${settings.scheduler}`;
  if (settings.persistenceSeconds > 0)
    text += ` -p ${settings.persistenceSeconds}${formatMask(settings, family)}`;
  if (settings.persistenceEngine !== undefined) text += ` --pe ${settings.persistenceEngine}`;
  if (settings.onePacket) text += ' -o';
  return flags === undefined ? text : `${text} -b ${flags}`;
}

function formatMask(settings: ServiceSettings, family: 4 | 6): string {
  if (family === 6) return settings.prefixLength === 128 ? '' : ` -M ${settings.prefixLength}`;
  return settings.netmask === 0xffffffff ? '' : ` -M ${formatIpv4(settings.netmask)}`;
}

/** The address family of a service. */
export function familyOf(service: ServiceAddress): 4 | 6 {
  if (service.kind === 'fwmark') return service.family;
  return service.kind === 'address' ? 4 : 6;
}

/** One line of the save format, without thresholds: the real tool does not save them. */
export function formatServerRule(serviceOption: string, server: string, settings: ServerSettings): string {
  const tunnel = settings.tunnel ? formatTunnelOptions(settings.tunnel) : '';
  return `-a ${serviceOption} -r ${server} ${METHOD_OPTION[settings.method]} -w ${settings.weight}${tunnel}`;
}

/** The canonical command line: `parseIpvsadm` of it gives the command back. */
export function printIpvsadm(command: IpvsadmCommand): string {
  return `ipvsadm ${printArguments(command)}`;
}

function printArguments(command: IpvsadmCommand): string {
  switch (command.kind) {
    case 'add-service':
    case 'edit-service': {
      const { service, settings } = command;
      const letter = command.kind === 'add-service' ? '-A' : '-E';
      // a mask without -p changes nothing in the kernel's listing, but it was said
      const family = familyOf(service);
      const lonely = settings.persistenceSeconds > 0 ? '' : formatMask(settings, family);
      const flags = formatSchedulerFlags(settings.schedulerFlags, settings.scheduler) || undefined;
      const said = formatServiceSettings(settings, family, flags);
      return `${letter} ${formatServiceOption(service)}${said}${lonely}`;
    }
    case 'delete-service':
      return `-D ${formatServiceOption(command.service)}`;
    case 'add-server':
    case 'edit-server': {
      const server = formatServerAddress(command.server);
      const rule = formatServerRule(formatServiceOption(command.service), server, command.settings);
      return (
        (command.kind === 'add-server' ? rule : `-e${rule.slice(2)}`) + printThresholds(command.settings)
      );
    }
    case 'delete-server':
      return `-d ${formatServiceOption(command.service)} -r ${formatServerAddress(command.server)}`;
    case 'flush':
      return '-C';
    case 'restore':
      return '-R';
    case 'save':
      return command.numeric ? '-S -n' : '-S';
    case 'list':
      return `-L${printListWhat(command.what)}${printListFormat(command.format)}`;
    case 'zero':
      return command.service ? `-Z ${formatServiceOption(command.service)}` : '-Z';
    case 'set-timeouts':
      return `--set ${command.tcp} ${command.tcpFin} ${command.udp}`;
    case 'start-daemon':
      return printDaemon(command);
    case 'stop-daemon':
      return `--stop-daemon ${command.role}${command.syncId > 0 ? ` --syncid ${command.syncId}` : ''}`;
    case 'help':
      return '-h';
    case 'version':
      return '-v';
  }
}

function printThresholds(settings: ServerSettings): string {
  const upper = settings.upperThreshold > 0 ? ` -x ${settings.upperThreshold}` : '';
  return settings.lowerThreshold > 0 ? `${upper} -y ${settings.lowerThreshold}` : upper;
}

function printListWhat(what: ListWhat): string {
  switch (what.kind) {
    case 'services':
      return '';
    case 'service':
      return ` ${formatServiceOption(what.service)}`;
    case 'connections':
      return ' -c';
    default:
      return ` --${what.kind}`;
  }
}

const FORMAT_OPTIONS = [
  ['numeric', '-n'],
  ['stats', '--stats'],
  ['rate', '--rate'],
  ['thresholds', '--thresholds'],
  ['persistentConn', '--persistent-conn'],
  ['tunInfo', '--tun-info'],
  ['noSort', '--nosort'],
  ['exact', '--exact'],
] as const;

function printListFormat(format: ListFormat): string {
  return FORMAT_OPTIONS.filter(([field]) => format[field])
    .map(([, option]) => ` ${option}`)
    .join('');
}

function printDaemon(daemon: DaemonSettings): string {
  let text = `--start-daemon ${daemon.role} --mcast-interface ${daemon.interface}`;
  if (daemon.syncId > 0) text += ` --syncid ${daemon.syncId}`;
  if (daemon.maxLength > 0) text += ` --sync-maxlen ${daemon.maxLength}`;
  if (daemon.group !== '') text += ` --mcast-group ${daemon.group}`;
  if (daemon.port > 0) text += ` --mcast-port ${daemon.port}`;
  if (daemon.ttl > 0) text += ` --mcast-ttl ${daemon.ttl}`;
  return text;
}
