import { PROTO_ICMP } from '@lvscope/inet';
import { describe, expect, it } from 'vitest';
import {
  close,
  connect,
  exceptionFor,
  framesSeen,
  type Host,
  keepFrames,
  listen,
  send,
  setInterfaceConf,
  setSegment,
  turnToPackets,
  udpOpen,
  udpSend,
} from '../index.ts';
import { createLab, host, hooksOf, ip, type Lab, runUntil, segment } from '../testing/lab.ts';

/** rs1 sends to a far network through the director, which sends it on to the router on the same wire. */
function oneArm(): { lab: Lab; far: Host; director: Host; server: Host } {
  const lab = createLab();
  turnToPackets(lab.net, { frame: 10, neighbour: 11 });
  keepFrames(lab.net, 10_000);
  const lan = segment(lab, 'lan', '10.0.0.0/24', { delayNs: 10_000 });
  const wan = segment(lab, 'wan', '10.9.0.0/24', { delayNs: 10_000 });
  const far = host(lab, 'far', 'client', [[wan, '10.9.0.1/24']], '10.9.0.254');
  host(lab, 'router', 'router', [
    [lan, '10.0.0.254/24'],
    [wan, '10.9.0.254/24'],
  ]);
  const director = host(lab, 'director', 'director', [[lan, '10.0.0.1/24']], '10.0.0.254');
  const server = host(lab, 'rs1', 'realserver', [[lan, '10.0.0.11/24']], '10.0.0.1');
  udpOpen(lab, far, { sourcePort: 53 });
  return { lab, far, director, server };
}

const FAR = ip('10.9.0.1');
const hooks = hooksOf({ datagram: () => {} });

/** Sends a datagram to the far host each second. @returns the redirects that the server has got by then */
function datagrams(lab: Lab, server: Host, seconds: number): number[] {
  const s = udpOpen(lab, server, { destination: FAR, destinationPort: 53 }) as number;
  for (let i = 1; i <= seconds; i++) {
    udpSend(lab, hooks, s, 100);
    runUntil(lab, hooks, i);
  }
  return framesSeen(lab.net)
    .frames.filter(({ ip: packet, direction }) => packet?.icmpType === 5 && direction === 'in')
    .map(({ at }) => Math.floor(at / 1e9));
}

describe('a redirect', () => {
  it('is heeded once the MAC of the gateway that it names is known: the first asks for it', () => {
    const { lab, server } = oneArm();
    expect(datagrams(lab, server, 5)).toEqual([0, 1]);
    expect(exceptionFor(lab, server, FAR)).toMatchObject({ gateway: ip('10.0.0.254'), mtu: 0 });
  });

  it('is heeded for five minutes', () => {
    const { lab, server } = oneArm();
    datagrams(lab, server, 5);
    runUntil(lab, hooks, 302);
    expect(exceptionFor(lab, server, FAR)).toBeUndefined();
  });

  it('is not sent with send_redirects off, and not heeded with accept_redirects off', () => {
    const silent = oneArm();
    for (const device of ['all', 'eth0']) {
      setInterfaceConf(silent.lab.net, silent.director, device, 'send_redirects', 0);
    }
    expect(datagrams(silent.lab, silent.server, 3)).toEqual([]);
    const deaf = oneArm();
    for (const device of ['all', 'eth0']) {
      setInterfaceConf(deaf.lab.net, deaf.server, device, 'accept_redirects', 0);
    }
    datagrams(deaf.lab, deaf.server, 3);
    expect(exceptionFor(deaf.lab, deaf.server, FAR)).toBeUndefined();
  });

  it('that quotes a FIN is lost where close(2) still holds the socket, on a wire without delay', () => {
    for (const [lockNs, heeded] of [
      [0, true],
      [1e6, false],
    ] as const) {
      const { lab, far, server } = oneArm();
      lab.net.sendLockNs = lockNs;
      listen(lab, far, { port: 80 });
      const deaf = (on: number): void => {
        for (const device of ['all', 'eth0']) {
          setInterfaceConf(lab.net, server, device, 'accept_redirects', on);
        }
      };
      deaf(0);
      const quiet = hooksOf({ received: () => {}, datagram: () => {} });
      const s = connect(lab, quiet, server, { destination: FAR, destinationPort: 80 }) as number;
      // the router's MAC is to be known, so that one redirect is enough
      udpSend(lab, quiet, udpOpen(lab, server, {}) as number, 10, {
        destination: ip('10.0.0.254'),
        destinationPort: 9,
      });
      runUntil(lab, quiet, 3);
      deaf(1);
      close(lab, quiet, s);
      runUntil(lab, quiet, 3.1);
      expect([lockNs, exceptionFor(lab, server, FAR) !== undefined]).toEqual([lockNs, heeded]);
    }
  });

  it('that is ignored comes nine times, each after twice the time, then no more', () => {
    const { lab, server } = oneArm();
    for (const device of ['all', 'eth0']) {
      setInterfaceConf(lab.net, server, device, 'accept_redirects', 0);
    }
    // 20 ms << n: the waits are shorter than a second up to the sixth
    expect(datagrams(lab, server, 40)).toEqual([0, 1, 2, 3, 4, 5, 7, 10, 16]);
  });
});

