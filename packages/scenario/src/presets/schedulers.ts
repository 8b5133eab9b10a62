import type { Scenario, TimelineEntry } from '../document.ts';
import { clusterOf, servers, VIP } from '../topology.ts';
import { constant, exponential, stressTest, visitors } from '../workloads.ts';

const TEN = ['rr', 'wrr', 'lc', 'wlc', 'lblc', 'lblcr', 'dh', 'sh', 'sed', 'nq'] as const;
const EACH_SECONDS = 60;

/** A minute of each scheduler, one after the other; the first is in the rules. */
const inTurn: TimelineEntry[] = TEN.slice(1).map((scheduler, i) => ({
  atSeconds: (i + 1) * EACH_SECONDS,
  on: 'd1',
  run: `ipvsadm -E -t ${VIP}:80 -s ${scheduler}`,
}));

const LONG_REQUESTS = {
  serviceTimeMs: { kind: 'lognormal', median: 1500, sigma: 0.9 },
  responseBytes: constant(20_000),
} as const;

/** Destinations behind one firewall mark, as a farm of web caches sees them. */
const FARM_PREFIX = '203.0.113.0/24';
const FARM_TARGETS = Array.from({ length: 60 }, (_, i) => `203.0.113.${i + 10}:80`);

function farm(scheduler: string): Pick<Parameters<typeof clusterOf>[0], 'service' | 'directorSetup'> & {
  routerRoutes: string[];
  serverRoutes: string[];
} {
  return {
    service: `-f 1 -s ${scheduler}`,
    directorSetup: [
      `iptables -t mangle -A PREROUTING -d ${FARM_PREFIX} -p tcp --dport 80 -j MARK --set-mark 1`,
      `ip route add local ${FARM_PREFIX} dev lo`,
    ],
    routerRoutes: [`${FARM_PREFIX} via 192.168.1.2`],
    serverRoutes: [`local ${FARM_PREFIX} dev lo`],
  };
}

