import { cancelTimer } from '@lvscope/des';
import { TCP_ACK, TCP_RST, TCP_SYN } from '@lvscope/inet';
import { deliver } from './deliver.ts';
import { ACK, FLAGS, MSS, OPTIONS, PACKET, SEQ, WINDOW } from './packet-row.ts';
import { OPTION_LINUX } from './packets.ts';
import { addRttSample, endHandshake } from './round-trip.ts';
import { ESTABLISHED, FLAG_LINUX_PEER, FLAG_OWNED } from './socket-table.ts';
import type { Host, NetHooks, NetWorld, PacketId, SocketId } from './state.ts';
import { endSocket, setState } from './tcp-end.ts';
import { pushData, sendAck, sendReset } from './tcp-output.ts';
import { armRetransmitAtOnce } from './tcp-rto.ts';

/**
 * tcp_rcv_synsent_state_process(). An ACK of something else comes from a connection that the peer still
 * holds: the reset ends that, and the first SYN goes again at once (since 5.6). A SYN without ACK (both sides
 * opening at once) is passed over in silence: nobody in a cluster does that.
 */
export function synSentInput(
  world: NetWorld,
  hooks: NetHooks,
  host: Host,
  s: SocketId,
  p: PacketId,
): 'done' | 'bad-segment' {
  const { net, sim } = world;
  const t = net.sockets;
  const pool = net.packets;
  const flags = pool.rows[(p << PACKET) | FLAGS]!;
  if ((flags & TCP_ACK) === 0) return 'bad-segment';
  if (pool.rows[(p << PACKET) | ACK] !== t.sndNxt[s]) {
    if (host.kernel === '6.1' && t.retries[s] === 0) armRetransmitAtOnce(world, s);
    sendReset(world, hooks, host, p);
    return 'bad-segment';
  }
  if ((flags & TCP_RST) !== 0) {
    endSocket(world, hooks, s, 'refused');
    return 'done';
  }
  if ((flags & TCP_SYN) === 0) return 'bad-segment';
  cancelTimer(sim, net.retransmitBank, s);
  // A SYN that was sent again gives a sample only by its timestamp.
  const stamped = (pool.rows[(p << PACKET) | OPTIONS]! & OPTION_LINUX) !== 0;
  if (stamped || t.retries[s] === 0) addRttSample(t, s, sim.now - t.timedAt[s]!);
  endHandshake(t, s, t.retries[s]!);
  t.sndUna[s] = t.sndNxt[s]!;
  t.sndWnd[s] = pool.rows[(p << PACKET) | WINDOW]!;
  t.maxWindow[s] = pool.rows[(p << PACKET) | WINDOW]!;
  t.rcvNxt[s] = pool.rows[(p << PACKET) | SEQ]! + 1;
  t.mss[s] = Math.min(t.mss[s]!, pool.rows[(p << PACKET) | MSS] || 536);
  if ((pool.rows[(p << PACKET) | OPTIONS]! & OPTION_LINUX) !== 0) {
    t.flags[s] = t.flags[s]! | FLAG_LINUX_PEER;
    t.mss[s] = t.mss[s] - 12;
  }
  setState(world, s, ESTABLISHED);
  sendAck(world, hooks, s);
  const generation = t.generation[s]!;
  hooks.connected(world, s);
  if (t.generation[s] === generation && (t.flags[s]! & FLAG_OWNED) !== 0) {
    pushData(world, hooks, s);
    deliver(world, hooks, s);
  }
  return 'done';
}
