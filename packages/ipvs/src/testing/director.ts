import { parseIpv4 } from '@lvscope/inet';
import { forwardHook, type KernelVersion, type VerdictCode } from '../index.ts';
import {
  command,
  createTraceWorld,
  endpoint,
  listed,
  packetOf,
  runUntil,
  toDirector,
  type TraceWorld,
} from './trace-world.ts';

/** A director set up by commands, whose packets are written as text. */
export interface Director extends TraceWorld {
  readonly virtual: string;
}

/** `ipvsadm` may be left out of each line, as ipvsadm-restore has it. */
export function director(...lines: string[]): Director {
  return directorOf('6.1', ...lines);
}

/** The same on a kernel of another age. */
export function directorOf(kernel: KernelVersion, ...lines: string[]): Director {
  const world = createTraceWorld(0, kernel);
  for (const line of lines) command(world, line.startsWith('-') ? `ipvsadm ${line}` : line);
  return { ...world, virtual: '10.0.0.100:80' };
}

/** A service of 10.0.0.100:80 with servers 10.0.1.1, 10.0.1.2 … added in this order. */
export function service(options: string, ...servers: string[]): string[] {
  return [
    `-A -t 10.0.0.100:80 ${options}`,
    ...servers.map((s, i) => `-a -t 10.0.0.100:80 -r 10.0.1.${i + 1}:80 ${s}`),
  ];
}

/** A client's segments (`S A FA` …), each with nothing in between. @returns the last verdict */
export function client(d: Director, from: string, segments: string, to: string = d.virtual): VerdictCode {
  let code: VerdictCode = 0;
  for (const letters of segments.split(' '))
    code = toDirector(d, packetOf(endpoint(from), endpoint(to), letters));
  return code;
}

/** A server's segments to a client, passing the director. */
export function server(d: Director, from: string, to: string, segments: string): VerdictCode {
  let code: VerdictCode = 0;
  for (const letters of segments.split(' ')) {
    code = forwardHook(d.ipvs, d.sim, packetOf(endpoint(from), endpoint(to), letters));
  }
  return code;
}

/** Lets time pass. */
export function wait(d: Director, seconds: number): void {
  runUntil(d, d.sim.now / 1e9 + seconds);
}

/** State and seconds left of the connection from this client, or of its template (port 0). */
export function state(d: Director, from: string): string {
  const row = listed(d).find((r) => r.c === from);
  return row === undefined ? 'none' : `${row.state} ${row.exp}`;
}

/** The last verdict's server, as a text; 'none' without. */
export function chosen(d: Director): string {
  const id = d.ipvs.verdict.destination;
  if (id < 0) return 'none';
  const address = d.ipvs.destinationsById[id]!.address;
  return `10.0.1.${address - parseIpv4('10.0.1.0')!}`;
}

/** weight/active/inactive/templates and `!` where marked, head of the list first. */
export function counters(d: Director): string {
  return d.ipvs.services
    .flatMap((s) => s.destinations)
    .map((x) => `${x.weight}/${x.activeConns}/${x.inactConns}/${x.persistConns}${x.overloaded ? '!' : ''}`)
    .join(' ');
}
