import { describe, expect, it } from 'vitest';
import {
  close,
  connect,
  listen,
  listSockets,
  send,
  socketCount,
  socketState,
  startTap,
  readTap,
  type NetHooks,
} from './index.ts';
import { hooksOf, ip, type Lab, pair, runUntil } from './testing/lab.ts';

const to80 = { destination: ip('10.0.0.2'), destinationPort: 80 };

/** Flags and payload of all that a tap saw, in the letters of the recordings. */
function letters(records: ReturnType<typeof readTap>): string[] {
  return records.map((r) => {
    const bits: [number, string][] = [
      [1, 'F'],
      [2, 'S'],
      [4, 'R'],
      [8, 'P'],
      [16, 'A'],
    ];
    const flags = bits.map(([bit, letter]) => ((r.flags & bit) !== 0 ? letter : '')).join('');
    const train = r.packets > 1 ? `x${r.packets}` : '';
    return `${r.direction === 'out' ? '>' : '<'}${flags}${r.payload > 0 ? `:${r.payload}` : ''}${train}`;
  });
}

/** A server that answers each request with `reply` bytes, and closes when the client has closed. */
function web(reply: number): NetHooks<Lab> {
  return hooksOf({
    received: (lab, s, bytes) => {
      lab.log.push(`${(lab.sim.now / 1e9).toFixed(3)} received ${bytes}`);
      if (lab.net.hosts[lab.net.sockets.host[s]!]!.name === 'server') send(lab, hooksOf(), s, reply);
    },
  });
}

describe('a TCP connection', () => {
  it('opens in one round trip', () => {
    const { lab, client, server } = pair({ delayNs: 10e6 });
    const hooks = hooksOf();
    listen(lab, server, { port: 80 });
    connect(lab, hooks, client, to80);
    runUntil(lab, hooks, 1);
    expect(lab.log).toEqual(['0.020 client connected', '0.030 server accepted']);
    expect(lab.net.packets.live).toBe(0);
  });

  it('takes about ten segments for a request and a reply', () => {
    const { lab, client, server } = pair({ delayNs: 1e6 });
    const tap = startTap(lab.net, client);
    const hooks = web(500);
    listen(lab, server, { port: 80 });
    const s = connect(lab, hooks, client, to80) as number;
    runUntil(lab, hooks, 0.5);
    send(lab, hooks, s, 100);
    runUntil(lab, hooks, 1);
    close(lab, { ...hooks, remoteClosed: () => {} }, s);
    const closing: NetHooks<Lab> = { ...hooks, remoteClosed: (l, x) => close(l, closing, x) };
    runUntil(lab, closing, 2);
    expect(letters(readTap(tap))).toEqual([
      '>S',
      '<SA',
      '>A',
      '>PA:100',
      '<A',
      '<PA:500',
      '>A',
      '>FA',
      '<FA',
      '>A',
    ]);
    expect(socketState(lab.net, s)).toBe('TIME-WAIT');
    runUntil(lab, closing, 61.4); // 60 s after the close at 1 s, and to the wheel's next round tick
    expect(socketCount(client, 'TIME-WAIT')).toBe(1);
    expect(socketCount(server, 'TIME-WAIT')).toBe(0);
    runUntil(lab, closing, 61.5);
    expect(listSockets(lab.net, client)).toEqual([]);
  });
});
