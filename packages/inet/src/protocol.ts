/** IP protocol numbers (RFC 5237 registry) of what LVScope carries. */
export const PROTO_ICMP = 1;
export const PROTO_IPIP = 4;
export const PROTO_TCP = 6;
export const PROTO_UDP = 17;
export const PROTO_SCTP = 132;

/** TCP flag bits as they stand in the header (RFC 9293). */
export const TCP_FIN = 0x01;
export const TCP_SYN = 0x02;
export const TCP_RST = 0x04;
export const TCP_PSH = 0x08;
export const TCP_ACK = 0x10;

/** `ipvsadm`'s and /proc's word for a protocol number. */
export function protocolName(protocol: number): string {
  switch (protocol) {
    case 0:
      return 'IP';
    case PROTO_ICMP:
      return 'ICMP';
    case PROTO_TCP:
      return 'TCP';
    case PROTO_UDP:
      return 'UDP';
    case PROTO_SCTP:
      return 'SCTP';
    default:
      return String(protocol);
  }
}
