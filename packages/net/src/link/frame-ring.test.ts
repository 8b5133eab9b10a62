import { addTimerBank } from '@lvscope/des';
import { describe, expect, it } from 'vitest';
import {
  type FrameRecord,
  framesSeen,
  injectPacket,
  keepFrames,
  sendTo,
  takeFrames,
  turnToPackets,
  watchFrames,
} from '../index.ts';
import { createLab, host, hooksOf, ip, runUntil, segment } from '../testing/lab.ts';

/** More SYNs than a small ring has rows leave one after the other before the first comes in. */
function burst(
  capacity: number,
  syns = 30,
): { kept: FrameRecord[]; watched: FrameRecord[]; written: number } {
  const lab = createLab(1);
  turnToPackets(lab.net, { frame: 10, neighbour: 11 });
  keepFrames(lab.net, capacity);
  const lan = segment(lab, 'lan', '10.0.0.0/24', { delayNs: 10_000_000, bandwidthBitsPerSecond: 1e9 });
  const client = host(lab, 'client', 'client', [[lan, '10.0.0.254/24']]);
  const server = host(lab, 'rs1', 'realserver', [[lan, '10.0.0.11/24']]);
  const wakes = { bank: addTimerBank(lab.sim, 20), timer: 0 };
  const watch = watchFrames(lab.net, [server.interfaces[1]!.id], wakes)!;
  for (let sourcePort = 1; sourcePort <= syns; sourcePort++) {
    const [source, destination] = [ip('10.0.0.254'), ip('10.0.0.11')];
    injectPacket(lab, hooksOf(), client, { source, sourcePort, destination, destinationPort: 80, flags: 2 });
  }
  runUntil(lab, hooksOf(), 1);
  const { frames, next } = framesSeen(lab.net);
  return { kept: frames, watched: takeFrames(watch), written: next };
}

/** What a watch, which remembers nothing of a packet, sees of one that a director sends on so. */
function sentOn(method: 'masq' | 'tunnel' | 'route'): { kept: FrameRecord[]; watched: FrameRecord[] } {
  const lab = createLab(1);
  turnToPackets(lab.net, { frame: 10, neighbour: 11 });
  keepFrames(lab.net, 100);
  const lan = segment(lab, 'lan', '10.0.0.0/24', {});
  const client = host(lab, 'client', 'client', [[lan, '10.0.0.254/24']]);
  host(lab, 'lb1', 'director', [[lan, '10.0.0.1/24']]);
  host(lab, 'rs1', 'realserver', [[lan, '10.0.0.11/24']]);
  const wakes = { bank: addTimerBank(lab.sim, 20), timer: 0 };
  const everywhere = lab.net.interfaces.map(({ id }) => id);
  const watch = watchFrames(lab.net, everywhere, wakes)!;
  const hooks = hooksOf({
    localIn: (_, director, packet) => {
      sendTo(lab, hooks, director, packet, { method, address: ip('10.0.0.11'), port: 8080 });
      return 'stolen';
    },
  });
  const [source, destination] = [ip('10.0.0.254'), ip('10.0.0.1')];
  injectPacket(lab, hooks, client, { source, sourcePort: 1, destination, destinationPort: 80, flags: 2 });
  runUntil(lab, hooks, 1);
  return { kept: framesSeen(lab.net).frames, watched: takeFrames(watch) };
}

/** Source ports of the SYNs on the far wire when frames are kept from when the second one is underway. */
function keptFrom(second: number): (number | undefined)[] {
  const lab = createLab(1);
  turnToPackets(lab.net, { frame: 10, neighbour: 11 });
  const slow = { delayNs: 10_000_000, bandwidthBitsPerSecond: 1e9 };
  const [near, far] = [segment(lab, 'a', '10.0.0.0/24', slow), segment(lab, 'b', '10.0.1.0/24', slow)];
  const client = host(lab, 'client', 'client', [[near, '10.0.0.2/24']], '10.0.0.1');
  host(lab, 'router', 'router', [
    [near, '10.0.0.1/24'],
    [far, '10.0.1.1/24'],
  ]);
  const server = host(lab, 'rs1', 'realserver', [[far, '10.0.1.2/24']]);
  const [source, destination] = [ip('10.0.0.2'), ip('10.0.1.2')];
  for (const sourcePort of [1, 2]) {
    injectPacket(lab, hooksOf(), client, { source, sourcePort, destination, destinationPort: 80, flags: 2 });
    runUntil(lab, hooksOf(), sourcePort === 1 ? 1 : second);
  }
  keepFrames(lab.net, 100);
  runUntil(lab, hooksOf(), 2);
  const { frames } = framesSeen(lab.net, { interfaceId: server.interfaces[1]!.id });
  return frames.filter(({ ip: packet }) => packet?.flags === 2).map(({ ip: packet }) => packet?.sourcePort);
}

describe('the ring of frames', () => {
  it.each([
    ['to the router', 1.005],
    ['behind it', 1.015],
  ])('laid while a frame is underway %s, it has what that frame carries', (_, second) => {
    expect(keptFrom(second)).toEqual([2]);
  });

  it.each(['route', 'masq', 'tunnel'] as const)('shows what a director has changed by %s', (method) => {
    const { kept, watched } = sentOn(method);
    expect(kept).toEqual(watched);
    const { ip: syn } = kept.findLast((frame) => frame.ip?.flags === 2)!;
    expect({ ttl: syn!.ttl, port: syn!.destinationPort, tunnelled: syn!.outerDestination !== 0 }).toEqual({
      ttl: 63,
      port: method === 'masq' ? 8080 : 80,
      tunnelled: method === 'tunnel',
    });
  });

  it('says of a frame that was underway for long what a ring says that has forgotten nothing', () => {
    const all = burst(1000);
    for (const capacity of [1, 2, 8, 21, 50]) {
      const some = burst(capacity);
      expect(some.written).toBe(all.written);
      expect(some.kept).toEqual(all.kept.slice(-capacity));
    }
  });

  it('says the same of hundreds that are underway at once', () => {
    const all = burst(10_000, 200);
    for (const capacity of [100, 150, 400]) {
      expect(burst(capacity, 200).kept).toEqual(all.kept.slice(-capacity));
    }
  });

  it('shows a watch what it keeps, and the watch disturbs nothing', () => {
    const { kept, watched } = burst(1000);
    const at = watched[0]!.interfaceId;
    const without = (frames: readonly FrameRecord[]) => frames.map((one) => ({ ...one, index: 0 }));
    expect(watched.length).toBeGreaterThan(60);
    expect(without(watched)).toEqual(without(kept.filter(({ interfaceId }) => interfaceId === at)));
  });
});
