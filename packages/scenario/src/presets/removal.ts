import type { Scenario, TimelineEntry } from '../document.ts';
import { clusterOf, servers, VIP } from '../topology.ts';
import { exponential, stressTest, visitors } from '../workloads.ts';

const THREE = servers('dr', [1, 1, 1]);
const RS1 = '192.168.1.11:80';
const LOSE_RS1: TimelineEntry = { atSeconds: 60, on: 'rs1', run: 'ip link set eth0 down' };

/** Users who keep a connection open for many requests: what happens to them is the point. */
const talkers = stressTest(30, {
  name: 'talkers',
  concurrency: 30,
  keepAlive: true,
  requestsPerConnection: exponential(60),
  thinkSeconds: exponential(2),
  timeoutSeconds: 15,
});
const KEPT = { keepAlive: true, maxKeepAliveRequests: 0, keepAliveTimeoutSeconds: 30 } as const;

/** Weight 0, deletion, and what each leaves behind. */
export const REMOVAL: readonly Scenario[] = [
  clusterOf({
    name: 'weight-0-template',
    title: { en: 'Weight 0, and still traffic', zh: '权值已经置 0，为什么还有流量？' },
    lesson: {
      en: 'At 1:00 rs1 gets weight 0. Clients with a live template keep coming, and each new connection renews it. At 3:00 expire_quiescent_template=1 frees them at their next connection.',
      zh: '1:00 把 rs1 的权值置 0。持有模板的客户端继续过来，每个新连接又续期。3:00 设置 expire_quiescent_template=1，它们在下一个连接时才被放走。',
    },
    service: `-t ${VIP}:80 -s rr -p 300`,
    servers: THREE,
    workloads: [stressTest(30, { concurrency: 30, thinkSeconds: exponential(1) })],
    timeline: [
      { atSeconds: 60, on: 'd1', run: `ipvsadm -e -t ${VIP}:80 -r ${RS1} -g -w 0` },
      { atSeconds: 180, on: 'd1', run: 'sysctl -w net.ipv4.vs.expire_quiescent_template=1' },
    ],
    durationSeconds: 300,
  }),
  clusterOf({
    name: 'dies-quiescent',
    title: { en: 'A server dies: quiescent (weight 0)', zh: '服务器宕机：quiescent（权值置 0）' },
    lesson: {
      en: 'rs1 loses its cable at 1:00; at 1:10 a health check sets its weight to 0. New clients go elsewhere; those on open connections wait in vain, and with -p they are sent back to the dead server.',
      zh: '1:00 rs1 断网，1:10 健康检查把权值置 0。新客户端去别处；已有连接的客户端白等，带 -p 的还会被送回死掉的服务器。',
    },
    service: `-t ${VIP}:80 -s rr -p 60`,
    servers: THREE,
    web: KEPT,
    workloads: [talkers],
    timeline: [LOSE_RS1, { atSeconds: 70, on: 'd1', run: `ipvsadm -e -t ${VIP}:80 -r ${RS1} -g -w 0` }],
    durationSeconds: 300,
  }),
  clusterOf({
    name: 'dies-removed',
    title: { en: 'A server dies: removed', zh: '服务器宕机：从列表删除' },
    lesson: {
      en: 'The same, but the server is deleted (quiescent=no). With expire_nodest_conn=0 packets of its connections are dropped in silence until the clients give up; new connections are scheduled afresh.',
      zh: '同样宕机，但服务器被删除（quiescent=no）。expire_nodest_conn=0 时旧连接的报文被悄悄丢弃，直到客户端放弃；新连接重新调度。',
    },
    service: `-t ${VIP}:80 -s rr -p 60`,
    servers: THREE,
    web: KEPT,
    workloads: [talkers],
    timeline: [LOSE_RS1, { atSeconds: 70, on: 'd1', run: `ipvsadm -d -t ${VIP}:80 -r ${RS1}` }],
    durationSeconds: 300,
  }),
  clusterOf({
    name: 'dies-removed-nodest',
    title: {
      en: 'A server dies: removed, expire_nodest_conn=1',
      zh: '服务器宕机：删除，expire_nodest_conn=1',
    },
    lesson: {
      en: 'With expire_nodest_conn=1 the entries go with the server: each client gets a reset at its next packet and is back at once.',
      zh: 'expire_nodest_conn=1 时连接表项随服务器一起清除：客户端下一个报文就收到复位，立刻可以重连。',
    },
    service: `-t ${VIP}:80 -s rr -p 60`,
    servers: THREE,
    directorSetup: ['sysctl -w net.ipv4.vs.expire_nodest_conn=1'],
    web: KEPT,
    workloads: [talkers],
    timeline: [LOSE_RS1, { atSeconds: 70, on: 'd1', run: `ipvsadm -d -t ${VIP}:80 -r ${RS1}` }],
    durationSeconds: 300,
  }),
  clusterOf({
    name: 'refusing-server-wlc',
    title: { en: 'A server that refuses, under wlc', zh: '拒绝连接的服务器与 wlc' },
    lesson: {
      en: 'At 1:00 httpd stops on rs1. In DR the director never sees the reset: each entry stays SYN_RECV for 60 s and counts as active, so wlc thinks rs1 busy; the failures are the clients’.',
      zh: '1:00 rs1 上的 httpd 停止。DR 下调度器看不到复位：表项留在 SYN_RECV 60 秒并算活动连接，wlc 以为 rs1 很忙；失败的是客户端。',
    },
    service: `-t ${VIP}:80 -s wlc`,
    servers: THREE,
    workloads: [visitors(50, 30)],
    timeline: [{ atSeconds: 60, on: 'rs1', run: 'systemctl stop httpd' }],
    durationSeconds: 240,
  }),
  clusterOf({
    name: 'threshold',
    title: { en: 'Thresholds: -x and -y', zh: '连接阈值：-x 与 -y' },
    lesson: {
      en: 'rs1 has -x 200: reached by finished connections in FIN_WAIT too, so the mark comes early and stays until enough entries expire. Schedulers skip it; templates do not.',
      zh: 'rs1 设了 -x 200：FIN_WAIT 里已结束的连接也算在内，所以很快超限，要等足够多的表项过期才解除。调度算法会跳过它，模板不会。',
    },
    service: `-t ${VIP}:80 -s rr`,
    servers: [
      { method: 'dr', weight: 1, options: '-x 200 -y 150' },
      { method: 'dr', weight: 1 },
      { method: 'dr', weight: 1 },
    ],
    workloads: [visitors(50, 12)],
    durationSeconds: 360,
  }),
];
