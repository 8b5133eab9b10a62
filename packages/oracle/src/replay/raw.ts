import { rawPacket, readTap } from '@lvscope/cluster';
import { PROTO_TCP, TCP_ACK, TCP_FIN, TCP_SYN } from '@lvscope/inet';
import { number, text, type TraceStep } from '../trace.ts';
import { flagsOfText, rawState, takeReplies } from './replies.ts';
import { endpointOf, type Session } from './session.ts';

/** One hand-made TCP packet; sequence numbers are kept by source. */
export function sendRaw(session: Session, step: TraceStep): () => Record<string, unknown> {
  const src = text(step, 'src');
  const source = endpointOf(src);
  const destination = endpointOf(text(step, 'dst'));
  const flags = flagsOfText('flags' in step ? text(step, 'flags') : 'S');
  const payload = number(step, 'len') ?? 0;
  const state = rawState(session, src);
  const seq = number(step, 'seq') ?? state.seq;
  const ack = number(step, 'ack') ?? ((flags & TCP_ACK) !== 0 ? state.ack : 0);
  readTap(session.tap);
  const sent = rawPacket(session.world, 'client', {
    protocol: PROTO_TCP,
    source: source.address,
    sourcePort: source.port,
    destination: destination.address,
    destinationPort: destination.port,
    flags,
    seq,
    ack,
    payload,
    df: step['df'] !== false,
  });
  state.seq = (seq + payload + ((flags & (TCP_SYN | TCP_FIN)) !== 0 ? 1 : 0)) >>> 0;
  return () => ({
    ...(sent === 'too-big' ? { err: 'EMSGSIZE' } : {}),
    replies: takeReplies(session, src),
  });
}
