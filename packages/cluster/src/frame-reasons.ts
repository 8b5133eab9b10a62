import { type DecisionInput, decision, explainDecision } from '@lvscope/ipvs';
import { PROTO_UDP } from '@lvscope/inet';
import { type FrameNote, frameNotes, type FrameRecord, messageNumbered } from '@lvscope/net';
import { serverName } from './transport.ts';
import type { Director, World } from './world.ts';

/** One server as a decision saw it. */
export interface ReasonCandidate {
  readonly name: string;
  readonly weight: number;
  readonly activeConns: number;
  readonly inactConns: number;
}

/** What was decided about a frame, or about the packet in it, with the names of those concerned. */
export interface FrameReason {
  readonly index: number;
  /** ns */
  readonly at: number;
  readonly host: string;
  readonly hostId: number;
  /** A packet's journey; 0: it is about the ARP frame `frame`. */
  readonly journey: number;
  readonly frame: number;
  readonly kind: FrameNote['kind'];
  /** Why it was dropped, or which setting forbade an answer; of a decision the scheduler. */
  readonly what: string;
  /** Of a decision: its number, -1 for others; who was chosen, and among whom. */
  readonly decision: number;
  readonly server: string | undefined;
  /** A template decided, not the scheduler. */
  readonly byTemplate: boolean;
  readonly candidates: readonly ReasonCandidate[];
}

const PROTO_VRRP = 112;

/** Candidates that are named; of services with more servers the first ones. */
const MOST_CANDIDATES = 8;

/** Why things were done with frames, from a cursor on; kept while frames are. */
export function frameReasons(
  world: World,
  from = 0,
): { readonly reasons: readonly FrameReason[]; readonly next: number } {
  const { notes, next } = frameNotes(world.net, from);
  return { reasons: notes.map((note) => reasonOf(world, note)), next };
}

function reasonOf(world: World, note: FrameNote): FrameReason {
  const { index, at, journey, frame, kind, what } = note;
  const base = { index, at, journey, frame, kind, hostId: note.host };
  const host = world.net.hosts[note.host]!.name;
  const director = kind === 'decision' ? world.directors.find((one) => one.host === note.host) : undefined;
  const input = director && decision(director.ipvs, note.decision);
  if (director === undefined || input === undefined) {
    const nothing = { server: undefined, byTemplate: false, candidates: [] };
    return { ...base, host, what, decision: note.decision, ...nothing };
  }
  const why = explainDecision(input);
  return {
    ...base,
    host,
    what: why.scheduler,
    decision: note.decision,
    server: input.chosen === undefined ? undefined : serverName(world, director, input.chosen),
    byTemplate: why.reason.kind === 'not-asked',
    candidates: candidatesOf(world, director, input),
  };
}

function candidatesOf(world: World, director: Director, input: DecisionInput): ReasonCandidate[] {
  return input.destinations.slice(0, MOST_CANDIDATES).map((one) => ({
    name: serverName(world, director, one.id),
    weight: one.weight,
    activeConns: one.activeConns,
    inactConns: one.inactConns,
  }));
}

/** What a program wrote into the datagram that a frame carries; undefined where nobody reads it any more. */
export function frameMessage(world: World, { ip }: FrameRecord): Uint8Array | undefined {
  if (ip === undefined || (ip.protocol !== PROTO_UDP && ip.protocol !== PROTO_VRRP)) return undefined;
  return messageNumbered(world.net, ip.seq);
}
