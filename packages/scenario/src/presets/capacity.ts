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
    en: 'the LVS notes assume a 100M card',
    zh: 'LVS 笔记假设 100M 网卡',
  },
  packetCostNs: {
    en: 'LVS authors: 60 µs to rewrite a packet of 536 bytes, Pentium; the same taken for DR and TUN',
    zh: 'LVS 作者：奔腾机改写 536 字节的包需 60 微秒；DR 和 TUN 也按此计',
  },
  serverBytesPerSecond: {
    en: "LVS authors' example: 400 kB/s",
    zh: 'LVS 作者的例子：400 kB/s',
  },
  responseBytes: {
    en: 'a small web page, to requests of 250 bytes: our assumption',
    zh: '一个小网页，请求为 250 字节：本产品的假设',
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
      zh: `一台调度器能带多少台服务器：${METHOD_WORD[method]}`,
    },
    lesson:
      method === 'nat'
        ? {
            en: 'Every reply crosses the director, so it is full at some twenty servers: look at failures and latency.',
            zh: '所有应答都经过调度器，二十台左右就满了：看失败数和延迟。',
          }
        : {
            en: 'Only requests and ACKs cross the director, a fraction of the bytes: the same load passes easily.',
            zh: '只有请求和 ACK 经过调度器，流量只占一小部分：同样的负载轻松通过。',
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
