import { describe, expect, it } from 'vitest';
import {
  addAddress,
  askByHand,
  frameNotes,
  framesSeen,
  injectPacket,
  keepFrames,
  setInterfaceConf,
  turnToPackets,
} from '../index.ts';
import { createLab, host, hooksOf, ip, type Lab, runUntil, segment } from '../testing/lab.ts';

const VIP = ip('10.0.0.100');

function asked(): Lab {
  const lab = createLab(1);
  turnToPackets(lab.net, { frame: 10, neighbour: 11 });
  keepFrames(lab.net, 100);
  const lan = segment(lab, 'lan', '10.0.0.0/24', { delayNs: 10_000 });
  const router = host(lab, 'router', 'router', [[lan, '10.0.0.254/24']]);
  const server = host(lab, 'rs1', 'realserver', [[lan, '10.0.0.11/24']]);
  addAddress(lab.net, server, 'lo', VIP, 32);
  setInterfaceConf(lab.net, server, 'all', 'arp_ignore', 1);
  const nic = router.interfaces.find(({ name }) => name === 'eth0')!;
  askByHand(lab, router, nic, VIP, undefined);
  runUntil(lab, hooksOf(), 0.1);
  return lab;
}

describe('why nothing came of a frame', () => {
  it('names the setting that kept a server from answering, beside the question itself', () => {
    const lab = asked();
    const [question] = framesSeen(lab.net).frames;
    const { notes, next } = frameNotes(lab.net);
    expect(notes).toMatchObject([{ kind: 'arp-withheld', what: 'arp_ignore', frame: question?.frame }]);
    expect(frameNotes(lab.net, next).notes).toEqual([]);
  });

  it('names why a packet ended at a host, by the journey that it was on', () => {
    const lab = asked();
    const router = lab.net.hosts[0]!;
    const to = { destination: ip('10.0.0.11'), destinationPort: 9 };
    injectPacket(lab, hooksOf(), router, { source: ip('10.0.0.254'), sourcePort: 1, ...to });
    runUntil(lab, hooksOf(), 0.3);
    const syn = framesSeen(lab.net).frames.find(({ ip: packet }) => packet?.destinationPort === 9);
    expect(frameNotes(lab.net).notes).toContainEqual(
      expect.objectContaining({ kind: 'drop', host: 1, what: 'no-listener', journey: syn?.journey }),
    );
  });

  it('counts a frame as one from the wire on which it leaves to the one on which it comes in', () => {
    const lab = asked();
    const seen = framesSeen(lab.net).frames.map(({ frame, direction }) => `${frame} ${direction}`);
    expect(seen).toEqual(['1 out', '1 in']);
  });
});
