import { armTimer, type SimTime, TICK_NS, timerTick } from '@lvscope/des';
import type { NetWorld, SocketId } from './state.ts';

/**
 * Arms one of a socket's timers to go off `delayNs` from now: on the ticks of its host's kernel, as late as
 * the kernel's wheel makes it (a SYN-ACK again after 1.03, 2.02, 4.1 … s). Old kernels are taken as exact.
 */
export function armSocketTimer(world: NetWorld, bank: number, s: SocketId, delayNs: number): void {
  const { sim, net } = world;
  const host = net.hosts[net.sockets.host[s]!]!;
  if (host.kernel !== '6.1') {
    armTimer(sim, bank, s, (sim.now + delayNs) as SimTime);
    return;
  }
  const now = Math.floor(sim.now / TICK_NS) + net.jiffiesAtStart;
  const at = timerTick(now, now + Math.ceil(delayNs / TICK_NS)) - net.jiffiesAtStart;
  armTimer(sim, bank, s, (at * TICK_NS) as SimTime);
}
