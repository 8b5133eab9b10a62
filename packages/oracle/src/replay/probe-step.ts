import { rawPacket, readTap } from '@lvscope/cluster';
import { formatIpv4, PROTO_ICMP, PROTO_TCP, parseIpv4, ipv4, TCP_ACK, TCP_RST, TCP_SYN } from '@lvscope/inet';
import { number, type Observation, records, text, type TraceStep } from '../trace.ts';
import { neighbourWord } from './neighbours.ts';
import { flagsText } from './replies.ts';
import { endpointOf, type Session } from './session.ts';

/** Between looks at whether an answer has come, s. */
const LOOK_SECONDS = 0.002;

/** How long the test program let an answered probe's reset travel, s. */
const SETTLE_SECONDS = 0.002;

/** What a probe needs of the replay: to let time pass, and to carry out the steps that lie within it. */
export interface ProbeRuns {
  runTo(seconds: number): void;
  carryOut(step: TraceStep, seconds: number): void;
}

/**
 * A hand-made SYN every so many seconds from a new port each, at the times of the recording; answered ones
 * are reset. What the neighbour table of the router says is noted with each.
 */
export function runProbe(
  session: Session,
  step: TraceStep,
  recorded: Observation,
  runs: ProbeRuns,
): Record<string, unknown> {
  const every = number(step, 'every') ?? 1;
  const first = number(step, 'port') ?? 20000;
  const watched = text(step, 'neigh');
  const source = parseIpv4(text(step, 'src') || '10.9.0.1') ?? ipv4(0);
  const target = endpointOf(text(step, 'dst'));
  const nested = Object.entries((step['at'] ?? {}) as Record<string, TraceStep[]>);
  const waiting = new Map(nested.map(([n, steps]) => [Number(n), [...steps]]));
  const probes: Record<string, unknown>[] = [];
  let n = 0;
  const send = (flags: number, seq: number): void => {
    rawPacket(session.world, 'client', {
      source,
      sourcePort: first + n,
      destination: target.address,
      destinationPort: target.port,
      flags,
      seq,
    });
  };
  for (const entry of records(recorded, 'probes')) {
    const t = number(entry, 't') ?? 0;
    runs.runTo(t);
    if (!('r' in entry)) {
      const one = waiting.get(n)?.shift();
      if (one) runs.carryOut(one, t);
      probes.push({ cmd: text(entry, 'cmd'), ns: text(entry, 'ns') });
      continue;
    }
    readTap(session.tap);
    send(TCP_SYN, 1000 + n);
    let r = 'silence';
    let now = t;
    while (now < t + every * 0.9 && r === 'silence') {
      now += LOOK_SECONDS;
      runs.runTo(now);
      r = answerTo(session, first + n);
    }
    if (r === 'ok') {
      send(TCP_RST, 1001 + n);
      runs.runTo(now + SETTLE_SECONDS);
    }
    probes.push({ r, ...(watched !== '' && { neigh: neighbourWord(session, 'router', 'eth1', watched) }) });
    n++;
  }
  return { probes };
}

/** What came for a hand-made client's port, in the word of the recording. */
function answerTo(session: Session, port: number): string {
  for (const record of readTap(session.tap)) {
    if (record.protocol === PROTO_TCP && record.destinationPort === port) {
      if (record.flags === (TCP_SYN | TCP_ACK)) return 'ok';
      return (record.flags & TCP_RST) === 0 ? flagsText(record.flags) : 'reset';
    }
    if (record.protocol === PROTO_ICMP && record.innerSourcePort === port) {
      return `icmp ${record.icmpType}/${record.icmpCode} from ${formatIpv4(record.source)}`;
    }
  }
  return 'silence';
}
