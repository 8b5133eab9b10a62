import { PROTO_TCP, TCP_ACK, TCP_SYN } from '@lvscope/inet';
import { describe, expect, it } from 'vitest';
import {
  abort,
  acceptNext,
  addAddress,
  addRule,
  packetRule,
  close,
  connect,
  deleteRule,
  injectPacket,
  listen,
  type Listener,
  listSockets,
  type NetHooks,
  readTap,
  send,
  setReading,
  shutdown,
  socketCount,
  socketState,
  startTap,
  udpOpen,
  udpSend,
} from './index.ts';
import { createLab, host, hooksOf, ip, type Lab, pair, runUntil, segment } from './testing/lab.ts';

const to80 = { destination: ip('10.0.0.2'), destinationPort: 80 };
const times = (records: ReturnType<typeof readTap>, flags: number): number[] =>
  records.filter((r) => r.flags === flags).map((r) => Math.round(r.at / 1e8) / 10);

/** Both sides close when they see the end of file. */
const polite = (): NetHooks<Lab> => {
  const hooks: NetHooks<Lab> = { ...hooksOf(), remoteClosed: (lab, s) => close(lab, hooks, s) };
  return hooks;
};

describe('connecting', () => {
  // The timers are of 1, 2, 4 … s; the kernel's wheel rounds each up: by ticks of 4 ms, by 32 ms from 0.25
  // s on, by
  // 256 ms from 2 s, by 2 s from 16 s.
  it('asks again after 1, 3, 7.2, 15.4, 31.5 and 65.5 s, and gives up after 131 s', () => {
    const { lab, client, server } = pair();
    addRule(
      lab.net,
      server,
      'filter',
      'INPUT',
      packetRule({ kind: 'drop' }, { protocol: PROTO_TCP, ports: [[80, 80]] }),
    );
    const tap = startTap(lab.net, client, { direction: 'out' });
    const hooks = hooksOf({ dropped: () => {} });
    connect(lab, hooks, client, to80);
    runUntil(lab, hooks, 200);
    expect(times(readTap(tap), TCP_SYN)).toEqual([0, 1, 3, 7.2, 15.4, 31.5, 65.5]);
    expect(lab.log).toEqual(['131.072 client timeout']);
  });

  it('to a port where nobody listens is refused in one round trip', () => {
    const { lab, client } = pair({ delayNs: 10e6 });
    const hooks = hooksOf({ dropped: () => {} });
    connect(lab, hooks, client, to80);
    runUntil(lab, hooks, 1);
    expect(lab.log).toEqual(['0.020 client refused']);
  });

  it('over one that the server still holds resets that, and asks again within two ticks', () => {
    const { lab, client, server } = pair();
    const hooks = hooksOf({ dropped: () => {} });
    listen(lab, server, { port: 80 });
    const stale = connect(lab, hooks, client, { ...to80, sourcePort: 1000 }) as number;
    runUntil(lab, hooks, 1);
    const rule = packetRule({ kind: 'drop' }, { protocol: PROTO_TCP });
    addRule(lab.net, client, 'filter', 'OUTPUT', rule);
    abort(lab, hooks, stale);
    deleteRule(lab.net, client, 'filter', 'OUTPUT', 0);
    const tap = startTap(lab.net, client, { direction: 'out' });
    const again = connect(lab, hooks, client, { ...to80, sourcePort: 1000 }) as number;
    runUntil(lab, hooks, 1.1);
    expect(socketState(lab.net, again)).toBe('ESTAB');
    const asked = readTap(tap).filter(({ flags }) => flags === TCP_SYN);
    expect(asked).toHaveLength(2);
    expect(asked[1]!.at - asked[0]!.at).toBeLessThanOrEqual(12e6);
  });

  it('asks once more before it ends by an error that came after its turn (RFC 6069)', () => {
    const lab = createLab();
    const near = segment(lab, 'near', '10.0.0.0/24');
    const far = segment(lab, 'far', '10.0.1.0/24');
    const client = host(lab, 'client', 'client', [[near, '10.0.0.1/24']], '10.0.0.254');
    const router = host(lab, 'router', 'router', [
      [near, '10.0.0.254/24'],
      [far, '10.0.1.254/24'],
    ]);
    const hooks = hooksOf({ dropped: () => {} });
    // the router's question of another packet ends 1.8 s after the second SYN
    const early = udpOpen(lab, router, { destination: ip('10.0.1.77'), destinationPort: 53 }) as number;
    udpSend(lab, hooks, early, 1);
    const tap = startTap(lab.net, client, { direction: 'out' });
    runUntil(lab, hooks, 0.1);
    connect(lab, hooks, client, { destination: ip('10.0.1.77'), destinationPort: 80 });
    runUntil(lab, hooks, 5);
    expect(times(readTap(tap), TCP_SYN)).toEqual([0.1, 1.1, 3]);
    expect(lab.log).toEqual(['3.000 client unreachable']);
  });

  it('to an address that nobody has is unreachable after three seconds of ARP', () => {
    const { lab, client } = pair();
    const hooks = hooksOf({ dropped: () => {} });
    connect(lab, hooks, client, { destination: ip('10.0.0.77'), destinationPort: 80 });
    runUntil(lab, hooks, 10);
    expect(lab.log).toEqual(['3.000 client unreachable']);
  });

  it('where there is no route is an error at once', () => {
    const { lab, client } = pair();
    const destination = ip('192.0.2.1');
    expect(connect(lab, hooksOf(), client, { destination, destinationPort: 80 })).toBe('unreachable');
  });

  it('is answered again after 1, 3, 7.2, 15.4 and 31.5 s while the final ACK is missing', () => {
    const { lab, client, server } = pair();
    const hooks = hooksOf({ dropped: () => {} });
    listen(lab, server, { port: 80 });
    addAddress(lab.net, client, 'eth0', ip('10.0.0.9'), 32);
    addRule(lab.net, client, 'filter', 'INPUT', packetRule({ kind: 'drop' }, { protocol: PROTO_TCP }));
    const tap = startTap(lab.net, server, { direction: 'out' });
    const from = { source: ip('10.0.0.9'), sourcePort: 1000, destination: ip('10.0.0.2') };
    injectPacket(lab, hooks, client, { ...from, destinationPort: 80, flags: TCP_SYN, seq: 1000 });
    runUntil(lab, hooks, 65.5);
    expect(times(readTap(tap), TCP_SYN | TCP_ACK)).toEqual([0, 1, 3, 7.2, 15.4, 31.5]);
    expect(socketCount(server, 'SYN-RECV')).toBe(1);
    runUntil(lab, hooks, 65.6);
    expect(socketCount(server, 'SYN-RECV')).toBe(0);
  });

  it('runs out of ports when all are taken towards one destination, not towards another', () => {
    const { lab, client, server } = pair();
    client.sysctl.ip_local_port_range = [40000, 40009];
    listen(lab, server, { port: 80 });
    listen(lab, server, { port: 81 });
    const hooks = hooksOf();
    const results = Array.from({ length: 11 }, () => connect(lab, hooks, client, to80));
    expect(results.slice(0, 10).every((s) => typeof s === 'number')).toBe(true);
    expect(results[10]).toBe('ports-exhausted');
    expect(typeof connect(lab, hooks, client, { ...to80, destinationPort: 81 })).toBe('number');
  });

  it('may take a port out of TIME_WAIT after a second when tcp_tw_reuse is 1', () => {
    const { lab, client, server } = pair();
    client.sysctl.ip_local_port_range = [40000, 40000];
    listen(lab, server, { port: 80 });
    const hooks = polite();
    const first = connect(lab, hooks, client, to80) as number;
    runUntil(lab, hooks, 1);
    close(lab, hooks, first);
    runUntil(lab, hooks, 3);
    expect(socketCount(client, 'TIME-WAIT')).toBe(1);
    expect(connect(lab, hooks, client, to80)).toBe('ports-exhausted');
    client.sysctl.tcp_tw_reuse = 1;
    const again = connect(lab, hooks, client, to80) as number;
    runUntil(lab, hooks, 4);
    expect(socketState(lab.net, again)).toBe('ESTAB');
  });
});

