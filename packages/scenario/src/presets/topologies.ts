import type { HostSpec, Scenario } from '../document.ts';
import {
  cure,
  labOf,
  LAN_HOST,
  LAN_VISITORS,
  FEW_VISITORS,
  noCure,
  ONE_ARM,
  onEach,
  rulesOf,
  TUNNEL_UP,
} from '../lab.ts';
import { eth, servers, VIP } from '../topology.ts';

const SERVICE = `-t ${VIP}:80 -s rr`;
const PLAIN = { rules: '', packetCostNs: 0, kernel: '6.1' } as const;

/** A real server of its own network, behind a router of its own, with its own way to the internet. */
function site(n: number): HostSpec[] {
  const prefix = `192.168.${50 + n}`;
  return [
    {
      ...PLAIN,
      name: `gw${n}`,
      role: 'router',
      interfaces: [
        eth('eth0', 'internet', `10.254.0.${2 + n}/24`),
        eth('eth1', `site${n}`, `${prefix}.254/24`),
      ],
      routes: ['10.1.0.0/16 via 10.254.0.1', 'default via 10.254.0.2'],
      setup: ['sysctl -w net.ipv4.ip_forward=1'],
    },
  ];
}

const siteServer = (n: number): Partial<HostSpec> => ({
  interfaces: [eth('eth0', `site${n}`, `192.168.${50 + n}.11/24`)],
  routes: [`default via 192.168.${50 + n}.254`],
});

const siteNetwork = (n: number): Scenario['networks'][number] => ({
  name: `site${n}`,
  prefix: `192.168.${50 + n}.0/24`,
  bandwidthMbps: 1000,
  delayUs: 50,
  jitterUs: 0,
  loss: 0,
  queuePackets: 1000,
  mtu: 1500,
});

