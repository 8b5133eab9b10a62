import { copyState, fingerprint, fingerprintText } from '@lvscope/des';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  abort,
  close,
  connect,
  listen,
  listSockets,
  type NetHooks,
  send,
  setReading,
  shutdown,
  socketTuple,
} from './index.ts';
import { hooksOf, ip, type Lab, pair, runUntil } from './testing/lab.ts';

interface Tally {
  sent: Map<string, number>;
  received: Map<string, number>;
  /** Ends that were reset, aborted or timed out: what they had sent need not arrive. */
  broken: Set<string>;
  open: number;
}

interface World extends Lab {
  readonly tally: Tally;
  readonly clients: number[];
  readonly servers: number[];
}

/** An end of a connection, named so that both ends of it are found from either. */
function nameOf(world: World, s: number): string {
  const t = socketTuple(world.net, s);
  const client = t.localPort === 80 ? t.remotePort : t.localPort;
  return `${client}${t.localPort === 80 ? 's' : 'c'}`;
}
const other = (name: string): string =>
  name.endsWith('s') ? `${name.slice(0, -1)}c` : `${name.slice(0, -1)}s`;
const add = (map: Map<string, number>, key: string, n: number): void =>
  void map.set(key, (map.get(key) ?? 0) + n);

function hooks(): NetHooks<World> {
  const base = hooksOf() as unknown as NetHooks<World>;
  return {
    ...base,
    accepted: (w, s) => {
      w.tally.open++;
      w.servers.push(s);
    },
    connected: () => {},
    received: (w, s, bytes) => add(w.tally.received, nameOf(w, s), bytes),
    remoteClosed: (w, s) => close(w, hooks(), s),
    closed: (w, s, reason) => {
      w.tally.open--;
      if (reason !== 'closed') w.tally.broken.add(nameOf(w, s)).add(other(nameOf(w, s)));
      remove(w.clients, s);
      remove(w.servers, s);
    },
    dropped: () => {},
  };
}

function remove(from: number[], s: number): void {
  const at = from.indexOf(s);
  if (at >= 0) from.splice(at, 1);
}

const step = fc.record({
  wait: fc.integer({ min: 0, max: 3000 }),
  what: fc.constantFrom('open', 'send', 'shut', 'close', 'abort', 'pause', 'resume'),
  client: fc.boolean(),
  which: fc.nat(5),
  bytes: fc.integer({ min: 1, max: 120000 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function play(world: World, host: Parameters<typeof connect>[2], s: Step): void {
  const h = hooks();
  if (s.what === 'open') {
    const socket = connect(world, h, host, { destination: ip('10.0.0.2'), destinationPort: 80 });
    if (typeof socket === 'number') {
      world.tally.open++;
      world.clients.push(socket);
    }
    return;
  }
  const sockets = s.client ? world.clients : world.servers;
  const socket = sockets[s.which % Math.max(1, sockets.length)];
  if (socket === undefined) return;
  const name = nameOf(world, socket);
  if (s.what === 'send' && send(world, h, socket, s.bytes)) add(world.tally.sent, name, s.bytes);
  if (s.what === 'shut') shutdown(world, h, socket);
  if (s.what === 'close') close(world, h, socket);
  if (s.what === 'abort') abort(world, h, socket);
  if (s.what === 'pause') setReading(world, h, socket, false);
  if (s.what === 'resume') setReading(world, h, socket, true);
}

function worldOf(
  loss: number,
  delayMs: number,
  megabits: number,
): { world: World; client: ReturnType<typeof pair>['client'] } {
  const { lab, client, server } = pair({
    loss,
    delayNs: delayMs * 1e6,
    bandwidthBitsPerSecond: megabits * 1e6,
  });
  const tally: Tally = { sent: new Map(), received: new Map(), broken: new Set(), open: 0 };
  const world: World = { ...lab, tally, clients: [], servers: [] };
  listen(world, server, { port: 80 });
  return { world, client };
}

const line = fc.record({
  loss: fc.constantFrom(0, 0, 0.01, 0.2),
  delayMs: fc.constantFrom(0, 1, 40),
  megabits: fc.constantFrom(0, 1, 100),
});

describe('whatever clients and servers do on a lossy wire', () => {
  it('bytes arrive once, in order, and every socket and packet comes to an end', () => {
    fc.assert(
      fc.property(line, fc.array(step, { maxLength: 40 }), (l, steps) => {
        const { world, client } = worldOf(l.loss, l.delayMs, l.megabits);
        let at = 0;
        for (const s of steps) {
          at += s.wait / 1000;
          runUntil(world, hooks(), at);
          play(world, client, s);
        }
        const h = hooks();
        for (const s of [...world.clients, ...world.servers]) setReading(world, h, s, true);
        runUntil(world, h, at + 300);
        for (const s of world.clients.slice()) close(world, h, s);
        runUntil(world, h, at + 3000);
        for (const s of world.servers.slice()) close(world, h, s);
        runUntil(world, h, at + 6000);
        expect(world.net.packets.live).toBe(0);
        expect(world.tally.open).toBe(0);
        for (const host of world.net.hosts) {
          expect(listSockets(world.net, host)).toEqual([]);
          expect(host.socketCounts.every((n) => n === 0)).toBe(true);
        }
        for (const [name, bytes] of world.tally.received) {
          const sent = world.tally.sent.get(other(name)) ?? 0;
          expect(bytes).toBeLessThanOrEqual(sent);
        }
        for (const [name, bytes] of world.tally.sent) {
          if (!world.tally.broken.has(name))
            expect([name, world.tally.received.get(other(name))]).toEqual([name, bytes]);
        }
      }),
      { numRuns: 150 },
    );
  }, 60000);

  it('a copy of the world goes on exactly as the world itself', () => {
    fc.assert(
      fc.property(line, fc.array(step, { minLength: 4, maxLength: 24 }), (l, steps) => {
        const { world, client } = worldOf(l.loss, l.delayMs, l.megabits);
        let at = 0;
        const half = steps.length >> 1;
        for (const s of steps.slice(0, half)) {
          at += s.wait / 1000;
          runUntil(world, hooks(), at);
          play(world, client, s);
        }
        const ends = [world, copyState(world)].map((w) => {
          let now = at;
          for (const s of steps.slice(half)) {
            now += s.wait / 1000;
            runUntil(w, hooks(), now);
            play(w, w.net.hostByName.get('client')!, s);
          }
          runUntil(w, hooks(), now + 5);
          return [fingerprintText(fingerprint(w.sim, 'segments')), w.sim.eventsFired];
        });
        expect(ends[0]).toEqual(ends[1]);
      }),
      { numRuns: 60 },
    );
  }, 60000);
});
