/**
 * Seconds; UDP has one state, renewed by packets of both directions (net/netfilter/ipvs/ip_vs_proto_udp.c).
 */
export const UDP_TIMEOUT = 300;
