import type { HostSpec, Scenario } from '../document.ts';
import { ANNOUNCE, cure, FEW_VISITORS, labOf, noCure, ONE_ARM, onEach, rulesOf } from '../lab.ts';
import { eth, GATEWAY, servers, VIP } from '../topology.ts';
import { constant, visitors } from '../workloads.ts';

const SERVICE = `-t ${VIP}:80 -s rr`;
const QUIET = ['sysctl -w net.ipv4.conf.all.arp_ignore=1', 'sysctl -w net.ipv4.conf.all.arp_announce=2'];
const VIP_ON_LO = `ip addr add ${VIP}/32 dev lo`;
const DIRECTOR = '192.168.1.2';
const NO_REDIRECTS = ['all', 'eth0'].map((dev) => `sysctl -w net.ipv4.conf.${dev}.send_redirects=0`);
const ONE_ARM_DIRECTOR = [
  `ip addr add ${VIP}/32 dev eth0`,
  'sysctl -w net.ipv4.ip_forward=1',
  ...NO_REDIRECTS,
];
const TUNNEL_UP = ['modprobe ipip', 'ip link set tunl0 up'];
const TUNNEL_VIP = `ip addr add ${VIP}/32 dev tunl0`;
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

const NAT: readonly Scenario[] = [
  labOf({
    ...ONE_ARM,
    name: 'nat-gateway',
    title: { en: 'NAT: the server’s gateway is not the director', zh: 'NAT:服务器的网关不是调度器' },
    lesson: {
      en: 'rs1’s default route points to the router. Its SYN-ACK reaches the client with rs1’s own address as source, where the client has no such connection and resets it; the client’s SYN goes on in vain. Every second connection times out, and stays SYN_RECV on the director.',
      zh: 'rs1 的默认路由指向路由器。它的 SYN-ACK 以自己的地址到达客户端,客户端没有这个连接,回 RST;而原来的 SYN 反复重发也没有结果。每两个连接就有一个超时,调度器上一直是 SYN_RECV。',
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
          zh: '谁改写了请求,应答就必须经过谁回去。',
        },
        [{ on: 'rs1', run: `ip route replace default via ${DIRECTOR}` }],
      ),
      noCure(
        { en: 'ip_forward=1 on rs1', zh: '在 rs1 上打开 ip_forward' },
        {
          en: 'rs1 does not forward anything here; it answers, by the wrong way.',
          zh: 'rs1 并不转发什么,它是在应答,只是走错了路。',
        },
        [{ on: 'rs1', run: 'sysctl -w net.ipv4.ip_forward=1' }],
      ),
    ],
  }),
  labOf({
    name: 'nat-same-segment',
    title: { en: 'NAT: a client on the servers’ own segment', zh: 'NAT:客户端与服务器同网段' },
    lesson: {
      en: 'The insider asks the VIP; the server sees it as a neighbour and answers directly, past the director, from its own address. Clients from outside have no trouble.',
      zh: '内部客户端 insider 访问 VIP;服务器看它是同网段邻居,就绕过调度器用自己的地址直接应答,连接建不起来。外面的客户端一切正常。',
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
          zh: '删掉本网段路由,邻居也得经网关走;同时调度器不能再用重定向告诉它们有近路。',
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
    title: { en: 'NAT: ip_forward off on the director', zh: 'NAT:调度器没开 ip_forward' },
    lesson: {
      en: 'The SYN reaches the server, for IPVS sends it itself; the answer would have to be forwarded, and dies in the director. Clients hear nothing. DR and TUN would work.',
      zh: 'SYN 由 IPVS 自己发出,能到服务器;应答却要靠调度器转发,死在了调度器里。客户端毫无回音。DR 和 TUN 则不受影响。',
    },
    service: SERVICE,
    servers: servers('nat', [1, 1]),
    changes: { d1: { setup: [`ip addr add ${VIP}/32 dev eth0`, 'sysctl -w net.ipv4.ip_forward=0'] } },
    remedies: [
      cure(
        { en: 'ip_forward=1 on the director', zh: '在调度器上打开 ip_forward' },
        { en: 'Answers are forwarded, and rewritten on the way.', zh: '应答得以转发,并在途中改写。' },
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
      zh: 'rs2 的能力只有 rs1 的十分之一,权值却被设成十倍。wrr 照办:请求在 rs2 上排长队,rs1 却闲着。',
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
          zh: '新连接立即按新权值分配,rs2 慢慢消化积压。',
        },
        [
          { on: 'd1', run: `ipvsadm -e -t ${VIP}:80 -r 172.16.0.11:80 -m -w 10` },
          { on: 'd1', run: `ipvsadm -e -t ${VIP}:80 -r 172.16.0.12:80 -m -w 1` },
        ],
      ),
      noCure(
        { en: 'The same without -m', zh: '同样的命令,漏了 -m' },
        {
          en: 'ipvsadm -e sets everything: without -m the server becomes Route (DR), and a NAT server does not answer for the VIP.',
          zh: 'ipvsadm -e 会重设全部属性:不写 -m 就变成 Route(DR),而 NAT 服务器上没有 VIP,不会应答。',
        },
        [
          { on: 'd1', run: `ipvsadm -e -t ${VIP}:80 -r 172.16.0.11:80 -w 10` },
          { on: 'd1', run: `ipvsadm -e -t ${VIP}:80 -r 172.16.0.12:80 -w 1` },
        ],
      ),
    ],
  }),
];