/** Which scheduler for what, and what goes wrong when it is taken for something else. */
export const SCHEDULERS: readonly Scenario[] = [
  clusterOf({
    name: 'ten-schedulers',
    title: { en: 'The ten schedulers on unequal servers', zh: '十种调度算法与不等的服务器' },
    lesson: {
      en: 'Four servers of weight 1, 2, 3 and 4; every minute the next scheduler: rr wrr lc wlc lblc lblcr dh sh sed nq. rr, lc and dh ignore weights; lblc and dh key on the destination, and there is one VIP.',
      zh: '四台服务器权值 1、2、3、4；每分钟换一种算法：rr wrr lc wlc lblc lblcr dh sh sed nq。rr、lc、dh 不看权值；lblc 和 dh 按目标地址散列，而 VIP 只有一个。',
    },
    service: `-t ${VIP}:80 -s rr`,
    servers: servers('dr', [1, 2, 3, 4]),
    workloads: [visitors(200, 40)],
    timeline: inTurn,
    durationSeconds: TEN.length * EACH_SECONDS,
  }),
  clusterOf({
    name: 'web-wlc',
    title: { en: 'A web site: wlc', zh: '网站：wlc' },
    lesson: {
      en: 'Short requests, servers of different size: wlc follows the weights and steers round a server that lags.',
      zh: '请求短、服务器大小不一：wlc 按权值分配，并避开变慢的服务器。',
    },
    service: `-t ${VIP}:80 -s wlc`,
    servers: servers('dr', [1, 1, 2, 4]),
    workloads: [visitors(100, 60)],
    durationSeconds: 240,
  }),
  clusterOf({
    name: 'web-wrr',
    title: { en: 'A web site: wrr', zh: '网站：wrr' },
    lesson: {
      en: 'wrr deals connections by weight and looks at nothing else; for short, equal requests that is enough.',
      zh: 'wrr 只按权值轮流分配连接，不看别的；对短而均匀的请求已经足够。',
    },
    service: `-t ${VIP}:80 -s wrr`,
    servers: servers('dr', [1, 1, 2, 4]),
    workloads: [visitors(100, 60)],
    durationSeconds: 240,
  }),
  clusterOf({
    name: 'long-requests-sed',
    title: { en: 'Long requests: sed', zh: '处理时间长的请求：sed' },
    lesson: {
      en: 'Requests of seconds on servers of unequal speed: sed weighs the connection that is about to come, (active + 1) / weight, and ignores finished ones.',
      zh: '请求要处理几秒、服务器快慢不一：sed 把即将到来的连接也算上，（活动 + 1） / 权值，不计已结束的连接。',
    },
    service: `-t ${VIP}:80 -s sed`,
    servers: servers('dr', [1, 2, 4]),
    web: LONG_REQUESTS,
    workloads: [visitors(100, 8)],
    durationSeconds: 240,
  }),
  clusterOf({
    name: 'long-requests-nq',
    title: { en: 'Long requests: nq', zh: '处理时间长的请求：nq' },
    lesson: {
      en: 'nq never lets a request queue while a server is idle: the first idle one in the list takes it, whatever its weight; else it is sed.',
      zh: 'nq 只要有空闲服务器就不排队：列表里第一台空闲的接走，不管权值；都不空闲时等同 sed。',
    },
    service: `-t ${VIP}:80 -s nq`,
    servers: servers('dr', [1, 2, 4]),
    web: LONG_REQUESTS,
    workloads: [visitors(100, 3)],
    durationSeconds: 240,
  }),
  clusterOf({
    name: 'cache-farm-lblc',
    title: { en: 'A farm of web caches: lblc', zh: 'Web Cache 集群：lblc' },
    lesson: {
      en: 'Sixty sites behind one firewall mark. lblc sends each site to the cache that already holds it, and moves it only when that cache is overloaded.',
      zh: '一个防火墙标记后面有六十个站点。lblc 把每个站点固定给已有其内容的 Cache，只有过载时才换。',
    },
    ...farm('lblc'),
    servers: servers('dr', [20, 20, 20]),
    serverAddresses: [],
    workloads: [visitors(200, 40, { targets: FARM_TARGETS })],
    durationSeconds: 240,
  }),
  clusterOf({
    name: 'cache-farm-lblcr',
    title: { en: 'A farm of web caches: lblcr', zh: 'Web Cache 集群：lblcr' },
    lesson: {
      en: 'As lblc, but a site that overloads its cache gets a second one beside it: a set of servers per destination.',
      zh: '与 lblc 相同，但某站点压垮一台 Cache 时会再加一台：每个目标对应一组服务器。',
    },
    ...farm('lblcr'),
    servers: servers('dr', [4, 4, 4]),
    workloads: [visitors(200, 60, { targets: FARM_TARGETS.slice(0, 8) })],
    durationSeconds: 240,
  }),
  clusterOf({
    name: 'firewalls-dh',
    title: { en: 'Firewalls or caches by destination: dh', zh: '防火墙或 Cache，按目标地址：dh' },
    lesson: {
      en: 'dh maps each destination to one of 256 buckets and never looks at load or weight: a static map, good where the same destination must take the same way.',
      zh: 'dh 把目标地址映射到 256 个桶，不看负载也不看权值：静态映射，适合同一目标必须走同一条路的场合。',
    },
    ...farm('dh'),
    servers: servers('dr', [1, 1, 1]),
    workloads: [visitors(200, 40, { targets: FARM_TARGETS })],
    durationSeconds: 240,
  }),
  clusterOf({
    name: 'firewalls-sh',
    title: { en: 'By source address: sh', zh: '按源地址：sh' },
    lesson: {
      en: 'sh maps each client address to a bucket: sticky without templates, but every change of a weight refills the table and moves most clients.',
      zh: 'sh 把客户端地址映射到桶：不用模板也能固定服务器，但任何权值改动都会重排散列表，多数客户端随之移动。',
    },
    service: `-t ${VIP}:80 -s sh`,
    servers: servers('dr', [1, 1, 1]),
    workloads: [visitors(200, 40)],
    timeline: [{ atSeconds: 120, on: 'd1', run: `ipvsadm -e -t ${VIP}:80 -r 192.168.1.11:80 -g -w 2` }],
    durationSeconds: 240,
  }),
  clusterOf({
    name: 'one-vip-lblc',
    title: { en: 'What goes wrong: one VIP under lblc', zh: '用错的例子：单一 VIP 用 lblc' },
    lesson: {
      en: 'lblc and dh key on the destination address. A web site has one VIP, so one server gets everything until it is overloaded (ActiveConn above its weight while another is half idle).',
      zh: 'lblc 和 dh 按目标地址选择。网站只有一个 VIP，于是一台服务器拿走全部，直到过载（ActiveConn 超过权值且另有半闲的服务器）。',
    },
    service: `-t ${VIP}:80 -s lblc`,
    servers: servers('dr', [100, 100, 100]),
    workloads: [visitors(200, 40)],
    durationSeconds: 240,
  }),
  clusterOf({
    name: 'one-vip-dh',
    title: { en: 'What goes wrong: one VIP under dh', zh: '用错的例子：单一 VIP 用 dh' },
    lesson: {
      en: 'One destination, one bucket, one server: dh in front of a single VIP is no balancing at all.',
      zh: '一个目标、一个桶、一台服务器：单一 VIP 前面用 dh 等于没有均衡。',
    },
    service: `-t ${VIP}:80 -s dh`,
    servers: servers('dr', [1, 1, 1]),
    workloads: [stressTest(50, { concurrency: 20, thinkSeconds: exponential(0.5) })],
    durationSeconds: 180,
  }),
];
