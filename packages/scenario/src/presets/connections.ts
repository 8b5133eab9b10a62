import type { Scenario } from '../document.ts';
import { clusterOf, servers, VIP } from '../topology.ts';
import { constant, exponential, stressTest, visitors } from '../workloads.ts';

const PAGE = { objectsPerPage: { kind: 'lognormal', median: 20, sigma: 0.6 } } as const;

/** Sixteen users; most ask a few times, some for hundreds of things in a row. */
const talkers = stressTest(16, {
  name: 'talkers',
  concurrency: 16,
  keepAlive: true,
  requestsPerConnection: { kind: 'pareto', minimum: 4, shape: 0.9 },
  thinkSeconds: exponential(0.5),
});

/** What one connection is: the grain at which LVS balances. */
export const CONNECTIONS: readonly Scenario[] = [
  clusterOf({
    name: 'keepalive-off',
    title: { en: 'KeepAlive Off: a connection a request', zh: 'KeepAlive Off：一个请求一个连接' },
    lesson: {
      en: 'LVS schedules connections. With KeepAlive Off each request is a connection of its own, and work is spread evenly.',
      zh: 'LVS 调度的最小单位是连接。KeepAlive 设成 Off 时每个请求是一个连接，负载比较均衡。',
    },
    service: `-t ${VIP}:80 -s rr`,
    servers: servers('dr', [1, 1, 1, 1]),
    web: { keepAlive: false },
    workloads: [talkers],
    durationSeconds: 240,
  }),
  clusterOf({
    name: 'keepalive-on',
    title: { en: 'KeepAlive On: many requests a connection', zh: 'KeepAlive On：一个连接多个请求' },
    lesson: {
      en: 'With KeepAlive On a few heavy users hold their connections: connections are still dealt evenly, requests are not, and ActiveConn stays high while users idle.',
      zh: 'KeepAlive 打开后少数活跃用户一直占着连接：连接仍是均匀分的，请求却不均，而且用户空闲时 ActiveConn 也居高不下。',
    },
    service: `-t ${VIP}:80 -s rr`,
    servers: servers('dr', [1, 1, 1, 1]),
    web: { keepAlive: true, maxKeepAliveRequests: 0 },
    workloads: [talkers],
    durationSeconds: 240,
  }),
  clusterOf({
    name: 'page-of-objects',
    title: { en: 'A page of many objects', zh: '一个网页多个对象' },
    lesson: {
      en: 'A page of some twenty objects is some twenty connections when KeepAlive is Off: the burst of a single user is spread over all servers.',
      zh: 'KeepAlive 为 Off 时，一个含二十来个对象的网页就是二十来个连接：单个用户的突发访问被分散到所有服务器。',
    },
    service: `-t ${VIP}:80 -s wlc`,
    servers: servers('dr', [1, 1, 1, 1]),
    workloads: [visitors(50, 2, PAGE)],
    durationSeconds: 240,
  }),
  clusterOf({
    name: 'three-methods',
    title: { en: 'DR, TUN and NAT beside each other', zh: 'DR、TUN、NAT 三种方式并列' },
    lesson: {
      en: 'One service, three methods: -g, -i, -m. With NAT the director sees both sides close (TIME_WAIT); in DR and TUN it sees the client only and infers FIN_WAIT. Each entry stands 120 s, a server’s own TIME_WAIT 60 s. At 3:00 --set 900 20 300 shortens FIN_WAIT: InActConn falls for DR and TUN, not for NAT.',
      zh: '一个服务三种转发方式：-g、-i、-m。NAT 时调度器看到双方关闭（TIME_WAIT）；DR 和 TUN 只看到客户端一侧，推断为 FIN_WAIT。表项都保留 120 秒，而服务器自己的 TIME_WAIT 是 60 秒。3:00 执行 --set 900 20 300 缩短 FIN_WAIT：DR 和 TUN 的 InActConn 下降，NAT 不变。',
    },
    service: `-t ${VIP}:80 -s rr`,
    servers: [
      { method: 'dr', weight: 1 },
      { method: 'tun', weight: 1 },
      { method: 'nat', weight: 1 },
    ],
    workloads: [visitors(50, 30)],
    timeline: [{ atSeconds: 180, on: 'd1', run: 'ipvsadm --set 900 20 300' }],
    durationSeconds: 360,
  }),
  clusterOf({
    name: 'timeouts-set',
    title: { en: 'ipvsadm --set: weeding out faster', zh: 'ipvsadm --set：让连接淘汰得快一些' },
    lesson: {
      en: 'At 2:00 ipvsadm --set 900 10 300 shortens FIN_WAIT from 120 s to 10 s: InActConn falls twelvefold, but only as each connection sees its next packet or a new one comes; TIME_WAIT keeps its 120 s.',
      zh: '2:00 执行 ipvsadm --set 900 10 300，FIN_WAIT 从 120 秒缩到 10 秒：InActConn 降到约十二分之一，但只对之后的报文和新连接生效；TIME_WAIT 仍是 120 秒。',
    },
    service: `-t ${VIP}:80 -s wlc`,
    servers: servers('dr', [1, 1, 1]),
    workloads: [visitors(50, 40)],
    timeline: [{ atSeconds: 120, on: 'd1', run: 'ipvsadm --set 900 10 300' }],
    durationSeconds: 360,
  }),
  clusterOf({
    name: 'slow-server-wlc',
    title: { en: 'A slow server and a full one', zh: '一台变慢的服务器' },
    lesson: {
      en: 'At 1:00 rs1 becomes slow. wlc sees its ActiveConn rise and sends it less; rr would go on feeding it.',
      zh: '1:00 rs1 变慢。wlc 看到它的 ActiveConn 上升就少分给它；rr 会照旧分配。',
    },
    service: `-t ${VIP}:80 -s wlc`,
    servers: servers('dr', [1, 1, 1, 1]),
    web: { workers: 40, responseBytes: constant(6000) },
    workloads: [visitors(50, 60)],
    timeline: [{ atSeconds: 60, on: 'rs1', run: 'tc qdisc add dev eth0 root netem delay 400ms' }],
    durationSeconds: 240,
  }),
  clusterOf({
    name: 'sip-call-id',
    title: {
      en: 'SIP: a call stays, not a client (--pe sip)',
      zh: 'SIP：按通话而不是按客户端保持（--pe sip）',
    },
    lesson: {
      en: 'Four telephone exchanges of one provider speak of six calls over UDP. With --pe sip a template is a call’s: calls of one exchange go to different servers, and a call stays at its server whichever exchange speaks of it. The network counts, too: without -M each exchange’s part of a call has its own template. Watch ipvsadm -Lnc --persistent-conn.',
      zh: '一家运营商的四台交换机用 UDP 讨论六个通话。用 --pe sip 时模板属于通话：同一台交换机的不同通话可以去不同的服务器，而一个通话无论由哪台交换机发来都留在同一台服务器。交换机所在的网段也算在内（-M）：不写它，每台交换机在一个通话中各有自己的模板。没有 Call-ID 的报文会被丢弃。可看：ipvsadm -Lnc --persistent-conn。',
    },
    service: `-u ${VIP}:5060 -s rr -p 120 -M 255.255.255.0 --pe sip`,
    servers: servers('nat', [1, 1, 1]),
    web: {
      name: 'sip',
      protocol: 'udp',
      port: 5060,
      serviceTimeMs: constant(5),
      responseBytes: constant(300),
    },
    workloads: [
      stressTest(4, {
        name: 'calls',
        protocol: 'udp',
        targets: [`${VIP}:5060`],
        calls: 6,
        concurrency: 4,
        thinkSeconds: exponential(2),
      }),
    ],
    durationSeconds: 240,
  }),
];