const DR: readonly Scenario[] = [
  labOf({
    name: 'port-of-server',
    title: { en: 'Another port on the real server', zh: '真实服务器用别的端口' },
    lesson: {
      en: 'httpd listens on 8080 on both. NAT (rs2) rewrites the port. DR (rs1) rewrites nothing but the MAC: ipvsadm takes :8080 and silently stores :80, where nobody listens. Every second connection is refused.',
      zh: '两台的 httpd 都监听 8080。NAT(rs2)会改写端口;DR(rs1)除了 MAC 什么都不改:ipvsadm 收下 :8080,悄悄存成 :80,而那里没人监听。每两个连接就有一个被拒绝。',
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
          zh: '等它的 httpd 改到 80 再加回来:DR 和 TUN 下,服务的端口就是服务器的端口。',
        },
        [{ on: 'd1', run: `ipvsadm -d -t ${VIP}:80 -r 192.168.1.11:80` }],
      ),
      noCure(
        { en: 'Edit its port to 8080 again', zh: '再把端口改成 8080' },
        {
          en: 'The port is part of the server’s name: there is no 192.168.1.11:8080 to edit, and adding it gives :80, which exists.',
          zh: '端口是服务器标识的一部分:表里没有 192.168.1.11:8080 可改;再添加,又变成已存在的 :80。',
        },
        [{ on: 'd1', run: `ipvsadm -e -t ${VIP}:80 -r 192.168.1.11:8080 -g -w 1 || true` }],
      ),
    ],
  }),
  labOf({
    name: 'dr-no-vip',
    title: { en: 'DR: a server without the VIP', zh: 'DR:服务器上没有 VIP' },
    lesson: {
      en: 'The frame arrives at rs1 with the VIP as destination, which rs1 does not have: it drops the packet without a word. Every second connection times out.',
      zh: '帧到了 rs1,目的地址却是它没有的 VIP:它一声不响地丢掉。每两个连接就有一个超时。',
    },
    service: SERVICE,
    servers: servers('dr', [1, 1]),
    changes: { rs1: { setup: QUIET } },
    remedies: [
      cure(
        { en: 'The VIP on rs1’s lo', zh: '在 rs1 的 lo 上配 VIP' },
        {
          en: 'With arp_ignore and arp_announce already set, it is safe.',
          zh: 'arp_ignore、arp_announce 已经设好,可以放心配。',
        },
        [{ on: 'rs1', run: VIP_ON_LO }],
      ),
      noCure(
        { en: 'ip_forward=1 on rs1', zh: '在 rs1 上打开 ip_forward' },
        {
          en: 'Now rs1 sends the packet on to the VIP, which is the director, which sends it to rs1 … until its TTL is used up: “no route to host”, at once.',
          zh: 'rs1 把报文转发给 VIP,也就是调度器,调度器又发给 rs1……直到 TTL 耗尽,客户端立刻得到“没有到主机的路由”。',
        },
        [{ on: 'rs1', run: 'sysctl -w net.ipv4.ip_forward=1' }],
      ),
    ],
  }),
  labOf({
    name: 'dr-behind-router',
    title: { en: 'DR: a server behind a router', zh: 'DR:服务器在路由器后面' },
    lesson: {
      en: 'DR only writes a MAC, and towards rs1 that is the router’s. The router sees a packet for the VIP and sends it back to the director, round and round until its TTL is used up: “no route to host”.',
      zh: 'DR 只改 MAC,而去 rs1 的下一跳是路由器。路由器看到目的地址是 VIP,又送回调度器,来回打转直到 TTL 耗尽:“没有到主机的路由”。',
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
          zh: '外层报文以 rs1 为目的地址,什么路由器都能过;rs1 要有 tunl0 才能拆开。',
        },
        [
          ...onEach(['rs1'], [...TUNNEL_UP, 'sysctl -w net.ipv4.conf.tunl0.rp_filter=0']),
          { on: 'd1', run: `ipvsadm -e -t ${VIP}:80 -r 192.168.50.11:80 -i -w 1` },
        ],
      ),
      noCure(
        { en: 'tunl0 on rs1, but still -g', zh: '只在 rs1 上建 tunl0,规则仍是 -g' },
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
      zh: '一台被遗忘的机器 old 的 eth0 上还留着 VIP,抢在调度器前面应答了路由器。那里没有 httpd:连接全被拒绝,调度器一个也没看见。用 arping -D -I eth0 -c 2 192.168.1.6 就能查出来。',
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
          zh: '再让调度器发免费 ARP,路由器马上改正。',
        },
        [{ on: 'old', run: `ip addr del ${VIP}/32 dev eth0` }, ANNOUNCE],
      ),
      noCure(
        { en: 'The director’s gratuitous ARP alone', zh: '只让调度器发免费 ARP' },
        {
          en: 'It lasts until the router asks again (here at once), and old answers first again.',
          zh: '只管到路由器下次询问(这里马上就问),old 又抢先应答。',
        },
        [ANNOUNCE, { on: 'router', run: 'ip neigh flush dev eth1' }],
      ),
    ],
  }),
];