describe('closing', () => {
  it('leaves TIME_WAIT for 60 s, and up to 2 s more, at the side that closes first', () => {
    const { lab, client, server } = pair();
    listen(lab, server, { port: 80 });
    const sockets: number[] = [];
    const hooks: NetHooks<Lab> = { ...polite(), accepted: (_l, s) => void sockets.push(s) };
    connect(lab, hooks, client, to80);
    runUntil(lab, hooks, 1);
    close(lab, hooks, sockets[0]!);
    runUntil(lab, hooks, 61.4); // closed at 1 s: the wheel's next round tick after 61 s is at 61.44 s
    expect([socketCount(client, 'TIME-WAIT'), socketCount(server, 'TIME-WAIT')]).toEqual([0, 1]);
    runUntil(lab, hooks, 61.5);
    expect(socketCount(server, 'TIME-WAIT')).toBe(0);
  });

  it('lets half of the connection go on: after our FIN the other side may still send', () => {
    const { lab, client, server } = pair();
    listen(lab, server, { port: 80 });
    let accepted = -1;
    const hooks = hooksOf({ accepted: (_l, s) => void (accepted = s) });
    const s = connect(lab, hooks, client, to80) as number;
    runUntil(lab, hooks, 1);
    shutdown(lab, hooks, s);
    runUntil(lab, hooks, 2);
    send(lab, hooks, accepted, 5000);
    runUntil(lab, hooks, 3);
    expect(lab.log.slice(1)).toEqual(['1.000 server eof', '2.000 client received 5000']);
    expect(socketState(lab.net, s)).toBe('FIN-WAIT-2');
    expect(socketState(lab.net, accepted)).toBe('CLOSE-WAIT');
  });

  it('leaves an orphan in FIN_WAIT2 for tcp_fin_timeout when the other side never closes', () => {
    const { lab, client, server } = pair();
    listen(lab, server, { port: 80 });
    const hooks = hooksOf();
    const s = connect(lab, hooks, client, to80) as number;
    runUntil(lab, hooks, 1);
    close(lab, hooks, s);
    runUntil(lab, hooks, 60.9);
    expect(socketCount(client, 'FIN-WAIT-2')).toBe(1);
    runUntil(lab, hooks, 62);
    expect(lab.log.at(-1)).toBe('61.440 client timeout'); // 60 s, rounded up by the wheel
    expect(socketCount(server, 'CLOSE-WAIT')).toBe(1);
  });

  it('by both at once ends in TIME_WAIT on both sides', () => {
    const { lab, client, server } = pair({ delayNs: 5e6 });
    listen(lab, server, { port: 80 });
    let accepted = -1;
    const hooks = hooksOf({ accepted: (_l, s) => void (accepted = s) });
    const s = connect(lab, hooks, client, to80) as number;
    runUntil(lab, hooks, 1);
    close(lab, hooks, s);
    close(lab, hooks, accepted);
    runUntil(lab, hooks, 2);
    expect([socketState(lab.net, s), socketState(lab.net, accepted)]).toEqual(['TIME-WAIT', 'TIME-WAIT']);
  });

  it('answers data for a socket that is closed with RST, and so does a close with data unread', () => {
    const { lab, client, server } = pair();
    listen(lab, server, { port: 80 });
    let accepted = -1;
    const hooks = hooksOf({ accepted: (_l, s) => void (accepted = s), dropped: () => {} });
    const s = connect(lab, hooks, client, to80) as number;
    runUntil(lab, hooks, 1);
    close(lab, hooks, s);
    runUntil(lab, hooks, 2);
    send(lab, hooks, accepted, 10);
    runUntil(lab, hooks, 3);
    expect(lab.log.slice(2)).toEqual(['2.000 client reset', '2.000 server reset']);
    const second = connect(lab, hooks, client, to80) as number;
    runUntil(lab, hooks, 4);
    setReading(lab, hooks, second, false);
    send(lab, hooks, accepted, 10);
    runUntil(lab, hooks, 5);
    close(lab, hooks, second);
    runUntil(lab, hooks, 6);
    expect(lab.log.slice(-2)).toEqual(['5.000 client reset', '5.000 server reset']);
  });

  it('by abort sends RST, and nothing is left on either side', () => {
    const { lab, client, server } = pair();
    listen(lab, server, { port: 80 });
    const hooks = hooksOf();
    const s = connect(lab, hooks, client, to80) as number;
    runUntil(lab, hooks, 1);
    abort(lab, hooks, s);
    runUntil(lab, hooks, 2);
    expect(lab.log.slice(2)).toEqual(['1.000 client reset', '1.000 server reset']);
    expect(lab.net.sockets.live).toBe(0);
  });
});

