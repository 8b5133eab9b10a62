/**
 * A recording of a real kernel, as far as the replay reads it. Observations keep their own fields: what is
 * not known here is not judged, and says so in the coverage.
 */
export interface Trace {
  readonly name: string;
  readonly kernel: string;
  readonly topology: TraceTopology;
  readonly setup: readonly TraceCommand[];
  readonly steps: readonly TraceStep[];
  readonly observations: readonly Observation[];
  /** The server keeps its side open when the client closes. */
  /** What the recording set on DR and TUN servers' `all`; undefined: nothing. */
  readonly arpCure: { readonly ignore: number; readonly announce: number } | undefined;
  readonly serverHold: boolean;
  /** UDP servers do not echo. */
  readonly udpSilent: boolean;
  /** Ports that every real server listens on. */
  readonly tcpPorts: readonly number[];
  readonly udpPorts: readonly number[];
}

export interface TraceTopology {
  readonly namespaces: readonly string[];
  /** `eth0 192.168.0.1/24` by host. */
  readonly addresses: Readonly<Record<string, readonly string[]>>;
  /** `route add …` by host. */
  readonly routes: Readonly<Record<string, readonly string[]>>;
  readonly macs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly rs: Readonly<Record<string, { readonly ip: string; readonly forward: string }>>;
}

export interface TraceCommand {
  readonly ns: string;
  readonly cmd: string;
}

/** A step or an observation: `op` and whatever fields that op has. */
export type Fields = Readonly<Record<string, unknown>>;
export type TraceStep = Fields & { readonly op: string };
export type Observation = Fields & { readonly op: string; readonly t: number; readonly step: number };

export type ReadTrace =
  | { readonly ok: true; readonly trace: Trace }
  | { readonly ok: false; readonly problem: string };

const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A field as text; '' where it is absent or something else. */
export const text = (fields: Fields, key: string): string => {
  const value = fields[key];
  return typeof value === 'string' ? value : '';
};

/** A field as number; undefined where it is absent or something else. */
export const number = (fields: Fields, key: string): number | undefined => {
  const value = fields[key];
  return typeof value === 'number' ? value : undefined;
};

/** A field as record; empty where it is absent or something else. */
export const record = (fields: Fields, key: string): Fields => {
  const value = fields[key];
  return isRecord(value) ? value : {};
};

/** A field as a list of records. */
export const records = (fields: Fields, key: string): readonly Fields[] => {
  const value = fields[key];
  return Array.isArray(value) ? value.filter(isRecord) : [];
};

/** A field as a list of numbers; undefined where it is absent. */
const numbers = (fields: Fields, key: string): number[] | undefined => {
  const value = fields[key];
  return Array.isArray(value) ? value.map(Number) : undefined;
};

const stringsByKey = (fields: Fields): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, Array.isArray(value) ? value.map(String) : []]),
  );

/** Reads the JSON of one trace; says what is wrong where it is none. */
export function readTrace(name: string, json: string): ReadTrace {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch (error) {
    return { ok: false, problem: `not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  if (!isRecord(data)) return { ok: false, problem: 'found no object at the top, wanted a trace' };
  const topology = record(data, 'topology');
  // what the recording program noted of itself is no answer to a step
  const observations = records(data, 'observations').filter((fields) => !('event' in fields));
  if (Object.keys(record(topology, 'addresses')).length === 0) {
    return { ok: false, problem: 'topology.addresses: found none, wanted the addresses of each host' };
  }
  const steps = records(data, 'steps');
  const wrong = [...steps, ...observations].find((fields) => typeof fields['op'] !== 'string');
  if (wrong) return { ok: false, problem: `found a step without op: ${JSON.stringify(wrong).slice(0, 80)}` };
  const scenario = record(data, 'scenario');
  return {
    ok: true,
    trace: {
      name,
      kernel: text(data, 'kernel'),
      topology: readTopology(topology),
      setup: records(data, 'setup').map((entry) => ({ ns: text(entry, 'ns'), cmd: text(entry, 'cmd') })),
      steps: steps.map((fields) => ({ ...fields, op: text(fields, 'op') })),
      observations: observations.map((fields) => ({
        ...fields,
        op: text(fields, 'op'),
        t: number(fields, 't') ?? 0,
        step: number(fields, 'step') ?? -1,
      })),
      arpCure: arpCureOf(record(scenario, 'topology')),
      serverHold: scenario['server_hold'] === true,
      udpSilent: scenario['udp_silent'] === true,
      tcpPorts: numbers(record(scenario, 'topology'), 'ports') ?? [80, 8080],
      udpPorts: numbers(record(scenario, 'topology'), 'udp_ports') ?? [53],
    },
  };
}

/** Servers are kept from answering ARP for the VIP unless the scenario says `null`. */
function arpCureOf(topology: Fields): Trace['arpCure'] {
  if (topology['arp_ignore'] === null) return undefined;
  return { ignore: number(topology, 'arp_ignore') ?? 1, announce: number(topology, 'arp_announce') ?? 2 };
}

function readTopology(topology: Fields): TraceTopology {
  const names = topology['namespaces'];
  const macs = record(topology, 'macs');
  const rs = record(topology, 'rs');
  return {
    namespaces: Array.isArray(names) ? names.map(String) : [],
    addresses: stringsByKey(record(topology, 'addresses')),
    routes: stringsByKey(record(topology, 'routes')),
    macs: Object.fromEntries(
      Object.keys(macs).map((host) => [
        host,
        Object.fromEntries(Object.entries(record(macs, host)).map(([dev, mac]) => [dev, String(mac)])),
      ]),
    ),
    rs: Object.fromEntries(
      Object.keys(rs).map((name) => {
        const server = record(rs, name);
        return [name, { ip: text(server, 'ip'), forward: text(server, 'forward') }];
      }),
    ),
  };
}

/** `sched` of `sched-wlc-s1`. */
export const groupOf = (name: string): string => name.split('-')[0] ?? name;