const TUN: readonly Scenario[] = [
  labOf({
    name: 'tun-no-tunl0',
    title: { en: 'TUN without tunl0', zh: 'TUN:没有 tunl0' },
    lesson: {
      en: 'rs1 has the VIP, but nothing that opens an IPIP packet: its kernel answers with an ICMP error, the director passes it on, and the client is refused.',
      zh: 'rs1 有 VIP,却没有能拆 IPIP 报文的设备:内核回一个 ICMP 差错,调度器转给客户端,连接被拒绝。',
    },
    service: SERVICE,
    servers: servers('tun', [1, 1]),
    changes: { rs1: { setup: [...QUIET, VIP_ON_LO] } },
    remedies: [
      cure(
        { en: 'modprobe ipip, tunl0 up', zh: 'modprobe ipip 并启用 tunl0' },
        {
          en: 'tunl0 opens every IPIP packet for this host; rp_filter must not stand in the way.',
          zh: 'tunl0 会拆开发给本机的任何 IPIP 报文;别让 rp_filter 挡住。',
        },
        onEach(['rs1'], [...TUNNEL_UP, 'sysctl -w net.ipv4.conf.tunl0.rp_filter=0']),
      ),
      noCure(
        { en: 'modprobe ipip alone', zh: '只有 modprobe ipip' },
        { en: 'tunl0 is there now, but down.', zh: 'tunl0 有了,但还没有启用。' },
        [{ on: 'rs1', run: 'modprobe ipip' }],
      ),
    ],
  }),
  labOf({
    name: 'tun-rp-filter',
    title: { en: 'TUN with rp_filter', zh: 'TUN 遇上 rp_filter' },
    lesson: {
      en: 'What comes out of rs1’s tunnel has a client’s address as source, and the way back to that client is eth0, not tunl0. rp_filter=1 takes it for forged and drops it in silence.',
      zh: 'rs1 隧道里出来的报文源地址是客户端,而回客户端的路在 eth0 而不是 tunl0。rp_filter=1 认为是伪造的,悄悄丢掉。',
    },
    service: SERVICE,
    servers: servers('tun', [1, 1]),
    changes: {
      rs1: { setup: [...TUNNEL_UP, ...QUIET, 'sysctl -w net.ipv4.conf.all.rp_filter=1', TUNNEL_VIP] },
    },
    remedies: [
      cure(
        { en: 'rp_filter=0 on all and tunl0', zh: 'all 和 tunl0 都设 rp_filter=0' },
        { en: 'The larger of the two counts, so both must be 0.', zh: '取两者中较大的值,所以都要为 0。' },
        onEach(
          ['rs1'],
          ['sysctl -w net.ipv4.conf.all.rp_filter=0', 'sysctl -w net.ipv4.conf.tunl0.rp_filter=0'],
        ),
      ),
      cure(
        { en: 'rp_filter=2 on tunl0', zh: 'tunl0 上 rp_filter=2' },
        {
          en: 'Loose: a way back on any interface will do; and 2 is larger than the 1 of all.',
          zh: '宽松模式:任何接口上有回程路由即可;2 又大于 all 的 1。',
        },
        [{ on: 'rs1', run: 'sysctl -w net.ipv4.conf.tunl0.rp_filter=2' }],
      ),
      noCure(
        { en: 'rp_filter=0 on tunl0 only', zh: '只在 tunl0 上设 rp_filter=0' },
        { en: 'all still says 1, and the larger counts.', zh: 'all 仍是 1,取较大的值。' },
        [{ on: 'rs1', run: 'sysctl -w net.ipv4.conf.tunl0.rp_filter=0' }],
      ),
    ],
  }),
  labOf({
    name: 'tun-mtu',
    title: { en: 'TUN, large packets, and a client deaf to ICMP', zh: 'TUN、大报文、不收 ICMP 的客户端' },
    lesson: {
      en: 'The envelope takes 20 bytes: a full packet of 1500 bytes that must not be fragmented no longer fits. The director says so by ICMP (fragmentation needed, 1480), but the client’s firewall drops all ICMP. Small requests work, uploads hang.',
      zh: '隧道封装要占 20 字节:1500 字节又不许分片的满载报文装不下了。调度器用 ICMP 告知(需要分片,1480),可客户端的防火墙把 ICMP 全丢了。小请求正常,上传却卡死。',
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
          zh: 'TCP 得知路径 MTU 变小,改发较小的报文段。',
        },
        [{ on: 'client', run: 'iptables -D INPUT -p icmp -j DROP' }],
      ),
      cure(
        { en: 'pmtu_disc=0 on the director', zh: '调度器上 pmtu_disc=0' },
        {
          en: 'The director then sends the envelope without DF, and it is fragmented; slower, but it arrives.',
          zh: '调度器发出的外层报文不带 DF,可以分片:慢一些,但能到。',
        },
        [{ on: 'd1', run: 'sysctl -w net.ipv4.vs.pmtu_disc=0' }],
      ),
    ],
  }),
];

