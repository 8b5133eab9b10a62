import { formatIpv4 } from '@lvscope/inet';
import type { Ipv4 } from '@lvscope/inet';
import type { CommandResult } from '@lvscope/cluster';
import type { PingBeginning, PingPlan, Refusal } from './ping-options.ts';
import type { PingState } from './ping.ts';

export interface PingReply {
  readonly source: Ipv4;
  /** Of the ICMP packet. */
  readonly bytes: number;
  readonly number: number;
  readonly ttl: number;
  readonly ns: number;
  readonly again: boolean;
}

/** How a ping speaks. */
export interface PingText {
  readonly header: (plan: PingPlan) => string;
  readonly reply: (reply: PingReply) => string;
  readonly statistics: (state: PingState) => string;
  readonly refused: (refusal: Refusal) => CommandResult;
}

/** iputils ping_common.c, gather_statistics: three significant places. */
function roundTrip(ns: number): string {
  const us = Math.round(ns / 1e3);
  if (us >= 100_000) return String(Math.floor((us + 500) / 1000));
  if (us >= 10_000) return (Math.floor((us + 50) / 100) / 10).toFixed(1);
  if (us >= 1000) return (Math.floor((us + 5) / 10) / 100).toFixed(2);
  return (us / 1000).toFixed(3);
}

const milliseconds = (ns: number): string => (Math.floor(ns / 1e3) / 1e3).toFixed(3);

/** As printf's %g has it: six significant digits. */
const percent = (part: number, whole: number): string => `${Number(((part * 100) / whole).toPrecision(6))}`;

const twice = (again: boolean): string => (again ? ' (DUP!)' : '');

export const IPUTILS: PingText = {
  header: ({ name, target, from, size }) => {
    const bytes = `${size}(${size + 28}) bytes of data.\n`;
    return `PING ${name} (${formatIpv4(target)}) ${from === '' ? '' : `${from}: `}${bytes}`;
  },
  reply: ({ source, bytes, number, ttl, ns, again }) => {
    const head = `${bytes} bytes from ${formatIpv4(source)}: icmp_seq=${number} ttl=${ttl}`;
    return `${head} time=${roundTrip(ns)} ms${twice(again)}\n`;
  },
  statistics: (state) => {
    const { plan, sent, received, duplicates, errors, begunAt, lastSentAt, roundTrips } = state;
    const counts = [
      `${sent} packets transmitted`,
      `${received} received`,
      ...(duplicates > 0 ? [`+${duplicates} duplicates`] : []),
      ...(errors > 0 ? [`+${errors} errors`] : []),
      `${percent(sent - received, sent)}% packet loss`,
      `time ${Math.floor((lastSentAt - begunAt) / 1e6)}ms`,
    ];
    const head = `\n--- ${plan.name} ping statistics ---\n${counts.join(', ')}\n`;
    if (received === 0) return `${head}\n`;
    const mean = roundTrips.sum / received;
    const deviation = Math.sqrt(Math.max(0, roundTrips.squares / received - mean * mean));
    const times = [roundTrips.least, mean, roundTrips.most, deviation].map(milliseconds);
    return `${head}rtt min/avg/max/mdev = ${times.join('/')} ms\n`;
  },
  refused: ({ rc, err }) => ({ rc, out: '', err }),
};

function busyboxHeader({ name, target, boundTo, size }: PingBeginning): string {
  const from = boundTo === undefined ? '' : ` from ${formatIpv4(boundTo)}`;
  return `PING ${name} (${formatIpv4(target)})${from}: ${size} data bytes\n`;
}

export const BUSYBOX: PingText = {
  header: busyboxHeader,
  reply: ({ source, bytes, number, ttl, ns, again }) => {
    const head = `${bytes} bytes from ${formatIpv4(source)}: seq=${number - 1} ttl=${ttl}`;
    return `${head} time=${milliseconds(ns)} ms${twice(again)}\n`;
  },
  statistics: ({ plan, sent, received, roundTrips }) => {
    const loss = Math.floor(((sent - received) * 100) / sent);
    const counts = `${sent} packets transmitted, ${received} packets received, ${loss}% packet loss\n`;
    const head = `\n--- ${plan.name} ping statistics ---\n${counts}`;
    if (received === 0) return head;
    const times = [roundTrips.least, roundTrips.sum / received, roundTrips.most].map(milliseconds);
    return `${head}round-trip min/avg/max = ${times.join('/')} ms\n`;
  },
  // it has said what it is about to do when the kernel refuses; the source is given for groups first
  refused: ({ rc, err, kernel }) => {
    if (kernel === undefined) return { rc, out: '', err };
    const { call, why } = kernel;
    const text = call === 'bind' ? "can't set multicast source interface" : `sendto: ${why}`;
    return { rc: 1, out: busyboxHeader(kernel), err: `ping: ${text}\n` };
  },
};
