import { describe, expect, it } from 'vitest';
import type { CableState } from '../worker/api.ts';
import { bits, lossText, microseconds, ratesOf } from './cable-figures.ts';

const look = (atNs: number, sentBytes: number, receivedBytes: number): CableState => ({
  atNs,
  host: 'rs1',
  interface: 'eth0',
  network: 'lan',
  up: true,
  bandwidthBitsPerSecond: 1e9,
  delayNs: 50_000,
  jitterNs: 0,
  loss: 0,
  mtu: 1500,
  queuePackets: 1000,
  waitingPackets: 0,
  sentPackets: 0,
  sentBytes,
  receivedPackets: 0,
  receivedBytes,
  droppedPackets: 0,
});

describe('what a cable carries', () => {
  it('is the bytes between two looks by simulated time', () => {
    const rates = ratesOf({ before: look(1e9, 1000, 0), now: look(3e9, 251_000, 2500) });
    expect(rates).toEqual({ out: 1e6, in: 10_000 });
  });

  it('is nothing after the first look and while time stands still', () => {
    expect(ratesOf({ before: undefined, now: look(1e9, 1000, 0) }).out).toBe(0);
    expect(ratesOf({ before: look(1e9, 0, 0), now: look(1e9, 1000, 0) }).out).toBe(0);
  });

  it('is written with the units of ip and tc', () => {
    expect([0, 800, 12_340, 1e8, 1e9].map(bits)).toEqual([
      '0\u202fbit',
      '800\u202fbit',
      '12.3\u202fkbit',
      '100\u202fMbit',
      '1\u202fGbit',
    ]);
    expect([microseconds(50_000), microseconds(1_500_000), lossText(0.05)]).toEqual([
      '50\u202fµs',
      '1.5\u202fms',
      '5\u202f%',
    ]);
  });
});
