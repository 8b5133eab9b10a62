export type { Ipv4, Mac, Port } from './address.ts';
export {
  formatEndpoint,
  formatIpv4,
  formatMac,
  inPrefix,
  ipv4,
  netmask,
  parseIpv4,
  parseMac,
  port,
} from './address.ts';
export {
  PROTO_ICMP,
  PROTO_IPIP,
  PROTO_SCTP,
  PROTO_TCP,
  PROTO_UDP,
  protocolName,
  TCP_ACK,
  TCP_FIN,
  TCP_PSH,
  TCP_RST,
  TCP_SYN,
} from './protocol.ts';