describe('a path MTU that a host has learnt', () => {
  const narrow = (): { lab: Lab; far: Host; server: Host } => {
    const { lab, far, server } = oneArm();
    setSegment(lab.net, lab.net.segments[1]!, { mtu: 1000 });
    return { lab, far, server };
  };

  it('counts for every connection to that destination, for ten minutes', () => {
    const { lab, far, server } = narrow();
    listen(lab, far, { port: 80 });
    const quiet = hooksOf({ received: () => {}, datagram: () => {} });
    // the far end of the narrow line would say so itself in its SYN-ACK
    setSegment(lab.net, lab.net.segments[1]!, { mtu: 1500 });
    const first = connect(lab, quiet, server, { destination: FAR, destinationPort: 80 }) as number;
    runUntil(lab, quiet, 1);
    setSegment(lab.net, lab.net.segments[1]!, { mtu: 1000 });
    send(lab, quiet, first, 5000);
    runUntil(lab, quiet, 2);
    expect(exceptionFor(lab, server, FAR)).toMatchObject({ mtu: 1000 });
    expect(lab.net.sockets.mss[first]).toBe(948);
    const second = connect(lab, quiet, server, { destination: FAR, destinationPort: 80 }) as number;
    expect(lab.net.sockets.mss[second]).toBe(960);
    runUntil(lab, quiet, 603);
    expect(exceptionFor(lab, server, FAR)).toBeUndefined();
  });

  it('cuts datagrams at the sender, or refuses them where IP_PMTUDISC_DO is asked for', () => {
    const { lab, server } = narrow();
    const s = udpOpen(lab, server, { destination: FAR, destinationPort: 53 }) as number;
    const to = { destination: FAR, destinationPort: 53 };
    expect(udpSend(lab, hooks, s, 1400, { ...to, pathMtuDiscovery: 'do' })).toBe('sent');
    runUntil(lab, hooks, 1);
    expect(udpSend(lab, hooks, s, 1400, { ...to, pathMtuDiscovery: 'do' })).toBe('too-big');
    expect(udpSend(lab, hooks, s, 1400, to)).toBe('sent');
    runUntil(lab, hooks, 2);
    const sent = framesSeen(lab.net, { interfaceId: server.interfaces[1]!.id }).frames.filter(
      ({ ip: packet, direction }) => direction === 'out' && packet && packet.protocol !== PROTO_ICMP,
    );
    expect(sent.map(({ ip: packet }) => packet!.length)).toEqual([1428, 996, 452]);
  });
});
