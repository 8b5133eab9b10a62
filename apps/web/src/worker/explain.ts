import {
  CAUSE_NO_SERVER,
  CAUSE_NOT_ELIGIBLE,
  CAUSE_ONE_PACKET,
  CAUSE_RESCHEDULED,
  CAUSE_SCHEDULED,
  CAUSE_TEMPLATE,
  type ConnectionRow,
  connectionRows,
  type DecisionInput,
  type DecisionRow as EngineRow,
  decisionAt,
  type Director,
  explainDecision,
  type World,
  wouldHaveChosen,
} from '@lvscope/cluster';
import { formatEndpoint, formatIpv4, type Ipv4 } from '@lvscope/inet';
import type { DecisionCause, DecisionId, DecisionRow, Explanation } from './api.ts';

/** A decision as the page lists it. */
export function rowFor(
  director: string,
  row: EngineRow,
  serviceOf: ReadonlyMap<number, number>,
): DecisionRow {
  return {
    director,
    seq: row.sequence,
    atNs: row.at,
    source: formatEndpoint(row.client, row.clientPort),
    destination: row.virtual,
    serviceId: serviceOf.get(row.destinationId ?? -1) ?? -1,
    chosen: row.destinationId ?? -1,
    cause: causeOf(row.cause),
  };
}

const CAUSES: ReadonlyMap<number, DecisionCause> = new Map([
  [CAUSE_SCHEDULED, 'scheduled'],
  [CAUSE_TEMPLATE, 'template'],
  [CAUSE_RESCHEDULED, 'rescheduled'],
  [CAUSE_NO_SERVER, 'no-server'],
  [CAUSE_NOT_ELIGIBLE, 'not-eligible'],
  [CAUSE_ONE_PACKET, 'one-packet'],
]);

function causeOf(cause: number): DecisionCause {
  return CAUSES.get(cause) ?? 'other';
}

/** Why a decision fell as it did; undefined where it is too long ago. */
export function explain(
  world: World,
  { director: directorName, seq }: DecisionId,
  nameOf: (address: string) => string,
  serviceOf: ReadonlyMap<number, number>,
): Explanation | undefined {
  const input = decisionAt(world, seq, directorName);
  const director = world.directors.find((one) => one.name === directorName);
  if (input === undefined || director === undefined) return undefined;
  const why = explainDecision(input);
  const names = new Map(input.destinations.map((one) => [one.id, nameOf(formatIpv4(one.address))]));
  const name = (id: number | undefined): string | undefined => (id === undefined ? undefined : names.get(id));
  const seen = new Map(input.destinations.map((one) => [one.id, one]));
  return {
    row: rowFor(directorName, engineRow(seq, input), serviceOf),
    scheduler: why.scheduler,
    chosenName: name(input.chosen),
    reason: why.reason,
    nobody: why.nobody,
    candidates: why.candidates.map(({ id, cost, verdict }) => ({
      id,
      name: name(id) ?? String(id),
      weight: seen.get(id)?.weight ?? 0,
      activeConns: seen.get(id)?.activeConns ?? 0,
      inactConns: seen.get(id)?.inactConns ?? 0,
      cost,
      verdict,
    })),
    template: causeOf(input.cause) === 'template' ? templateOf(world, director, input) : undefined,
    others: others(input).map((one) => ({ scheduler: one.scheduler, name: name(one.id) })),
  };
}

/** With more servers, trying all schedulers would keep everybody waiting. */
const MOST_FOR_OTHERS = 128;

function others(input: DecisionInput): ReturnType<typeof wouldHaveChosen> {
  return input.destinations.length > MOST_FOR_OTHERS ? [] : wouldHaveChosen(input);
}

function engineRow(sequence: number, input: DecisionInput): EngineRow {
  const { request } = input;
  return {
    sequence,
    at: input.time,
    client: request.source,
    clientPort: request.sourcePort,
    virtual: formatEndpoint(request.destination, request.destinationPort),
    server: undefined,
    destinationId: input.chosen,
    cause: input.cause,
  };
}

/** Larger tables are not searched for the template while somebody waits. */
const MOST_ROWS = 50_000;

/** The template that holds the client, as it stands now. */
function templateOf(world: World, director: Director, input: DecisionInput): Explanation['template'] {
  const mask = maskOf(director, input);
  const network = ((input.request.source & mask) >>> 0) as Ipv4;
  const text = formatIpv4(network);
  if (director.ipvs.table.live > MOST_ROWS) return { network: text, secondsLeft: undefined };
  const template = connectionRows(director.ipvs, world.sim).find((row) => holds(row, network, input));
  return { network: text, secondsLeft: template?.expiresInSeconds };
}

function holds(row: ConnectionRow, network: number, input: DecisionInput): boolean {
  return row.template && row.client === network && row.destinationId === input.chosen;
}

/** `-M` of the service whose server was chosen. */
function maskOf(director: Director, input: DecisionInput): number {
  for (const service of director.ipvs.services) {
    if (service.destinations.some((one) => one.id === input.chosen)) return service.netmask;
  }
  return 0xffffffff;
}
