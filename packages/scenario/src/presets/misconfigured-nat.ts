import type { HostSpec, Scenario } from '../document.ts';
import { cure, FEW_VISITORS, labOf, noCure, ONE_ARM, onEach } from '../lab.ts';
import { eth, GATEWAY, servers, VIP } from '../topology.ts';
import { constant, visitors } from '../workloads.ts';

const SERVICE = `-t ${VIP}:80 -s rr`;
const DIRECTOR = '192.168.1.2';
const NO_REDIRECTS = ['all', 'eth0'].map((dev) => `sysctl -w net.ipv4.conf.${dev}.send_redirects=0`);
const ONE_ARM_DIRECTOR = [
  `ip addr add ${VIP}/32 dev eth0`,
  'sysctl -w net.ipv4.ip_forward=1',
  ...NO_REDIRECTS,
];
const INSIDER: HostSpec = {
  name: 'insider',
  role: 'client',
  kernel: '6.1',
  interfaces: [eth('eth0', 'inside', ...[101, 102, 103, 104].map((n) => `172.16.0.${n}/24`))],
  routes: ['default via 172.16.0.1'],
  setup: [],
  rules: '',
  packetCostNs: 0,
};

/** NAT: whose answers must come back through the director. */
export const MISCONFIGURED_NAT: readonly Scenario[] = [
  labOf({
    ...ONE_ARM,
    name: 'nat-gateway',
    title: { en: 'NAT: the server’s gateway is not the director', zh: 'NAT：服务器的网关不是调度器' },
    lesson: {
      en: 'rs1’s default route points to the router. Its SYN-ACK reaches the client with rs1’s own address as source, where the client has no such connection and resets it; the client’s SYN goes on in vain. Every second connection times out, and stays SYN_RECV on the director.',
      zh: 'rs1 的默认路由指向路由器。它的 SYN-ACK 以自己的地址到达客户端，客户端没有这个连接，回 RST；而原来的 SYN 反复重发也没有结果。每两个连接就有一个超时，调度器上一直是 SYN_RECV。',
    },
    changes: {
      d1: { ...ONE_ARM.changes.d1, setup: ONE_ARM_DIRECTOR },
      rs1: { routes: [`default via ${GATEWAY}`] },
    },
    remedies: [
      cure(
        { en: 'The director as rs1’s gateway', zh: 'rs1 的网关改为调度器' },
        {
          en: 'The answer must come back through the machine that rewrote the request.',
          zh: '谁改写了请求，应答就必须经过谁回去。',
        },
        [{ on: 'rs1', run: `ip route replace default via ${DIRECTOR}` }],
      ),
      noCure(
        { en: 'ip_forward=1 on rs1', zh: '在 rs1 上打开 ip_forward' },
        {
          en: 'rs1 does not forward anything here; it answers, by the wrong way.',
          zh: 'rs1 并不转发什么，它是在应答，只是走错了路。',
        },
        [{ on: 'rs1', run: 'sysctl -w net.ipv4.ip_forward=1' }],
      ),
    ],
  }),
  labOf({
    name: 'nat-same-segment',
    title: { en: 'NAT: a client on the servers’ own segment', zh: 'NAT：客户端与服务器同网段' },
    lesson: {
      en: 'The insider asks the VIP; the server sees it as a neighbour and answers directly, past the director, from its own address. Clients from outside have no trouble.',
      zh: '内部客户端 insider 访问 VIP；服务器看它是同网段邻居，就绕过调度器用自己的地址直接应答，连接建不起来。外面的客户端一切正常。',
    },
    service: SERVICE,
    servers: servers('nat', [1, 1]),
    moreHosts: [INSIDER],
    workloads: [
      FEW_VISITORS,
      visitors(4, 3, {
        name: 'insider',
        on: 'insider',
        sources: { first: '172.16.0.101', count: 4 },
        timeoutSeconds: 5,
      }),
    ],
    remedies: [
      cure(
        { en: 'Servers know no neighbour but the director', zh: '让服务器只认调度器这一个邻居' },
        {
          en: 'Without the route to their own segment even a neighbour is reached through the gateway; and the director must not tell them better by redirects.',
          zh: '删掉本网段路由，邻居也得经网关走；同时调度器不能再用重定向告诉它们有近路。',
        },
        [
          { on: 'd1', run: 'sysctl -w net.ipv4.conf.all.send_redirects=0' },
          { on: 'd1', run: 'sysctl -w net.ipv4.conf.eth1.send_redirects=0' },
          ...onEach(
            ['rs1', 'rs2'],
            ['ip route add 172.16.0.1 dev eth0', 'ip route del 172.16.0.0/24 dev eth0'],
          ),
        ],
      ),
      noCure(
        { en: 'No redirects alone', zh: '只关重定向' },
        {
          en: 'The servers’ answers do not come to the director in the first place.',
          zh: '服务器的应答本来就没有到过调度器。',
        },
        [
          { on: 'd1', run: 'sysctl -w net.ipv4.conf.all.send_redirects=0' },
          { on: 'd1', run: 'sysctl -w net.ipv4.conf.eth1.send_redirects=0' },
        ],
      ),
    ],
  }),
  labOf({
    name: 'nat-forward-off',
    title: { en: 'NAT: ip_forward off on the director', zh: 'NAT：调度器没开 ip_forward' },
    lesson: {
      en: 'The SYN reaches the server, for IPVS sends it itself; the answer would have to be forwarded, and dies in the director. Clients hear nothing. DR and TUN would work.',
      zh: 'SYN 由 IPVS 自己发出，能到服务器；应答却要靠调度器转发，死在了调度器里。客户端毫无回音。DR 和 TUN 则不受影响。',
    },
    service: SERVICE,
    servers: servers('nat', [1, 1]),
    changes: { d1: { setup: [`ip addr add ${VIP}/32 dev eth0`, 'sysctl -w net.ipv4.ip_forward=0'] } },
    remedies: [
      cure(
        { en: 'ip_forward=1 on the director', zh: '在调度器上打开 ip_forward' },
        { en: 'Answers are forwarded, and rewritten on the way.', zh: '应答得以转发，并在途中改写。' },
        [{ on: 'd1', run: 'echo 1 > /proc/sys/net/ipv4/ip_forward' }],
      ),
      noCure(
        { en: 'ip_forward=1 on the servers', zh: '在真实服务器上打开 ip_forward' },
        { en: 'They forward nothing.', zh: '它们什么也不转发。' },
        onEach(['rs1', 'rs2'], ['echo 1 > /proc/sys/net/ipv4/ip_forward']),
      ),
    ],
  }),
  labOf({
    name: 'wrong-weight',
    title: { en: 'A wrong weight', zh: '权值设错' },
    lesson: {
      en: 'rs2 has a tenth of rs1’s power, and someone gave it ten times the weight. wrr obeys: requests queue up on rs2 while rs1 idles.',
      zh: 'rs2 的能力只有 rs1 的十分之一，权值却被设成十倍。wrr 照办：请求在 rs2 上排长队，rs1 却闲着。',
    },
    service: `-t ${VIP}:80 -s wrr`,
    servers: servers('nat', [1, 10]),
    workloads: [visitors(8, 6, { timeoutSeconds: 60 })],
    services: [
      { name: 'httpd', on: ['rs1'] },
      { name: 'httpd', on: ['rs2'], workers: 2, serviceTimeMs: constant(500) },
    ],
    remedies: [
      cure(
        { en: 'Weights 10 and 1', zh: '权值改为 10 和 1' },
        {
          en: 'New connections follow at once; rs2 works off its queue.',
          zh: '新连接立即按新权值分配，rs2 慢慢消化积压。',
        },
        [
          { on: 'd1', run: `ipvsadm -e -t ${VIP}:80 -r 172.16.0.11:80 -m -w 10` },
          { on: 'd1', run: `ipvsadm -e -t ${VIP}:80 -r 172.16.0.12:80 -m -w 1` },
        ],
      ),
      noCure(
        { en: 'The same without -m', zh: '同样的命令，漏了 -m' },
        {
          en: 'ipvsadm -e sets everything: without -m the server becomes Route (DR), and a NAT server does not answer for the VIP.',
          zh: 'ipvsadm -e 会重设全部属性：不写 -m 就变成 Route（DR），而 NAT 服务器上没有 VIP，不会应答。',
        },
        [
          { on: 'd1', run: `ipvsadm -e -t ${VIP}:80 -r 172.16.0.11:80 -w 10` },
          { on: 'd1', run: `ipvsadm -e -t ${VIP}:80 -r 172.16.0.12:80 -w 1` },
        ],
      ),
    ],
  }),
];