describe('a server that accepts slowly', () => {
  function crowd(
    backlog: number,
    clients: number,
    over: Partial<NetHooks<Lab>> = {},
  ): {
    lab: Lab;
    hooks: NetHooks<Lab>;
    listener: Listener;
    server: ReturnType<typeof pair>['server'];
  } {
    const { lab, client, server } = pair();
    const listener = listen(lab, server, { port: 80, backlog, autoAccept: false }) as Listener;
    const hooks = hooksOf({ dropped: () => {}, ...over });
    for (let i = 0; i < clients; i++) connect(lab, hooks, client, to80);
    return { lab, hooks, listener, server };
  }

  it('holds backlog + 1 connections, and lets the others ask again until there is room', () => {
    const { lab, hooks, listener, server } = crowd(4, 10);
    server.sysctl.tcp_syncookies = 0;
    runUntil(lab, hooks, 1.5);
    expect(listener.waiting).toBe(5);
    expect(listener.overflows).toBeGreaterThan(0);
    for (let second = 2; second < 40; second++) {
      while (acceptNext(lab, hooks, listener) >= 0);
      runUntil(lab, hooks, second);
    }
    expect(lab.log.filter((line) => line.endsWith('accepted')).length).toBe(10);
  });

  it('knows nothing of a connection that began with a SYN cookie and found no room until data comes', () => {
    const { lab, hooks, listener, server } = crowd(4, 10);
    runUntil(lab, hooks, 1);
    expect(lab.log.filter((line) => line.endsWith('connected')).length).toBe(10);
    expect(listener.cookiesSent).toBe(6);
    expect(socketCount(server, 'ESTAB')).toBe(5);
    while (acceptNext(lab, hooks, listener) >= 0);
    const client = lab.net.hostByName.get('client')!;
    for (const s of listSockets(lab.net, client)) send(lab, hooks, s, 10);
    runUntil(lab, hooks, 2);
    expect(socketCount(server, 'ESTAB')).toBe(10);
  });

  it('keeps what arrives before accept() and delivers it then', () => {
    const { lab, hooks, listener } = crowd(10, 1, {
      connected: (l, s) => void send(l, hooksOf(), s, 300),
    });
    runUntil(lab, hooks, 2);
    expect(lab.log).toEqual([]);
    acceptNext(lab, hooks, listener);
    expect(lab.log).toEqual(['2.000 server accepted', '2.000 server received 300']);
  });

  it('bounds the backlog by somaxconn', () => {
    const { lab, server } = pair();
    server.sysctl.somaxconn = 128;
    expect((listen(lab, server, { port: 80, backlog: 4096 }) as Listener).backlog).toBe(128);
  });
});

