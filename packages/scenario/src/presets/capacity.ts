import type { Quantity, Scenario, Words } from '../document.ts';
import { clusterOf, type Method, servers, VIP } from '../topology.ts';
import { constant, visitors } from '../workloads.ts';

/**
 * How many real servers one director can feed. Three assumptions decide it, all of them the seed's own or
 * the LVS authors': a 100 Mbit/s card, 60 µs of the director's CPU for a packet (their figure for rewriting
 * one of 536 bytes on a Pentium), and servers that give 400 kB/s each (their example).
 */
export interface CapacityAssumptions {
  readonly bandwidthMbps: number;
  readonly packetCostNs: number;
  readonly serverBytesPerSecond: number;
  readonly responseBytes: number;
}

export const CAPACITY_ASSUMPTIONS: CapacityAssumptions = {
  bandwidthMbps: 100,
  packetCostNs: 60_000,
  serverBytesPerSecond: 400_000,
  responseBytes: 10_000,
};

/** Where each assumption is from, in the words that stand beside the curve. */
export const CAPACITY_SOURCES: Readonly<Record<keyof CapacityAssumptions, Words>> = {
  bandwidthMbps: {
    en: 'link of the director, Mbit/s: the LVS notes assume a 100M card',
    zh: '调度器网卡,Mbit/s:LVS 资料假设 100M 网卡',
  },
  packetCostNs: {
    en: "director's CPU time for a packet, ns: the LVS authors give 60 µs for rewriting one on a Pentium; the same is taken for DR and TUN",
    zh: '调度器处理一个报文的 CPU 时间,纳秒:LVS 作者给出奔腾机上改写一个报文 60 微秒;DR 和 TUN 也按此计算',
  },
  serverBytesPerSecond: {
    en: "what a real server delivers, bytes/s: 400 kB/s in the LVS authors' example",
    zh: '一台服务器的输出,字节/秒:LVS 作者的例子为 400 kB/s',
  },
  responseBytes: {
    en: 'reply to a request of 250 bytes, bytes: the ratio of reply to request; an ordinary page of the time',
    zh: '对 250 字节请求的应答,字节:即应答与请求之比;当时普通网页的大小',
  },
};

const METHOD_WORD: Readonly<Record<Method, string>> = { nat: 'NAT', tun: 'TUN', dr: 'DR' };

/** A cluster of `count` servers that is offered as much as they can serve. */
export function capacityScenario(
  method: Method,
  count: number,
  assumptions: CapacityAssumptions = CAPACITY_ASSUMPTIONS,
): Scenario {
  const { bandwidthMbps, packetCostNs, serverBytesPerSecond, responseBytes } = assumptions;
  const requestsPerServer = serverBytesPerSecond / responseBytes;
  const serviceTimeMs: Quantity = constant(20);
  return clusterOf({
    name: `capacity-${method}`,
    title: {
      en: `How many servers can one director feed: ${METHOD_WORD[method]}`,
      zh: `一台调度器能带多少台服务器:${METHOD_WORD[method]}`,
    },
    lesson:
      method === 'nat'
        ? {
            en: 'Every reply crosses the director, so it is full at some twenty servers: look at failures and latency.',
            zh: '所有应答都经过调度器,二十台左右就满了:看失败数和延迟。',
          }
        : {
            en: 'Only requests and ACKs cross the director, a fraction of the bytes: the same load passes easily.',
            zh: '只有请求和 ACK 经过调度器,流量只占一小部分:同样的负载轻松通过。',
          },
    service: `-t ${VIP}:80 -s rr`,
    servers: servers(
      method,
      Array.from({ length: count }, () => 1),
    ),
    bandwidthMbps,
    packetCostNs,
    web: { serviceTimeMs, responseBytes: constant(responseBytes), workers: 400 },
    workloads: [visitors(500, requestsPerServer * count, { timeoutSeconds: 10 })],
    durationSeconds: 30,
  });
}

/** The same thirty servers by each method. */
export const CAPACITY: readonly Scenario[] = (['nat', 'tun', 'dr'] as const).map((method) =>
  capacityScenario(method, 30),
);
