import { PROTO_SCTP, PROTO_TCP, PROTO_UDP } from '@lvscope/inet';

/**
 * Names of ports, as /etc/services gives them. The recorded guest has no such file: there every name is
 * refused and every port is printed as a number, which is what `NO_PORT_NAMES` does.
 */
export interface PortName {
  readonly name: string;
  readonly port: number;
  /** IP protocol numbers that the name is known for. */
  readonly protocols: readonly number[];
}

export const NO_PORT_NAMES: readonly PortName[] = [];

const TCP = [PROTO_TCP];
const UDP = [PROTO_UDP];
const BOTH = [PROTO_TCP, PROTO_UDP];

/** What Debian's /etc/services says about the ports that people balance; from the IANA registry. */
export const COMMON_PORT_NAMES: readonly PortName[] = [
  { name: 'ftp-data', port: 20, protocols: TCP },
  { name: 'ftp', port: 21, protocols: TCP },
  { name: 'ssh', port: 22, protocols: TCP },
  { name: 'telnet', port: 23, protocols: TCP },
  { name: 'smtp', port: 25, protocols: TCP },
  { name: 'domain', port: 53, protocols: BOTH },
  { name: 'tftp', port: 69, protocols: UDP },
  { name: 'http', port: 80, protocols: TCP },
  { name: 'pop3', port: 110, protocols: TCP },
  { name: 'ntp', port: 123, protocols: UDP },
  { name: 'imap2', port: 143, protocols: TCP },
  { name: 'snmp', port: 161, protocols: BOTH },
  { name: 'ldap', port: 389, protocols: BOTH },
  { name: 'https', port: 443, protocols: BOTH },
  { name: 'submission', port: 587, protocols: TCP },
  { name: 'ldaps', port: 636, protocols: BOTH },
  { name: 'imaps', port: 993, protocols: TCP },
  { name: 'pop3s', port: 995, protocols: TCP },
  { name: 'radius', port: 1812, protocols: BOTH },
  { name: 'mysql', port: 3306, protocols: TCP },
  { name: 'sip', port: 5060, protocols: BOTH },
  { name: 'sip-tls', port: 5061, protocols: BOTH },
  { name: 'postgresql', port: 5432, protocols: TCP },
  { name: 'http-alt', port: 8080, protocols: TCP },
];

/** The port of a name (getservbyname(3)), or undefined. */
export function portOfName(names: readonly PortName[], name: string, protocol: number): number | undefined {
  return names.find((entry) => entry.name === name && knows(entry, protocol))?.port;
}

/** The name of a port (getservbyport(3)), or its number. */
export function nameOfPort(names: readonly PortName[], port: number, protocol: number): string {
  return names.find((entry) => entry.port === port && knows(entry, protocol))?.name ?? String(port);
}

function knows(entry: PortName, protocol: number): boolean {
  return protocol === PROTO_SCTP ? entry.protocols.includes(PROTO_TCP) : entry.protocols.includes(protocol);
}
