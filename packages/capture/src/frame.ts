import type { FrameRecord } from '@lvscope/net';

/** What is known of a frame from those before it; numbers, so that it fits into a row. */
export interface Context {
  /** When the frame's packet was put on a wire first, ns: the sender's clock for its timestamp option. */
  readonly sentAt: number;
  /** `sentAt` of the newest packet of the other direction before that; -1: none. */
  readonly echoAt: number;
  /** Initial sequence number of the direction and of the other one; -1: the handshake was not seen. */
  readonly seqBase: number;
  readonly ackBase: number;
  /** 1: what it carries was sent before. 2: a SYN that uses ports again. */
  readonly analysis: number;
  /** Number of its TCP or UDP conversation, from 0; -1: neither. */
  readonly stream: number;
  /** 1: it goes from the side that opened the conversation to the other. */
  readonly fromOpener: number;
}

export const RETRANSMISSION = 1;
export const PORTS_REUSED = 2;

/** A frame and what is known of it: all that dissection needs. */
export interface CapturedFrame {
  readonly record: FrameRecord;
  readonly context: Context;
  /** What a program wrote into its datagram, where that is known. */
  readonly message?: Uint8Array | undefined;
}

/** A frame that nothing is known of. */
export function alone(record: FrameRecord): CapturedFrame {
  const context: Context = {
    sentAt: record.at,
    echoAt: -1,
    seqBase: -1,
    ackBase: -1,
    analysis: 0,
    stream: -1,
    fromOpener: 1,
  };
  return { record, context };
}

export const PROTO_VRRP = 112;
