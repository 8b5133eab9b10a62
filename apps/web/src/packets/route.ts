import { COLUMN } from '@lvscope/capture';
import { ENVELOPE, REPLY } from './flights.ts';
import { type FrameLog, isKept, offsetOf } from './log.ts';

/** One stretch of a connection's way: from an interface to the one that has the MAC. */
export interface Leg {
  readonly from: number;
  readonly to: number;
  readonly reply: boolean;
  readonly envelope: boolean;
  readonly server: number;
  /** Its place in the order in which the connection took its legs first, from 1. */
  readonly step: number;
}

/** The route that a connection really took: every leg that one of its frames went, in order. */
export function routeOf(log: FrameLog, flow: number): Leg[] {
  const legs = new Map<string, Leg>();
  for (let index = log.first; index < log.next; index++) {
    if (log.flow[index % log.capacity] !== flow) continue;
    const leg = legOf(log, index, legs.size + 1);
    if (leg === undefined) continue;
    const key = `${leg.from} ${leg.to} ${leg.reply} ${leg.envelope}`;
    const known = legs.get(key);
    if (known === undefined) legs.set(key, leg);
    // of a first SYN nobody knows yet where it goes
    else if (known.server < 0 && leg.server >= 0) legs.set(key, { ...known, server: leg.server });
  }
  return [...legs.values()];
}

/** The leg of one frame as it leaves; undefined of frames that arrive, and where nobody has the MAC. */
export function legOf(log: FrameLog, index: number, step = 1): Leg | undefined {
  if (!isKept(log, index)) return undefined;
  const o = offsetOf(log, index);
  const here = log.plugs.byId.get(log.rows[o + COLUMN.interfaceId] ?? -1);
  if (here === undefined) return undefined;
  const incoming = log.rows[o + COLUMN.direction] === 1;
  const mac = log.rows[o + (incoming ? COLUMN.sourceMac : COLUMN.destinationMac)];
  const other = (log.plugs.byNetwork.get(here.network) ?? []).find((row) => row.mac === mac);
  if (other === undefined) return undefined;
  const look = log.look[index % log.capacity] ?? 0;
  return {
    from: incoming ? other.id : here.id,
    to: incoming ? here.id : other.id,
    reply: (look & REPLY) !== 0,
    envelope: (look & ENVELOPE) !== 0,
    server: log.server[index % log.capacity] ?? -1,
    step,
  };
}
