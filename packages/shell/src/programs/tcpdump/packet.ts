import { ETHERTYPE_IPV4 } from '@lvscope/cluster';
import type { FrameRecord, TapRecord } from '@lvscope/cluster';
import { ipv4, PROTO_ICMP, PROTO_TCP } from '@lvscope/inet';

/**
 * A packet of a world without frames, in the form of one: without Ethernet addresses and TCP options. What
 * went as a train of segments is shown as one, as with segmentation offload.
 */
export function frameOfPacket(packet: TapRecord): FrameRecord {
  const icmp = packet.protocol === PROTO_ICMP;
  const error = icmp && packet.icmpType !== 0 && packet.icmpType !== 8;
  return {
    index: 0,
    at: packet.at,
    interfaceId: packet.interfaceId,
    direction: packet.direction,
    frame: 0,
    end: undefined,
    journey: 0,
    sourceMac: 0,
    destinationMac: 0,
    ethertype: ETHERTYPE_IPV4,
    flooded: false,
    arp: undefined,
    ip: {
      protocol: packet.protocol,
      source: packet.source,
      sourcePort: packet.sourcePort,
      destination: packet.destination,
      destinationPort: packet.destinationPort,
      flags: packet.flags,
      seq: packet.seq,
      ack: packet.ack,
      window: 0,
      mss: 0,
      linuxOptions: false,
      payload: packet.payload,
      ttl: packet.ttl,
      innerTtl: packet.innerTtl,
      length: packet.length + Math.max(0, packet.payload - packet.segmentPayload),
      dontFragment: packet.protocol === PROTO_TCP,
      innerDontFragment: packet.protocol === PROTO_TCP,
      fragmentOffset: -1,
      headers: packet.protocol === PROTO_TCP ? 40 : 28,
      icmpType: packet.icmpType,
      icmpCode: packet.icmpCode,
      icmpMtu: packet.icmpMtu,
      icmpGateway: ipv4(0),
      echoId: icmp && !error ? packet.innerSourcePort : 0,
      echoNumber: icmp && !error ? packet.innerDestinationPort : 0,
      outerSource: packet.outerSource,
      outerDestination: packet.outerDestination,
      mark: 0,
      quoted: error
        ? {
            protocol: packet.innerProtocol,
            source: ipv4(0),
            sourcePort: packet.innerSourcePort,
            destination: packet.innerDestination,
            destinationPort: packet.innerDestinationPort,
            flags: 0,
            seq: 0,
            ttl: 0,
            length: 0,
            headers: 28,
            dontFragment: false,
          }
        : undefined,
    },
  };
}
