import type { HostSpec, Scenario } from '../document.ts';
import {
  ANNOUNCE,
  cure,
  FEW_VISITORS,
  labOf,
  LAN_HOST,
  LAN_VISITORS,
  noCure,
  onEach,
  QUIET,
  rulesOf,
  TUNNEL_UP,
  VIP_ON_LO,
} from '../lab.ts';
import { eth, GATEWAY, servers, VIP } from '../topology.ts';

const SERVICE = `-t ${VIP}:80 -s rr`;
const OLD_SERVER: HostSpec = {
  name: 'old',
  role: 'realserver',
  kernel: '6.1',
  interfaces: [eth('eth0', 'lan', '192.168.1.99/24')],
  routes: [`default via ${GATEWAY}`],
  setup: [`ip addr add ${VIP}/32 dev eth0`],
  rules: '',
  packetCostNs: 0,
};

/** DR: which changes a MAC and nothing else. */
export const MISCONFIGURED_DR: readonly Scenario[] = [
  labOf({
    name: 'port-of-server',
    title: { en: 'Another port on the real server', zh: '真实服务器用别的端口' },
    lesson: {
      en: 'httpd listens on 8080 on both. NAT (rs2) rewrites the port. DR (rs1) rewrites nothing but the MAC: ipvsadm takes :8080 and silently stores :80, where nobody listens. Every second connection is refused.',
      zh: '两台的 httpd 都监听 8080。NAT（rs2）会改写端口；DR（rs1）除了 MAC 什么都不改：ipvsadm 收下 :8080，悄悄存成 :80，而那里没人监听。每两个连接就有一个被拒绝。',
    },
    service: SERVICE,
    servers: [
      { method: 'dr', weight: 1 },
      { method: 'nat', weight: 1 },
    ],
    web: { port: 8080 },
    changes: {
      d1: { rules: rulesOf(SERVICE, ['192.168.1.11:8080 -g -w 1', '172.16.0.12:8080 -m -w 1']) },
    },
    remedies: [
      cure(
        { en: 'Take rs1 out of the service', zh: '把 rs1 移出服务' },
        {
          en: 'It can come back when its httpd listens on 80: with DR and TUN the port of the service is the port of the server.',
          zh: '等它的 httpd 改到 80 再加回来：DR 和 TUN 下，服务的端口就是服务器的端口。',
        },
        [{ on: 'd1', run: `ipvsadm -d -t ${VIP}:80 -r 192.168.1.11:80` }],
      ),
      noCure(
        { en: 'Edit its port to 8080 again', zh: '再把端口改成 8080' },
        {
          en: 'The port is part of the server’s name: there is no 192.168.1.11:8080 to edit, and adding it gives :80, which exists.',
          zh: '端口是服务器标识的一部分：表里没有 192.168.1.11:8080 可改；再添加，又变成已存在的 :80。',
        },
        [{ on: 'd1', run: `ipvsadm -e -t ${VIP}:80 -r 192.168.1.11:8080 -g -w 1 || true` }],
      ),
    ],
  }),
  labOf({
    name: 'dr-no-vip',
    title: { en: 'DR: a server without the VIP', zh: 'DR：服务器上没有 VIP' },
    lesson: {
      en: 'The frame arrives at rs1 with the VIP as destination, which rs1 does not have: it drops the packet without a word. Every second connection times out.',
      zh: '帧到了 rs1，目的地址却是它没有的 VIP：它一声不响地丢掉。每两个连接就有一个超时。',
    },
    service: SERVICE,
    servers: servers('dr', [1, 1]),
    changes: { rs1: { setup: QUIET } },
    remedies: [
      cure(
        { en: 'The VIP on rs1’s lo', zh: '在 rs1 的 lo 上配 VIP' },
        {
          en: 'With arp_ignore and arp_announce already set, it is safe.',
          zh: 'arp_ignore、arp_announce 已经设好，可以放心配。',
        },
        [{ on: 'rs1', run: VIP_ON_LO }],
      ),
      noCure(
        { en: 'ip_forward=1 on rs1', zh: '在 rs1 上打开 ip_forward' },
        {
          en: 'Now rs1 sends the packet on to the VIP, which is the director, which sends it to rs1 … until its TTL is used up: “no route to host”, at once.',
          zh: 'rs1 把报文转发给 VIP，也就是调度器，调度器又发给 rs1……直到 TTL 耗尽，客户端立刻得到“没有到主机的路由”。',
        },
        [{ on: 'rs1', run: 'sysctl -w net.ipv4.ip_forward=1' }],
      ),
    ],
  }),
  labOf({
    name: 'vip-netmask',
    title: { en: 'The VIP’s netmask: /24 on lo', zh: 'VIP 的子网掩码：lo 上配成 /24' },
    lesson: {
      en: 'On lo a whole /24 belongs to the host: rs1 takes every address of the segment for its own. It still answers clients from outside, through a router that it knew before; but what it sends to a neighbour never leaves it, and the intranet’s connections to rs1 time out. Hence 255.255.255.255.',
      zh: '在 lo 上配 /24，整个网段都成了本机地址：rs1 把同网段的每个地址都当成自己。外面的客户端经早已认识的路由器还能应答；发给同网段邻居的报文却根本出不了本机，内网访问 rs1 的连接全部超时。所以掩码要用 255.255.255.255。',
    },
    service: SERVICE,
    servers: servers('dr', [1, 1]),
    moreHosts: [LAN_HOST],
    workloads: [FEW_VISITORS, LAN_VISITORS],
    changes: { rs1: { setup: [...QUIET, `ip addr add ${VIP}/24 dev lo`] } },
    remedies: [
      cure(
        { en: 'The VIP as /32', zh: 'VIP 改用 /32' },
        {
          en: 'The local table then has the one address, and the segment is reached by eth0 again.',
          zh: 'local 表里只剩这一个地址，同网段又从 eth0 出去。',
        },
        onEach(['rs1'], [`ip addr del ${VIP}/24 dev lo`, VIP_ON_LO]),
      ),
      noCure(
        { en: 'A route to the segment by eth0', zh: '加一条走 eth0 的网段路由' },
        {
          en: 'It was there all the time. The table local is asked before the table main.',
          zh: '这条路由本来就有。内核先查 local 表，再查 main 表。',
        },
        [{ on: 'rs1', run: 'ip route replace 192.168.1.0/24 dev eth0' }],
      ),
    ],
  }),
  labOf({
    name: 'dr-behind-router',
    title: { en: 'DR: a server behind a router', zh: 'DR：服务器在路由器后面' },
    lesson: {
      en: 'DR only writes a MAC, and towards rs1 that is the router’s. The router sees a packet for the VIP and sends it back to the director, round and round until its TTL is used up: “no route to host”.',
      zh: 'DR 只改 MAC，而去 rs1 的下一跳是路由器。路由器看到目的地址是 VIP，又送回调度器，来回打转直到 TTL 耗尽：“没有到主机的路由”。',
    },
    service: SERVICE,
    servers: [
      { method: 'tun', weight: 1 },
      { method: 'dr', weight: 1 },
    ],
    changes: {
      d1: { rules: rulesOf(SERVICE, ['192.168.50.11:80 -g -w 1', '192.168.1.12:80 -g -w 1']) },
      rs1: { setup: [...QUIET, VIP_ON_LO] },
    },
    remedies: [
      cure(
        { en: 'TUN to rs1', zh: '对 rs1 改用 TUN' },
        {
          en: 'An envelope addressed to rs1 itself passes any router. rs1 needs tunl0 to open it.',
          zh: '外层报文以 rs1 为目的地址，什么路由器都能过；rs1 要有 tunl0 才能拆开。',
        },
        [
          ...onEach(['rs1'], [...TUNNEL_UP, 'sysctl -w net.ipv4.conf.tunl0.rp_filter=0']),
          { on: 'd1', run: `ipvsadm -e -t ${VIP}:80 -r 192.168.50.11:80 -i -w 1` },
        ],
      ),
      noCure(
        { en: 'tunl0 on rs1, but still -g', zh: '只在 rs1 上建 tunl0，规则仍是 -g' },
        { en: 'It is the director that has to pack the envelope.', zh: '要由调度器来封装才行。' },
        onEach(['rs1'], TUNNEL_UP),
      ),
    ],
  }),
  labOf({
    name: 'duplicate-vip',
    title: { en: 'A second owner of the VIP', zh: 'VIP 冲突' },
    lesson: {
      en: 'A machine that everybody had forgotten, old, still has the VIP on eth0, and answers the router before the director does. No httpd runs there: connections are refused, and the director sees none. arping -D -I eth0 -c 2 192.168.1.6 would have told.',
      zh: '一台被遗忘的机器 old 的 eth0 上还留着 VIP，抢在调度器前面应答了路由器。那里没有 httpd：连接全被拒绝，调度器一个也没看见。用 arping -D -I eth0 -c 2 192.168.1.6 就能查出来。',
    },
    service: SERVICE,
    servers: servers('dr', [1, 1]),
    moreHosts: [OLD_SERVER],
    timeline: [{ atSeconds: 20, on: 'router', run: 'ip neigh flush dev eth1' }],
    remedies: [
      cure(
        { en: 'Take the VIP from old', zh: '从 old 上删掉 VIP' },
        {
          en: 'And let the director announce itself, so that the router believes it at once.',
          zh: '再让调度器发免费 ARP，路由器马上改正。',
        },
        [{ on: 'old', run: `ip addr del ${VIP}/32 dev eth0` }, ANNOUNCE],
      ),
      noCure(
        { en: 'The director’s gratuitous ARP alone', zh: '只让调度器发免费 ARP' },
        {
          en: 'It lasts until the router asks again (here at once), and old answers first again.',
          zh: '只管到路由器下次询问（这里马上就问），old 又抢先应答。',
        },
        [ANNOUNCE, { on: 'router', run: 'ip neigh flush dev eth1' }],
      ),
    ],
  }),
];