const LINKS: readonly Scenario[] = [
  labOf({
    name: 'slow-link',
    title: { en: 'A slow link to one server', zh: '一台服务器的链路很慢' },
    lesson: {
      en: 'rs1’s packets take 400 ms to leave it. rr goes on giving it every second connection, and half of the visitors wait; the director’s counters are as they should be.',
      zh: 'rs1 发出的报文要多花 400 毫秒。rr 照样每两个连接分它一个,一半用户在等;调度器的计数却一切正常。',
    },
    service: SERVICE,
    servers: servers('dr', [1, 1]),
    changes: {
      rs1: { setup: [...QUIET, VIP_ON_LO, 'tc qdisc add dev eth0 root netem delay 400ms'] },
    },
    remedies: [
      cure(
        { en: 'The link as it was', zh: '恢复链路' },
        { en: 'A cable, a duplex setting, a full uplink: find it.', zh: '网线、双工设置、上联拥塞:找出来。' },
        [{ on: 'rs1', run: 'tc qdisc del dev eth0 root' }],
      ),
      cure(
        { en: 'Weight 0 for rs1', zh: 'rs1 权值置 0' },
        {
          en: 'New connections go elsewhere until somebody has found the cause.',
          zh: '找到原因之前,新连接都去别处。',
        },
        [{ on: 'd1', run: `ipvsadm -e -t ${VIP}:80 -r 192.168.1.11:80 -g -w 0` }],
      ),
    ],
  }),
  labOf({
    name: 'lossy-link',
    title: { en: 'A link that loses packets', zh: '会丢包的链路' },
    lesson: {
      en: 'One packet in five that rs1 sends is lost. TCP repeats it, after 200 ms for data and a whole second for a SYN-ACK: nothing fails, some visitors wait for seconds.',
      zh: 'rs1 发出的报文五个丢一个。TCP 会重传:数据等 200 毫秒,SYN-ACK 要等整整一秒。没有失败,只是有些用户要等上几秒。',
    },
    service: SERVICE,
    servers: servers('dr', [1, 1]),
    workloads: [visitors(8, 5)],
    changes: { rs1: { setup: [...QUIET, VIP_ON_LO, 'tc qdisc add dev eth0 root netem loss 20%'] } },
    remedies: [
      cure(
        { en: 'The link as it was', zh: '恢复链路' },
        { en: 'No setting of TCP makes a bad cable good.', zh: '调什么 TCP 参数也修不好一根坏网线。' },
        [{ on: 'rs1', run: 'tc qdisc del dev eth0 root' }],
      ),
      noCure(
        { en: 'ipvsadm --set 900 10 300', zh: 'ipvsadm --set 900 10 300' },
        {
          en: 'It shortens how long finished connections are remembered; who waits now goes on waiting.',
          zh: '只缩短已结束连接的保留时间,该等的还得等。',
        },
        [{ on: 'd1', run: 'ipvsadm --set 900 10 300' }],
      ),
    ],
  }),
];

/** Mistakes that operators make, what one sees of each, and what puts it right. */
export const MISCONFIGURATIONS: readonly Scenario[] = [...NAT, ...DR, ...TUN, ...LINKS];
