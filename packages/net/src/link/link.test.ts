import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  addAddress,
  askByHand,
  connect,
  framesSeen,
  type FrameRecord,
  gratuitousArp,
  type Host,
  injectPacket,
  keepFrames,
  listen,
  listNeighbours,
  setArp,
  setHostPower,
  setInterfaceConf,
  setNeighbourConf,
  turnToPackets,
  udpOpen,
} from '../index.ts';
import { createLab, host, hooksOf, ip, type Lab, runUntil, segment } from '../testing/lab.ts';

const VIP = ip('10.0.0.100');

/** A router, a director with the VIP on eth0 and a server with it on lo, on one switch. */
function cluster(seed: number | string = 1): { lab: Lab; router: Host; director: Host; server: Host } {
  const lab = createLab(seed);
  turnToPackets(lab.net, { frame: 10, neighbour: 11 });
  keepFrames(lab.net, 10_000);
  const lan = segment(lab, 'lan', '10.0.0.0/24', { delayNs: 10_000 });
  const router = host(lab, 'router', 'router', [[lan, '10.0.0.254/24']]);
  const director = host(lab, 'director', 'director', [[lan, '10.0.0.1/24']]);
  const server = host(lab, 'rs1', 'realserver', [[lan, '10.0.0.11/24']]);
  addAddress(lab.net, director, 'eth0', VIP, 32);
  addAddress(lab.net, server, 'lo', VIP, 32);
  return { lab, router, director, server };
}

const eth0 = (at: Host): Host['interfaces'][number] => at.interfaces.find(({ name }) => name === 'eth0')!;

/** The MACs that answered for an address, in order. */
function answers(lab: Lab, at: Host, address: number): number[] {
  return arps(lab, at)
    .filter(
      ({ direction, arp }) => direction === 'in' && arp?.operation === 2 && arp.senderAddress === address,
    )
    .map(({ sourceMac }) => sourceMac);
}

function arps(lab: Lab, at: Host): FrameRecord[] {
  return framesSeen(lab.net, { interfaceId: eth0(at).id }).frames.filter(({ arp }) => arp !== undefined);
}

function believed(lab: Lab, at: Host, address: number): string {
  const row = listNeighbours(lab, at).find((one) => one.address === address);
  if (row === undefined) return 'nobody';
  const who = lab.net.interfaces.find(({ mac }) => mac === row.mac && mac !== 0);
  return `${who === undefined ? 'nobody' : lab.net.hosts[who.host]!.name} ${row.state}`;
}

describe('who has the VIP?', () => {
  const ask = (prepare: (server: Host, lab: Lab) => void): string[] => {
    const { lab, router, director, server } = cluster();
    prepare(server, lab);
    askByHand(lab, router, eth0(router), VIP, undefined);
    runUntil(lab, hooksOf(), 0.1);
    const names = new Map([director, server].map((h) => [eth0(h).mac, h.name]));
    return answers(lab, router, VIP).map((mac) => names.get(mac) ?? '?');
  };

  it('is answered by a server that has it on lo, unless all or eth0 say otherwise', () => {
    expect(ask(() => undefined)).toEqual(['rs1', 'director']);
    for (const device of ['all', 'eth0']) {
      expect(ask((server, lab) => void setInterfaceConf(lab.net, server, device, 'arp_ignore', 1))).toEqual([
        'director',
      ]);
    }
    expect(ask((server, lab) => void setInterfaceConf(lab.net, server, 'lo', 'arp_ignore', 8))).toEqual([
      'rs1',
      'director',
    ]);
  });

  it('is not answered on an interface without ARP', () => {
    expect(ask((server, lab) => setArp(lab.net, eth0(server), false))).toEqual(['director']);
  });

  it('is not answered for addresses of an interface that is hidden', () => {
    const hidden = ask((server, lab) => {
      setInterfaceConf(lab.net, server, 'all', 'hidden', 1);
      setInterfaceConf(lab.net, server, 'lo', 'hidden', 1);
    });
    expect(hidden).toEqual(['director']);
  });
});

describe('a server that asks for its router', () => {
  /** It answers a client from the VIP, while the router believes in the director. */
  const leak = (announce: number): string => {
    const { lab, router, server } = cluster();
    setInterfaceConf(lab.net, server, 'all', 'arp_ignore', 1);
    setInterfaceConf(lab.net, server, 'all', 'arp_announce', announce);
    const hooks = hooksOf();
    const send = (from: Host, source: number, destination: number): void => {
      injectPacket(lab, hooks, from, { source, sourcePort: 1, destination, destinationPort: 9 });
    };
    send(router, ip('10.0.0.254'), VIP);
    runUntil(lab, hooks, 2);
    send(server, VIP, ip('10.0.0.254'));
    runUntil(lab, hooks, 3);
    return believed(lab, router, VIP);
  };

  it('takes the VIP with arp_announce 0, and 1 where the VIP is of the same network; not with 2', () => {
    expect(leak(0)).toMatch(/^rs1/);
    expect(leak(1)).toMatch(/^rs1/);
    expect(leak(2)).toMatch(/^director/);
  });
});

