import { describe, expect, it } from 'vitest';
import { close, connect, type Host, listen, type NetHooks } from './index.ts';
import { TIME_WAIT } from './socket-table.ts';
import { hooksOf, ip, type Lab, pair, runUntil } from './testing/lab.ts';

const to80 = { destination: ip('10.0.0.2'), destinationPort: 80 };

/** A server of 2.6 that closes first, and what became of the connections to it. */
function recycling(tcp_timestamps = 1): { lab: Lab; client: Host; server: Host; hooks: NetHooks<Lab> } {
  const { lab, client, server } = pair();
  Object.assign(server.sysctl, { tcp_tw_recycle: 1, tcp_timestamps });
  listen(lab, server, { port: 80 });
  const hooks: NetHooks<Lab> = hooksOf({
    accepted: (l, s) => close(l, hooks, s),
    remoteClosed: (l, s) => close(l, hooks, s),
    closed: () => {},
    dropped: (l, at, _p, reason) => void l.log.push(`${at.name} ${reason}`),
  });
  return { lab, client, server, hooks };
}

/** Opens a connection from the machine with this clock; whether it was answered within a quarter second. */
function opens(made: ReturnType<typeof recycling>, second: number, clock?: number): boolean {
  const { lab, client, hooks } = made;
  runUntil(lab, hooks, second);
  const before = lab.log.filter((line) => line.endsWith('connected')).length;
  connect(lab, hooks, client, { ...to80, ...(clock !== undefined && { clock }) });
  runUntil(lab, hooks, second + 0.25);
  return lab.log.filter((line) => line.endsWith('connected')).length > before;
}

describe('tcp_tw_recycle', () => {
  it('refuses a machine behind the same address whose clock is behind, for a minute', () => {
    const made = recycling();
    expect(opens(made, 1, 5_000_000)).toBe(true);
    expect(opens(made, 2, 4_000_000)).toBe(false);
    expect(made.lab.log).toContain('server older-timestamp');
    expect(opens(made, 3, 5_000_000)).toBe(true);
    expect(opens(made, 4, 6_000_000)).toBe(true);
    expect(opens(made, 5, 5_000_000)).toBe(false);
    const later = recycling();
    expect(opens(later, 1, 5_000_000)).toBe(true);
    expect(opens(later, 61.5, 4_000_000)).toBe(true);
  });

  it('lets one machine with one clock in as often as it likes', () => {
    const made = recycling();
    for (let second = 1; second < 20; second++) expect(opens(made, second)).toBe(true);
  });

  it('does nothing without timestamps on the server or in the SYN', () => {
    const blind = recycling(0);
    expect([opens(blind, 1, 5_000_000), opens(blind, 2, 4_000_000)]).toEqual([true, true]);
    const silent = recycling();
    expect(opens(silent, 1, 5_000_000)).toBe(true);
    silent.client.sysctl.tcp_timestamps = 0;
    expect(opens(silent, 2, 4_000_000)).toBe(true);
  });

  it('lets TIME_WAIT be over after three and a half time-outs', () => {
    const made = recycling();
    const states = (): number => made.server.socketCounts[TIME_WAIT]!;
    opens(made, 1);
    expect(states()).toBe(1);
    runUntil(made.lab, made.hooks, 5);
    expect(states()).toBe(0);
  });
});
