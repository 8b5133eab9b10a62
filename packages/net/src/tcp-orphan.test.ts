import { PROTO_TCP, TCP_ACK, TCP_FIN, TCP_PSH, TCP_RST, TCP_SYN } from '@lvscope/inet';
import { expect, test } from 'vitest';
import {
  abort,
  addAddress,
  addRule,
  packetRule,
  close,
  injectPacket,
  listen,
  type NetHooks,
  readTap,
  send,
  shutdown,
  socketCount,
  startTap,
} from './index.ts';
import { hooksOf, ip, type Lab, pair, runUntil } from './testing/lab.ts';

/** A hand-made client: packets without timestamps, and nothing that answers the server. */
function handMade() {
  const { lab, client, server } = pair();
  addAddress(lab.net, client, 'eth0', ip('10.0.0.9'), 32);
  addRule(lab.net, client, 'filter', 'INPUT', packetRule({ kind: 'drop' }, { protocol: PROTO_TCP }));
  listen(lab, server, { port: 80 });
  let accepted = -1;
  const hooks: NetHooks<Lab> = hooksOf({
    accepted: (_l, s) => void (accepted = s),
    closed: () => {},
    dropped: () => {},
  });
  const tap = startTap(lab.net, server, { direction: 'out' });
  const packet = (flags: number, seq: number, ack = 0): void =>
    void injectPacket(lab, hooks, client, {
      source: ip('10.0.0.9'),
      sourcePort: 1000,
      destination: ip('10.0.0.2'),
      destinationPort: 80,
      flags,
      seq,
      ack,
    });
  packet(TCP_SYN, 1000);
  runUntil(lab, hooks, 0.01);
  const isn = readTap(tap)[0]!.seq;
  packet(TCP_ACK, 1001, isn + 1);
  runUntil(lab, hooks, 1);
  const at = (flags: number): number[] =>
    readTap(tap)
      .filter((r) => r.flags === flags)
      .map((r) => Math.round(r.at / 1e8) / 10);
  return { lab, hooks, server, packet, at, socket: () => accepted, ack: isn + 1 };
}

test('an acknowledgement of what was sent again leaves the time-out as long as it had become', () => {
  const { lab, hooks, packet, at, socket, ack } = handMade();
  send(lab, hooks, socket(), 10);
  runUntil(lab, hooks, 2); // sent again at 1.2 and 1.7 s: the time-out is 0.8 s by now
  packet(TCP_ACK, 1001, ack + 10);
  runUntil(lab, hooks, 10);
  expect(at(TCP_ACK | TCP_PSH)).toEqual([1, 1.2, 1.7]);
  send(lab, hooks, socket(), 10);
  runUntil(lab, hooks, 12);
  expect(at(TCP_ACK | TCP_PSH)).toEqual([10, 10.9]);
});

test('an orphan whose FIN was sent again for long stays in FIN_WAIT2 for longer than tcp_fin_timeout', () => {
  const { lab, hooks, server, packet, socket, ack } = handMade();
  close(lab, hooks, socket());
  runUntil(lab, hooks, 60); // sent again until 56 s: the time-out is 54.3 s by now
  packet(TCP_ACK, 1001, ack + 1);
  // 3.5 time-outs are 190 s: a minute less than that, and then 190 s once more, each up to 16 s late
  runUntil(lab, hooks, 379);
  expect(socketCount(server, 'FIN-WAIT-2')).toBe(1);
  runUntil(lab, hooks, 413);
  expect(socketCount(server, 'FIN-WAIT-2')).toBe(0);
});

test('aborting says nothing once both FINs are out', () => {
  const { lab, hooks, server, packet, at, socket, ack } = handMade();
  packet(TCP_FIN | TCP_ACK, 1001, ack);
  runUntil(lab, hooks, 1.1);
  shutdown(lab, hooks, socket());
  expect(socketCount(server, 'LAST-ACK')).toBe(1);
  abort(lab, hooks, socket());
  runUntil(lab, hooks, 2);
  expect(at(TCP_ACK | TCP_RST)).toEqual([]);
  expect(socketCount(server, 'LAST-ACK')).toBe(0);
});
