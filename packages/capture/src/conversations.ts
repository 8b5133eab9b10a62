import { PROTO_TCP, PROTO_UDP, TCP_ACK, TCP_FIN, TCP_SYN } from '@lvscope/inet';
import type { FrameRecord, IpRecord } from '@lvscope/net';
import { alone, type CapturedFrame, type Context, PORTS_REUSED, RETRANSMISSION } from './frame.ts';
import { createRecent, forget, recall, type Recent, remember } from './recent.ts';

interface Direction {
  /** Initial sequence number; -1 = not seen. */
  base: number;
  /** The sequence number behind the last byte that was sent; -1 = nothing was. */
  highest: number;
  newestSentAt: number;
}

interface Conversation {
  readonly number: number;
  readonly opener: Direction;
  readonly other: Direction;
}

/** What was told of a packet where it was sent first; it holds for all its hops. */
interface Journey {
  readonly context: Context;
  readonly conversation: Conversation | undefined;
  /** The addresses that it has now: NAT changes them on the way. */
  source: number;
  destination: number;
}

/** What a reader of frames remembers of those that it has seen. */
export interface Conversations {
  /** By both ends, as the opener names them. */
  readonly byEnds: Recent<string, Conversation>;
  readonly journeys: Recent<number, Journey>;
  count: number;
}

export function createConversations(): Conversations {
  return { byEnds: createRecent(50_000), journeys: createRecent(20_000), count: 0 };
}

/** Takes the next frame, in order of time, and tells what is known of it. */
export function follow(conversations: Conversations, record: FrameRecord): CapturedFrame {
  const { ip } = record;
  if (ip === undefined) return alone(record);
  const known = recall(conversations.journeys, record.journey);
  if (known !== undefined && record.journey > 0) {
    if (known.source !== ip.source || known.destination !== ip.destination) rename(conversations, known, ip);
    return { record, context: known.context };
  }
  const { context, conversation } = tell(conversations, record, ip);
  if (record.journey > 0) {
    const { source, destination } = ip;
    remember(conversations.journeys, record.journey, { context, conversation, source, destination });
  }
  return { record, context };
}

const endsOf = (ip: IpRecord): string =>
  `${ip.protocol} ${ip.source}:${ip.sourcePort} ${ip.destination}:${ip.destinationPort}`;

const endsBack = (ip: IpRecord): string =>
  `${ip.protocol} ${ip.destination}:${ip.destinationPort} ${ip.source}:${ip.sourcePort}`;

/** A packet has got other addresses on its way: its conversation is known by these, too. */
function rename(conversations: Conversations, journey: Journey, ip: IpRecord): void {
  journey.source = ip.source;
  journey.destination = ip.destination;
  if (journey.conversation === undefined) return;
  const ends = journey.context.fromOpener === 1 ? endsOf(ip) : endsBack(ip);
  remember(conversations.byEnds, ends, journey.conversation);
}

const direction = (): Direction => ({ base: -1, highest: -1, newestSentAt: -1 });

interface Told {
  readonly context: Context;
  readonly conversation: Conversation | undefined;
}

function tell(conversations: Conversations, record: FrameRecord, ip: IpRecord): Told {
  if (ip.protocol !== PROTO_TCP && ip.protocol !== PROTO_UDP) {
    return { context: alone(record).context, conversation: undefined };
  }
  const syn = ip.protocol === PROTO_TCP && (ip.flags & (TCP_SYN | TCP_ACK)) === TCP_SYN;
  const there = endsOf(ip);
  const back = endsBack(ip);
  const had = recall(conversations.byEnds, there);
  const again = syn && had !== undefined && had.opener.base >= 0 && had.opener.base !== ip.seq;
  if (had !== undefined && !again) return step(had, 'opener', record, ip, 0);
  const answered = syn ? undefined : recall(conversations.byEnds, back);
  if (answered !== undefined) return step(answered, 'other', record, ip, 0);
  // whoever is seen first is taken for the one that opened it
  const fresh = { number: conversations.count++, opener: direction(), other: direction() };
  forget(conversations.byEnds, back);
  remember(conversations.byEnds, there, fresh);
  return step(fresh, 'opener', record, ip, again ? PORTS_REUSED : 0);
}

function step(
  conversation: Conversation,
  side: 'opener' | 'other',
  record: FrameRecord,
  ip: IpRecord,
  found: number,
): Told {
  const mine = conversation[side];
  const theirs = side === 'opener' ? conversation.other : conversation.opener;
  const again = ip.protocol === PROTO_TCP && sentBefore(mine, ip);
  const context: Context = {
    sentAt: record.at,
    echoAt: theirs.newestSentAt,
    seqBase: mine.base,
    ackBase: theirs.base,
    analysis: found | (again ? RETRANSMISSION : 0),
    stream: conversation.number,
    fromOpener: side === 'opener' ? 1 : 0,
  };
  mine.newestSentAt = record.at;
  return { context, conversation };
}

/** Notes what a segment says, and tells whether all of it had been said. */
function sentBefore(mine: Direction, ip: IpRecord): boolean {
  const syn = (ip.flags & TCP_SYN) !== 0;
  if (syn && mine.base !== ip.seq) {
    mine.base = ip.seq;
    mine.highest = -1;
  }
  const length = ip.payload + (ip.flags & TCP_FIN) + (syn ? 1 : 0);
  if (length === 0) return false;
  const end = (ip.seq + length) >>> 0;
  if (mine.highest >= 0 && ((end - mine.highest) | 0) <= 0) return true;
  mine.highest = end;
  return false;
}