describe('a neighbour', () => {
  it('that never answers is asked three times, a second apart; then the packets come back as 3/1', () => {
    const { lab, router } = cluster();
    const hooks = hooksOf();
    for (let i = 0; i < 3; i++) {
      injectPacket(lab, hooks, router, {
        source: ip('10.0.0.254'),
        sourcePort: i,
        destination: ip('10.0.0.77'),
        destinationPort: 9,
      });
    }
    runUntil(lab, hooks, 5);
    const asked = arps(lab, router).filter(({ direction }) => direction === 'out');
    expect(asked.map(({ at }) => Math.round(at / 1e9))).toEqual([0, 1, 2]);
    expect(lab.log.filter((line) => line.endsWith('drops neighbour-unreachable')).length).toBe(3);
    expect(believed(lab, router, ip('10.0.0.77'))).toBe('nobody FAILED');
  });

  it('that died is found out after DELAY and three unicast probes, whatever is sent to it', () => {
    const { lab, router, director } = cluster();
    setNeighbourConf(lab.net, router, 'eth0', 'base_reachable_time_ms', 1000);
    setInterfaceConf(lab.net, lab.net.hostByName.get('rs1')!, 'all', 'arp_ignore', 1);
    const hooks = hooksOf();
    const knock = { source: ip('10.0.0.254'), sourcePort: 1, destination: VIP, destinationPort: 9 };
    injectPacket(lab, hooks, router, knock);
    runUntil(lab, hooks, 15);
    expect(believed(lab, router, VIP)).toBe('director STALE');
    setHostPower(lab.net, director, false);
    injectPacket(lab, hooks, router, knock);
    expect(believed(lab, router, VIP)).toBe('director DELAY');
    runUntil(lab, hooks, 21);
    expect(believed(lab, router, VIP)).toBe('director PROBE');
    runUntil(lab, hooks, 25);
    expect(believed(lab, router, VIP)).toBe('nobody FAILED');
  });

  it('is replaced by a gratuitous ARP at once, but made by none', () => {
    const { lab, router, director, server } = cluster();
    const hooks = hooksOf();
    gratuitousArp(lab, server, eth0(server), VIP);
    runUntil(lab, hooks, 0.1);
    expect(believed(lab, router, VIP)).toBe('nobody');
    setInterfaceConf(lab.net, server, 'all', 'arp_ignore', 1);
    injectPacket(lab, hooks, router, {
      source: ip('10.0.0.254'),
      sourcePort: 1,
      destination: VIP,
      destinationPort: 9,
    });
    runUntil(lab, hooks, 0.2);
    expect(believed(lab, router, VIP)).toBe('director REACHABLE');
    gratuitousArp(lab, server, eth0(server), VIP, 'reply');
    runUntil(lab, hooks, 0.3);
    expect(believed(lab, router, VIP)).toBe('rs1 STALE');
    expect(director.power).toBe(true);
  });
});

describe('a switch', () => {
  it('floods what is for a MAC that it has not heard, and then only the right port sees it', () => {
    const { lab, router, director, server } = cluster();
    setInterfaceConf(lab.net, server, 'all', 'arp_ignore', 1);
    const hooks = hooksOf();
    listen(lab, director, { port: 80 });
    connect(lab, hooks, router, { destination: VIP, destinationPort: 80 });
    runUntil(lab, hooks, 0.5);
    const seen = framesSeen(lab.net, { interfaceId: eth0(server).id }).frames;
    // the broadcast question only: the answer's way is known from the question, the rest from the answer
    expect(seen.map(({ arp }) => arp?.operation)).toEqual([1]);
  });
});

describe('a packet larger than the MTU', () => {
  it('goes in fragments where its sender allows it, and arrives as one', () => {
    const { lab, router, server } = cluster();
    const hooks = hooksOf();
    udpOpen(lab, server, { sourcePort: 53 });
    injectPacket(lab, hooks, router, {
      protocol: 17,
      source: ip('10.0.0.254'),
      sourcePort: 700,
      destination: ip('10.0.0.11'),
      destinationPort: 53,
      payload: 4000,
      df: false,
    });
    runUntil(lab, hooks, 0.1);
    const sent = framesSeen(lab.net, { interfaceId: eth0(router).id }).frames;
    const lengths = sent
      .filter(({ direction }) => direction === 'out')
      .map(({ ip: packet }) => packet?.length);
    expect(lengths).toEqual([undefined, 1500, 1500, 1068]);
    expect(lab.log).toContain('0.000 rs1 datagram 4000');
  });
});

it('every frame has an end, every packet comes back to the pool, whatever is lost', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e6 }),
      fc.array(fc.constantFrom('10.0.0.11', '10.0.0.100', '10.0.0.1', '10.0.0.77'), { maxLength: 40 }),
      (seed, targets) => {
        const { lab, router } = cluster(seed);
        Object.assign(lab.net.segments[0]!, { loss: 0.2, bandwidthBitsPerSecond: 1e6 });
        const hooks = hooksOf();
        for (const [i, to] of targets.entries()) {
          const packet = { source: ip('10.0.0.254'), sourcePort: i, destination: ip(to), destinationPort: 9 };
          injectPacket(lab, hooks, router, { ...packet, protocol: i % 2 === 0 ? 6 : 17, payload: 100 * i });
          runUntil(lab, hooks, (i + 1) / 10);
        }
        runUntil(lab, hooks, 60);
        const link = lab.net.link!;
        expect(link.ended.reduce((sum, n) => sum + n, 0)).toBe(link.made);
        expect(lab.net.packets.live).toBe(0);
      },
    ),
    { numRuns: 50 },
  );
});