/** How the parts of a cluster may be cabled, and which way a packet then takes. */
export const TOPOLOGIES: readonly Scenario[] = [
  labOf({
    name: 'topology-dr',
    title: { en: 'DR on one segment', zh: 'DR：同一网段' },
    lesson: {
      en: 'The triangle: the request goes from the router to the director, which writes a server’s MAC on the same IP packet; the server has the VIP on lo and answers straight to the router. The director sees the small half of the traffic.',
      zh: '三角路径：请求由路由器到调度器，调度器只把同一个 IP 报文的目的 MAC 改成真实服务器的；服务器 lo 上有 VIP，应答直接交给路由器。调度器只经手流量小的那一半。',
    },
    service: SERVICE,
    servers: servers('dr', [1, 1, 1]),
  }),
  labOf({
    name: 'topology-dr-neighbours',
    title: { en: 'DR with clients on the servers’ segment', zh: 'DR：客户端与服务器同网段' },
    lesson: {
      en: 'Clients on the segment ask for the VIP’s MAC themselves, so each of them can have the ARP problem. Answers come from a server’s MAC with the VIP as source, without any router. With NAT this would fail; with DR it works.',
      zh: '同网段的客户端自己询问 VIP 的 MAC，所以 ARP 问题可能发生在每一台客户端上。应答的源地址是 VIP，源 MAC 却是真实服务器的，不经过路由器。换成 NAT 就不通，DR 没问题。',
    },
    service: SERVICE,
    servers: servers('dr', [1, 1]),
    moreHosts: [LAN_HOST],
    workloads: [FEW_VISITORS, LAN_VISITORS],
  }),
  labOf({
    name: 'topology-tun-wan',
    title: { en: 'TUN: servers on other networks', zh: 'TUN：服务器在别的网络' },
    lesson: {
      en: 'The director packs the whole request into a second IP packet addressed to the real server, and routers carry it to another site. The server unpacks it on tunl0, has the VIP there, and answers through its own router: source VIP, from a network where nobody expects it. That router must not filter it.',
      zh: '调度器把整个请求再装进一个发往真实服务器的 IP 报文，由路由器送到别的机房。服务器在 tunl0 上拆包，VIP 也配在那里，应答走自己的路由器：源地址是 VIP，却从另一个网络发出，那台路由器不能过滤它。',
    },
    service: SERVICE,
    servers: servers('dr', [1, 1]),
    networkChanges: { internet: { prefix: '10.254.0.0/24' } },
    moreNetworks: [siteNetwork(1), siteNetwork(2)],
    moreHosts: [...site(1), ...site(2)],
    serverChange: {
      setup: [...TUNNEL_UP, 'sysctl -w net.ipv4.conf.tunl0.rp_filter=0', `ip addr add ${VIP}/32 dev tunl0`],
    },
    changes: {
      client: {
        interfaces: [eth('eth0', 'internet', '10.254.0.1/24')],
      },
      router: {
        interfaces: [eth('eth0', 'internet', '10.254.0.2/24'), eth('eth1', 'lan', '192.168.1.1/24')],
        routes: [
          '10.1.0.0/16 via 10.254.0.1',
          '192.168.51.0/24 via 10.254.0.3',
          '192.168.52.0/24 via 10.254.0.4',
        ],
      },
      d1: { rules: rulesOf(SERVICE, ['192.168.51.11:80 -i -w 1', '192.168.52.11:80 -i -w 1']) },
      rs1: siteServer(1),
      rs2: siteServer(2),
    },
  }),
  labOf({
    name: 'topology-nat',
    title: { en: 'NAT with two interfaces', zh: 'NAT：双网卡' },
    lesson: {
      en: 'The director rewrites the destination on the way in and the source on the way back: both halves of the traffic go through it, because it is the servers’ gateway. The servers know nothing of the VIP.',
      zh: '进来改目的地址，回去改源地址：调度器是服务器的网关，往返流量都经过它。服务器根本不知道有 VIP。',
    },
    service: SERVICE,
    servers: servers('nat', [1, 1, 1]),
  }),
  labOf({
    name: 'topology-mixed',
    title: { en: 'gate, ipip and masq in one service', zh: '同一服务混用 gate、ipip、masq' },
    lesson: {
      en: 'The method belongs to the real server, not to the service: rs1 beside the director by DR, rs2 beyond the router by TUN, rs3 in a private network by NAT. Follow one request of each.',
      zh: '转发方式属于真实服务器而不属于服务：rs1 与调度器同网段用 DR,rs2 在路由器后面用 TUN,rs3 在私有网段用 NAT。各跟踪一个请求看看。',
    },
    service: SERVICE,
    servers: [
      { method: 'dr', weight: 1 },
      { method: 'tun', weight: 1 },
      { method: 'nat', weight: 1 },
    ],
  }),
  labOf({
    ...ONE_ARM,
    name: 'topology-one-arm',
    title: { en: 'One-armed NAT', zh: '单臂 NAT' },
    lesson: {
      en: 'Director and NAT servers on one segment, the director as gateway. It tells each server by ICMP redirect, nine times at most, that the router is nearer. Most quote a SYN-ACK and count for nothing; what counts sends a server’s answers to that client past the director for five minutes. So some pairs fail: two clients at rs2, every sixth request.',
      zh: '调度器与 NAT 服务器同一网段，网关指向调度器。应答从哪个接口进又从哪个接口出，调度器就发 ICMP 重定向告诉服务器“路由器更近”：每台服务器最多九次，间隔越来越长。多数引用的是 SYN-ACK，没有套接字可对应，不起作用；起作用的会记五分钟：这台服务器发给这个客户端的应答从此绕过调度器，源地址成了自己的。所以只有部分“客户端–服务器”组合失败，这里是 rs2 上的两个客户端，约六分之一的请求。',
    },
    remedies: [
      cure(
        { en: 'No redirects from the director', zh: '调度器不再发重定向' },
        {
          en: 'send_redirects counts if all or the interface has it, so both must be 0; and the servers must forget what they have learnt.',
          zh: 'send_redirects 只要 all 或接口之一为 1 就生效，所以两处都要置 0；服务器已经学到的也要清掉。',
        },
        [
          { on: 'd1', run: 'sysctl -w net.ipv4.conf.all.send_redirects=0' },
          { on: 'd1', run: 'sysctl -w net.ipv4.conf.eth0.send_redirects=0' },
          ...onEach(['rs1', 'rs2'], ['ip route flush cache']),
        ],
      ),
      noCure(
        { en: 'send_redirects=0 on all only', zh: '只在 all 上 send_redirects=0' },
        {
          en: 'eth0 still says 1, and one of the two is enough; and what the servers have learnt they believe for five minutes.',
          zh: 'eth0 上仍是 1，两者之一为 1 就照发不误；而且服务器学到的重定向会记五分钟。',
        },
        [{ on: 'd1', run: 'sysctl -w net.ipv4.conf.all.send_redirects=0' }],
      ),
    ],
  }),
];
