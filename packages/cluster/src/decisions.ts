import { type Ipv4, formatEndpoint } from '@lvscope/inet';
import { decision, type DecisionInput } from '@lvscope/ipvs';
import type { SimTime } from '@lvscope/des';
import { serverName } from './transport.ts';
import type { Director, World } from './world.ts';

/** A scheduling decision in a line. */
export interface DecisionRow {
  readonly sequence: number;
  readonly at: SimTime;
  readonly client: Ipv4;
  readonly clientPort: number;
  /** `192.168.1.6:80`: what the client asked for. */
  readonly virtual: string;
  /** Name of the chosen real server; undefined where nobody was chosen. */
  readonly server: string | undefined;
  readonly destinationId: number | undefined;
  /** CAUSE_* */
  readonly cause: number;
}

function directorNamed(world: World, name: string | undefined): Director | undefined {
  return name === undefined ? world.directors[0] : world.directors.find((d) => d.name === name);
}

/**
 * Everything that a decision read; undefined where the ring has forgotten it. @param director the first by
 * default
 */
export function decisionAt(world: World, sequence: number, director?: string): DecisionInput | undefined {
  const found = directorNamed(world, director);
  return found && decision(found.ipvs, sequence);
}

/** The newest `n` decisions, the newest last. */
export function lastDecisions(world: World, n: number, director?: string): DecisionRow[] {
  const found = directorNamed(world, director);
  if (found === undefined) return [];
  const { count, oldest } = found.ipvs.ring;
  const rows: DecisionRow[] = [];
  for (let sequence = Math.max(oldest, count - n); sequence < count; sequence++) {
    const input = decision(found.ipvs, sequence);
    if (input !== undefined) rows.push(rowOf(world, found, sequence, input));
  }
  return rows;
}

function rowOf(world: World, director: Director, sequence: number, input: DecisionInput): DecisionRow {
  const { request, chosen } = input;
  return {
    sequence,
    at: input.time,
    client: request.source,
    clientPort: request.sourcePort,
    virtual: formatEndpoint(request.destination, request.destinationPort),
    server: chosen === undefined ? undefined : serverName(world, director, chosen),
    destinationId: chosen,
    cause: input.cause,
  };
}
