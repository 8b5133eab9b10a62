import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type FrameRecord,
  framesSeen,
  framesUnderway,
  type Host,
  injectPacket,
  keepFrames,
  setInterfaceUp,
  setNetem,
  turnToPackets,
} from '../index.ts';
import { createLab, host, hooksOf, ip, type Lab, runUntil, segment } from '../testing/lab.ts';
import { LOSSY, WIRE } from './wires.ts';

interface Sending {
  readonly from: number;
  readonly to: number;
  readonly payload: number;
  /** ns since the sending before it. */
  readonly gap: number;
}

/** Hosts on a segment, one of them a router to a host elsewhere. */
function lab(queuePackets: number): { world: Lab; hosts: Host[] } {
  const world = createLab(7);
  turnToPackets(world.net, { frame: 10, neighbour: 11 });
  const wires = { bandwidthBitsPerSecond: 1e8, queuePackets };
  const lan = segment(world, 'lan', '10.0.0.0/24', { delayNs: 5000, ...wires });
  const wan = segment(world, 'wan', '10.9.0.0/24', { delayNs: 1e6, ...wires });
  const hosts = [1, 2, 3].map((n) =>
    host(world, `h${n}`, 'realserver', [[lan, `10.0.0.${n}/24`]], '10.0.0.254'),
  );
  host(world, 'router', 'router', [
    [lan, '10.0.0.254/24'],
    [wan, '10.9.0.254/24'],
  ]);
  hosts.push(host(world, 'far', 'client', [[wan, '10.9.0.1/24']], '10.9.0.254'));
  // no two of them alike, so that next to nothing happens in the same nanosecond: what would come first then?
  for (const nic of world.net.interfaces) setNetem(world.net, nic, 1 + 1013 * nic.id ** 2, 0);
  keepFrames(world.net, 10_000);
  return { world, hosts };
}

const ADDRESSES = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.9.0.1'].map(ip);

/**
 * What was seen at the interfaces.
 * @param atSwitch every frame has an event at the switch, as on a wire that may lose it, but that never does.
 *   Then every packet also goes by the functions of receive.ts that nearly none goes by
 * @param after what else is done, after the sending of that number
 */
function seen(
  sendings: readonly Sending[],
  queuePackets: number,
  atSwitch: boolean,
  after?: { sending: number; act: (world: Lab, hosts: Host[]) => void },
): string[] {
  const { world, hosts } = lab(queuePackets);
  const hooks = hooksOf({ dropped: () => {} });
  const look = (): void => {
    const { words } = world.net.wires;
    for (const { id } of world.net.interfaces) words[id << WIRE] = words[id << WIRE]! | LOSSY;
  };
  // everybody has heard of everybody when it begins
  let second = 0;
  for (const [i, from] of hosts.entries()) {
    for (const destination of ADDRESSES) {
      if (destination === ADDRESSES[i]) continue;
      const packet = { source: ADDRESSES[i]!, sourcePort: 9, destination, destinationPort: 9 };
      injectPacket(world, hooks, from, packet);
      runUntil(world, hooks, (second += 0.1));
    }
  }
  const { next } = framesSeen(world.net);
  if (atSwitch) look();
  let now = second * 1e9;
  for (const [seq, { from, to, payload, gap }] of sendings.entries()) {
    now += gap;
    runUntil(world, hooks, now / 1e9);
    const source = ADDRESSES[from]!;
    const packet = { source, sourcePort: 7, destination: ADDRESSES[to]!, destinationPort: 7, seq, payload };
    injectPacket(world, hooks, hosts[from]!, packet);
    if (after?.sending === seq) {
      after.act(world, hosts);
      if (atSwitch) look();
    }
  }
  runUntil(world, hooks, second + 5);
  expect(world.net.packets.live).toBe(0);
  expect(framesUnderway(world.net)).toBe(0);
  return framesSeen(world.net, { from: next }).frames.map(sighting).sort();
}

/** A frame that finds its port's queue full is noted when it would have come out. */
function sighting({ at, interfaceId, direction, end, arp, ip: packet }: FrameRecord): string {
  const time = direction === 'lost' ? '' : at;
  const what = packet
    ? `${packet.source} ${packet.sourcePort} ${packet.seq} ${packet.ttl} ${packet.length}`
    : '';
  return `${time} ${interfaceId} ${direction} ${end} ${what} ${arp?.operation}`;
}

const sending = fc.record({
  from: fc.nat(3),
  to: fc.nat(3),
  payload: fc.constantFrom(0, 0, 100, 700, 1460),
  gap: fc.oneof(fc.constant(0), fc.nat(200_000)),
});
const sendings = fc.array(
  sending.filter(({ from, to }) => from !== to),
  { minLength: 5, maxLength: 60 },
);

it('a frame comes out of a switch exactly when it does with an event at the switch', () => {
  fc.assert(
    fc.property(sendings, (list) => {
      expect(seen(list, 1000, false)).toEqual(seen(list, 1000, true));
    }),
    { numRuns: 60 },
  );
});

it('the same frames find a short queue full', () => {
  fc.assert(
    fc.property(sendings, (list) => {
      expect(seen(list, 2, false)).toEqual(seen(list, 2, true));
    }),
    { numRuns: 60 },
  );
});

it('of two frames that get to a switch at one instant the one sent first comes out first', () => {
  for (const forgotten of [0, 1]) {
    const { world, hosts } = lab(1000);
    const hooks = hooksOf({ dropped: () => {} });
    for (const nic of world.net.interfaces) setNetem(world.net, nic, 0, 0);
    const send = (from: number, destinationPort: number): void => {
      const [source, destination] = [ADDRESSES[from]!, ADDRESSES[2]!];
      injectPacket(world, hooks, hosts[from]!, { source, sourcePort: 7, destination, destinationPort });
    };
    send(0, 1);
    send(1, 1);
    runUntil(world, hooks, 1);
    // one of them has its event at the switch, which does not know it any more, the other one stands in line
    const link = world.net.link!;
    const { mac } = link.ports[hosts[forgotten]!.interfaces.find(({ name }) => name === 'eth0')!.id]!;
    link.switches[0]!.port[mac] = -1;
    const { next } = framesSeen(world.net);
    send(0, 2);
    send(1, 2);
    runUntil(world, hooks, 2);
    const interfaceId = hosts[2]!.interfaces.find(({ name }) => name === 'eth0')!.id;
    const came = framesSeen(world.net, { from: next, interfaceId }).frames.filter(
      ({ direction, ip: packet }) => direction === 'in' && packet?.destinationPort === 2,
    );
    expect(came.map(({ ip: packet }) => packet?.source)).toEqual([ADDRESSES[0], ADDRESSES[1]]);
  }
});

it('frames on their way to an interface that goes down end, all of them', () => {
  fc.assert(
    fc.property(sendings, fc.nat(30), (list, at) => {
      const act = (world: Lab, hosts: Host[]): void =>
        void setInterfaceUp(world.net, hosts[1]!, 'eth0', false);
      // all that is asked stands in seen()
      seen(list, 1000, false, { sending: at, act });
    }),
    { numRuns: 30 },
  );
});
