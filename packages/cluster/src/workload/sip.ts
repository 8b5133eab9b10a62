import { formatEndpoint, formatIpv4, type Ipv4 } from '@lvscope/inet';
import { bytesOf } from '../daemons/text.ts';

interface End {
  readonly address: Ipv4;
  readonly port: number;
}

/** A request of SIP (RFC 3261, 11.1): is the other side there? Its answer opens nothing. */
export function sipRequest(from: End, to: End, callId: string, sequence: number): Uint8Array {
  const host = formatIpv4(from.address);
  const called = formatIpv4(to.address);
  return bytesOf(
    [
      `OPTIONS sip:${called} SIP/2.0`,
      `Via: SIP/2.0/UDP ${formatEndpoint(from.address, from.port)};branch=z9hG4bK${sequence}`,
      'Max-Forwards: 70',
      `From: <sip:phone@${host}>;tag=${from.port}`,
      `To: <sip:${called}>`,
      `Call-ID: ${callId}`,
      `CSeq: ${sequence} OPTIONS`,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n'),
  );
}
