import type { PlacedHost } from './levels.ts';

/** A segment on the stage: who is on it, and where it stands. */
export interface Segment {
  readonly network: string;
  readonly members: readonly PlacedHost[];
  readonly x: number;
}

/** Between two cables that leave a host on the same side, at most, pixels. */
const APART = 18;

const keyOf = (host: string, network: string): string => `${host} ${network}`;

/** How far from a host's middle its cable to a segment ends. */
export function portOf(ports: ReadonlyMap<string, number>, host: string, network: string): number {
  return ports.get(keyOf(host, network)) ?? 0;
}

/** A host as its cable to a segment sees it: its middle is where the cable ends. */
export function atPort(ports: ReadonlyMap<string, number>, host: PlacedHost, network: string): PlacedHost {
  const offset = portOf(ports, host.name, network);
  return offset === 0 ? host : { ...host, y: host.y + offset };
}

/** Cables that leave a host on one side end below each other, in the order of where they lead. */
export function portsOf(segments: readonly Segment[]): ReadonlyMap<string, number> {
  const ports = new Map<string, number>();
  const hosts = new Set(segments.flatMap(({ members }) => members));
  for (const host of hosts) {
    const own = segments.filter(({ members }) => members.includes(host));
    for (const right of [true, false]) {
      const side = own
        .filter(({ x }) => x > host.x === right)
        .toSorted((a, b) => meanOf(a, host) - meanOf(b, host));
      const step = Math.min(APART, (host.height - 14) / Math.max(1, side.length));
      for (const [i, { network }] of side.entries()) {
        ports.set(keyOf(host.name, network), (i - (side.length - 1) / 2) * step);
      }
    }
  }
  return ports;
}

/** Where the others on a segment stand, on the average. */
function meanOf({ members }: Segment, host: PlacedHost): number {
  const others = members.filter((member) => member !== host);
  return others.reduce((sum, { y }) => sum + y, 0) / Math.max(1, others.length);
}