describe('data', () => {
  it('costs round trips: 100 kB over 10 ms one way take slow start', () => {
    const { lab, client, server } = pair({ delayNs: 10e6 });
    listen(lab, server, { port: 80 });
    const got: number[] = [];
    const hooks: NetHooks<Lab> = hooksOf({
      connected: (l, s) => void send(l, hooks, s, 100),
      received: (l, s, bytes) => {
        if (l.net.sockets.localPort[s] === 80) send(l, hooks, s, 100000);
        else got.push(bytes);
      },
    });
    connect(lab, hooks, client, to80);
    runUntil(lab, hooks, 5);
    expect(got.slice(0, 2)).toEqual([14480, 28960]);
    expect(got.reduce((a, b) => a + b)).toBe(100000);
    expect(got.length).toBe(3);
  });

  it('that is not acknowledged is probed after 0.2 s, goes again after as much, then doubling', () => {
    const { lab, client, server } = pair();
    listen(lab, server, { port: 80 });
    const hooks = hooksOf({ dropped: () => {} });
    const s = connect(lab, hooks, client, to80) as number;
    runUntil(lab, hooks, 1);
    addRule(lab.net, server, 'filter', 'INPUT', packetRule({ kind: 'drop' }, { protocol: PROTO_TCP }));
    const tap = startTap(lab.net, client, { direction: 'out' });
    send(lab, hooks, s, 10);
    runUntil(lab, hooks, 8);
    // each a slot of the wheel late
    expect(times(readTap(tap), 24)).toEqual([1, 1.2, 1.4, 1.9, 2.7, 4.4, 7.7]);
    runUntil(lab, hooks, 2000);
    expect(lab.log.at(-1)).toMatch(/client timeout$/);
  });
});
