import type { Scenario } from '../document.ts';
import { cure, FEW_VISITORS, labOf, noCure, onEach, QUIET, TUNNEL_UP, VIP_ON_LO } from '../lab.ts';
import { servers, VIP } from '../topology.ts';
import { constant, visitors } from '../workloads.ts';

const SERVICE = `-t ${VIP}:80 -s rr`;
const TUNNEL_VIP = `ip addr add ${VIP}/32 dev tunl0`;

/** TUN: an envelope that somebody has to open, and that takes room. */
export const MISCONFIGURED_TUN: readonly Scenario[] = [
  labOf({
    name: 'tun-no-tunl0',
    title: { en: 'TUN without tunl0', zh: 'TUN：没有 tunl0' },
    lesson: {
      en: 'rs1 has the VIP, but nothing that opens an IPIP packet: its kernel answers with an ICMP error, the director passes it on, and the client is refused. Linux sends one such error a second, so others hear nothing and wait.',
      zh: 'rs1 有 VIP，却没有能拆 IPIP 报文的设备：内核回一个 ICMP 差错，调度器转给客户端，连接被拒绝。Linux 限制这种差错每秒一个，所以其余的客户端毫无回音，只能等到超时。',
    },
    service: SERVICE,
    servers: servers('tun', [1, 1]),
    changes: { rs1: { setup: [...QUIET, VIP_ON_LO] } },
    remedies: [
      cure(
        { en: 'modprobe ipip, tunl0 up', zh: 'modprobe ipip 并启用 tunl0' },
        {
          en: 'tunl0 opens every IPIP packet for this host; rp_filter must not stand in the way.',
          zh: 'tunl0 会拆开发给本机的任何 IPIP 报文；别让 rp_filter 挡住。',
        },
        onEach(['rs1'], [...TUNNEL_UP, 'sysctl -w net.ipv4.conf.tunl0.rp_filter=0']),
      ),
      noCure(
        { en: 'modprobe ipip alone', zh: '只有 modprobe ipip' },
        { en: 'tunl0 is there now, but down.', zh: 'tunl0 有了，但还没有启用。' },
        [{ on: 'rs1', run: 'modprobe ipip' }],
      ),
    ],
  }),
  labOf({
    name: 'tun-rp-filter',
    title: { en: 'TUN with rp_filter', zh: 'TUN 遇上 rp_filter' },
    lesson: {
      en: 'What comes out of rs1’s tunnel has a client’s address as source, and the way back to that client is eth0, not tunl0. rp_filter=1 takes it for forged and drops it in silence.',
      zh: 'rs1 隧道里出来的报文源地址是客户端，而回客户端的路在 eth0 而不是 tunl0。rp_filter=1 认为是伪造的，悄悄丢掉。',
    },
    service: SERVICE,
    servers: servers('tun', [1, 1]),
    changes: {
      rs1: { setup: [...TUNNEL_UP, ...QUIET, 'sysctl -w net.ipv4.conf.all.rp_filter=1', TUNNEL_VIP] },
    },
    remedies: [
      cure(
        { en: 'rp_filter=0 on all and tunl0', zh: 'all 和 tunl0 都设 rp_filter=0' },
        { en: 'The larger of the two counts, so both must be 0.', zh: '取两者中较大的值，所以都要为 0。' },
        onEach(
          ['rs1'],
          ['sysctl -w net.ipv4.conf.all.rp_filter=0', 'sysctl -w net.ipv4.conf.tunl0.rp_filter=0'],
        ),
      ),
      cure(
        { en: 'rp_filter=2 on tunl0', zh: 'tunl0 上 rp_filter=2' },
        {
          en: 'Loose: a way back on any interface will do; and 2 is larger than the 1 of all.',
          zh: '宽松模式：任何接口上有回程路由即可；2 又大于 all 的 1。',
        },
        [{ on: 'rs1', run: 'sysctl -w net.ipv4.conf.tunl0.rp_filter=2' }],
      ),
      noCure(
        { en: 'rp_filter=0 on tunl0 only', zh: '只在 tunl0 上设 rp_filter=0' },
        { en: 'all still says 1, and the larger counts.', zh: 'all 仍是 1，取较大的值。' },
        [{ on: 'rs1', run: 'sysctl -w net.ipv4.conf.tunl0.rp_filter=0' }],
      ),
    ],
  }),
  labOf({
    name: 'tun-mtu',
    title: { en: 'TUN, large packets, and a client deaf to ICMP', zh: 'TUN、大报文、不收 ICMP 的客户端' },
    lesson: {
      en: 'The envelope takes 20 bytes: a full packet of 1500 bytes that must not be fragmented no longer fits. The director says so by ICMP (fragmentation needed, 1480), but the client’s firewall drops all ICMP. Small requests work, uploads hang.',
      zh: '隧道封装要占 20 字节：1500 字节又不许分片的满载报文装不下了。调度器用 ICMP 告知（需要分片，1480），可客户端的防火墙把 ICMP 全丢了。小请求正常，上传却卡死。',
    },
    service: SERVICE,
    servers: servers('tun', [1, 1]),
    workloads: [
      FEW_VISITORS,
      visitors(4, 2, {
        name: 'uploads',
        sources: { first: '10.1.0.50', count: 4 },
        requestBytes: constant(6000),
        timeoutSeconds: 5,
      }),
    ],
    changes: { client: { setup: ['iptables -A INPUT -p icmp -j DROP'] } },
    remedies: [
      cure(
        { en: 'The client lets ICMP in', zh: '客户端放行 ICMP' },
        {
          en: 'TCP hears of the smaller path MTU and sends smaller segments.',
          zh: 'TCP 得知路径 MTU 变小，改发较小的报文段。',
        },
        [{ on: 'client', run: 'iptables -D INPUT -p icmp -j DROP' }],
      ),
      cure(
        { en: 'pmtu_disc=0 on the director', zh: '调度器上 pmtu_disc=0' },
        {
          en: 'The director then sends the envelope without DF, and it is fragmented; slower, but it arrives.',
          zh: '调度器发出的外层报文不带 DF，可以分片：慢一些，但能到。',
        },
        [{ on: 'd1', run: 'sysctl -w net.ipv4.vs.pmtu_disc=0' }],
      ),
    ],
  }),
];
