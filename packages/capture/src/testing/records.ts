import { ipv4, parseIpv4, PROTO_TCP, TCP_SYN } from '@lvscope/inet';
import type { FrameRecord, IpRecord } from '@lvscope/net';

export const CLIENT = '10.1.0.10';
export const VIP = '192.168.1.6';
export const RS2 = '192.168.1.12';

export function ip(text: string): IpRecord['source'] {
  return parseIpv4(text) ?? ipv4(0);
}

/** A packet: a client's SYN to the VIP where nothing else is said. */
export function packet(more: Partial<IpRecord> = {}): IpRecord {
  const headers = more.headers ?? 60;
  const payload = more.payload ?? 0;
  return {
    protocol: PROTO_TCP,
    source: ip(CLIENT),
    sourcePort: 41877,
    destination: ip(VIP),
    destinationPort: 80,
    flags: TCP_SYN,
    seq: 1000,
    ack: 0,
    window: 64240,
    mss: 1460,
    linuxOptions: true,
    payload,
    ttl: 63,
    innerTtl: more.ttl ?? 63,
    length: headers + payload + ((more.outerDestination ?? 0) === 0 ? 0 : 20),
    dontFragment: true,
    innerDontFragment: true,
    fragmentOffset: -1,
    headers,
    icmpType: 0,
    icmpCode: 0,
    icmpMtu: 0,
    icmpGateway: ipv4(0),
    echoId: 0,
    echoNumber: 0,
    outerSource: ipv4(0),
    outerDestination: ipv4(0),
    mark: 0,
    quoted: undefined,
    ...more,
  };
}

/** A frame with a packet in it, as it leaves an interface. */
export function frame(ipRecord: IpRecord | undefined, more: Partial<FrameRecord> = {}): FrameRecord {
  return {
    index: 0,
    at: 1e9,
    interfaceId: 1,
    direction: 'out',
    frame: 1,
    end: undefined,
    journey: 7,
    sourceMac: 0x00163e0000fe,
    destinationMac: 0x00163e000006,
    ethertype: ipRecord === undefined ? 0x0806 : 0x0800,
    flooded: false,
    arp: undefined,
    ip: ipRecord,
    ...more,
  };
}

/** Who has the VIP? */
export function question(more: Partial<FrameRecord> = {}): FrameRecord {
  return frame(undefined, {
    journey: 0,
    destinationMac: 0xffffffffffff,
    arp: {
      operation: 1,
      senderMac: 0x00163e0000fe,
      senderAddress: ip('192.168.1.1'),
      targetMac: 0,
      targetAddress: ip(VIP),
    },
    ...more,
  });
}
