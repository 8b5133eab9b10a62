import { describe, expect, it } from 'vitest';
import { addRule, packetRule, connect, listen, readTap, send, setKeepAlive, startTap } from './index.ts';
import { hooksOf, ip, pair, runUntil } from './testing/lab.ts';

const to80 = { destination: ip('10.0.0.2'), destinationPort: 80 };
const quiet = hooksOf({ received: () => {}, dropped: () => {} });

describe('keep-alive', () => {
  it('probes a silent connection after tcp_keepalive_time, and lets an answer begin the time anew', () => {
    const { lab, client, server } = pair();
    listen(lab, server, { port: 80 });
    client.sysctl.tcp_keepalive_time = 100;
    const s = connect(lab, quiet, client, to80) as number;
    runUntil(lab, quiet, 1);
    setKeepAlive(lab, s, true);
    const tap = startTap(lab.net, client, { direction: 'out' });
    runUntil(lab, quiet, 340);
    const seconds = readTap(tap).map(({ at }) => Math.round(at / 10e9) * 10);
    expect(seconds).toEqual([100, 200, 300]);
    expect(lab.log.at(-1)).not.toMatch(/timeout/);
  });

  it('ends a connection when tcp_keepalive_probes, tcp_keepalive_intvl apart, stay unanswered', () => {
    const { lab, client, server } = pair();
    listen(lab, server, { port: 80 });
    Object.assign(client.sysctl, {
      tcp_keepalive_time: 100,
      tcp_keepalive_intvl: 10,
      tcp_keepalive_probes: 3,
    });
    const s = connect(lab, quiet, client, to80) as number;
    runUntil(lab, quiet, 1);
    setKeepAlive(lab, s, true);
    addRule(lab.net, server, 'filter', 'INPUT', packetRule({ kind: 'drop' }, {}));
    runUntil(lab, quiet, 500);
    expect(lab.log.at(-1)).toMatch(/^13\d\.\d+ client timeout$/);
  });
});

describe('a bulk transfer over a round trip of 100 ms', () => {
  const took = (tune: (side: { rmem: number; wmem: number }) => void): number => {
    const { lab, client, server } = pair({ delayNs: 50e6 });
    const most = { rmem: 6291456, wmem: 4194304 };
    tune(most);
    server.sysctl.tcp_rmem = [4096, 131072, most.rmem];
    client.sysctl.tcp_wmem = [4096, 16384, most.wmem];
    listen(lab, server, { port: 80 });
    let done = 0;
    let got = 0;
    const hooks = hooksOf({
      received: (world, _socket, bytes) => {
        got += bytes;
        if (got === 2_000_000) done = world.sim.now / 1e9;
      },
    });
    const s = connect(lab, hooks, client, to80) as number;
    runUntil(lab, hooks, 0.2);
    send(lab, hooks, s, 2_000_000);
    runUntil(lab, hooks, 60);
    return done;
  };

  it('is done in some round trips where the buffers may grow', () => {
    expect(took(() => {})).toBeLessThan(1.5);
  });

  it('sends half of tcp_wmem’s most, or takes half of tcp_rmem’s, in each', () => {
    const wmem = took((most) => {
      most.wmem = 65536;
    });
    const rmem = took((most) => {
      most.rmem = 131072;
    });
    expect(wmem).toBeGreaterThan(5.5); // 61 round trips
    expect(wmem).toBeLessThan(8);
    expect(rmem).toBeGreaterThan(2.8); // 31
    expect(rmem).toBeLessThan(4.5);
  });
});
