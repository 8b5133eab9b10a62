import type { Scenario } from '../document.ts';
import { clusterOf, servers, VIP } from '../topology.ts';
import { stressTest } from '../workloads.ts';

const FOUR = servers('dr', [1, 1, 1, 1]);

/** The pitfall that LVS gets the blame for, and what each way out of it really does. */
export const STRESS: readonly Scenario[] = [
  clusterOf({
    name: 'stress-one-source',
    title: { en: 'Stress test from one machine, with -p', zh: '一台机器做压力测试，带 -p' },
    lesson: {
      en: 'One machine tests a cluster of four. With -p the whole test goes to one server: persistence keeps a client address on its server, and there is only one client address.',
      zh: '一台机器测试四台服务器的集群。指定了 -p，全部连接都落到同一台服务器：持久连接按客户端地址固定服务器，而客户端地址只有一个。',
    },
    service: `-t ${VIP}:80 -s rr -p 300`,
    servers: FOUR,
    workloads: [stressTest(1)],
    durationSeconds: 300,
  }),
  clusterOf({
    name: 'stress-one-source-no-p',
    title: { en: 'The same test without -p', zh: '同样的测试，不带 -p' },
    lesson: {
      en: 'Without -p every connection is scheduled by itself, so even one machine is spread over all servers.',
      zh: '不带 -p 时每个连接单独调度，即使只有一台测试机也能均匀分到所有服务器。',
    },
    service: `-t ${VIP}:80 -s rr`,
    servers: FOUR,
    workloads: [stressTest(1)],
    durationSeconds: 180,
  }),
  clusterOf({
    name: 'stress-many-sources',
    title: { en: 'Stress test from many machines, with -p', zh: '多台机器做压力测试，带 -p' },
    lesson: {
      en: 'The same -p, but 200 client addresses: each is held to one server, and together they are spread.',
      zh: '同样带 -p，但有 200 个客户端地址：每个地址固定到一台服务器，合起来负载就均衡了。',
    },
    service: `-t ${VIP}:80 -s rr -p 300`,
    servers: FOUR,
    workloads: [stressTest(200, { concurrency: 200, thinkSeconds: { kind: 'exponential', mean: 3 } })],
    durationSeconds: 180,
  }),
  clusterOf({
    name: 'stress-netmask',
    title: { en: 'Many machines of one network, with -p and -M', zh: '同一网段的多台机器，带 -p 和 -M' },
    lesson: {
      en: '-M 255.255.255.0 makes one template for a whole /24: 200 machines of one network are one client again.',
      zh: '-M 255.255.255.0 让整个 /24 网段共用一个模板：同一网段的 200 台机器又成了一个客户端。',
    },
    service: `-t ${VIP}:80 -s rr -p 300 -M 255.255.255.0`,
    servers: FOUR,
    workloads: [stressTest(200, { concurrency: 200, thinkSeconds: { kind: 'exponential', mean: 3 } })],
    durationSeconds: 180,
  }),
  clusterOf({
    name: 'stress-wlc-held-back',
    title: { en: 'Switching -p off under wlc', zh: 'wlc 调度下关掉 -p' },
    lesson: {
      en: 'At 1:00 -p is switched off. wlc counts 256·active + inactive, and the old server has thousands of InActConn in FIN_WAIT for 120 s: for minutes it gets nothing, and the picture is skewed the other way.',
      zh: '1:00 关掉 -p。wlc 按 256·活动 + 非活动计算，旧服务器还有几千个 FIN_WAIT（120 秒）的 InActConn：几分钟内它分不到新连接，倾斜反了过来。',
    },
    service: `-t ${VIP}:80 -s wlc -p 300`,
    servers: FOUR,
    workloads: [stressTest(1)],
    timeline: [{ atSeconds: 60, on: 'd1', run: `ipvsadm -E -t ${VIP}:80 -s wlc` }],
    durationSeconds: 300,
  }),
];
