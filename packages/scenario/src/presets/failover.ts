import type { Remedy, Scenario, TimelineEntry } from '../document.ts';
import { failoverOf, keepers } from '../failover-topology.ts';
import { GATEWAY, VIP } from '../topology.ts';
import { heartbeatFiles, keepalivedFiles, ldirectordFile, piranhaFiles } from './failover-files.ts';

const DIES: TimelineEntry = { atSeconds: 20, on: 'd1', run: 'poweroff' };
/** MACs of a world's interfaces are derived from host and place: d2 is the fourth host, eth0 its second. */
const D1_MAC = '02:4c:00:00:02:01';
const D2_MAC = '02:4c:00:00:03:01';
const start = (unit: string) => () => [`systemctl start ${unit}`];

const ANNOUNCE: readonly Remedy[] = [
  {
    title: { en: 'arping -U on d2', zh: '在 d2 上 arping -U' },
    explain: {
      en: 'A gratuitous ARP request: everybody who has an entry for the VIP replaces its MAC. One frame is enough.',
      zh: '免费 ARP 请求：凡有 VIP 表项的机器都换成新 MAC，一个帧就够。',
    },
    commands: [{ on: 'd2', run: `arping -U -c 3 -I eth0 ${VIP}` }],
    cures: true,
  },
  {
    title: { en: 'arping -A on d2', zh: '在 d2 上 arping -A' },
    explain: {
      en: 'The same as a reply (gratuitous ARP reply): Linux and this router take it just as well.',
      zh: '同样的内容，用应答的形式发出；Linux 和这台路由器都接受。',
    },
    commands: [{ on: 'd2', run: `arping -A -c 3 -I eth0 ${VIP}` }],
    cures: true,
  },
];

const SEED_ARPING: Remedy = {
  title: { en: 'arping … -s $WEB_VIP -U $GW', zh: 'arping … -s $WEB_VIP -U $GW' },
  explain: {
    en: 'The classic line: a question to the gateway itself, asked as the VIP. The gateway has to answer, and to answer it must believe who asks.',
    zh: '经典写法：以 VIP 的身份向网关提问。网关必须应答，而要应答就得相信提问者的 MAC。',
  },
  commands: [{ on: 'd2', run: `/sbin/arping -f -q -c 5 -w 5 -I eth0 -s ${VIP} -U ${GATEWAY}` }],
  cures: true,
};

const BY_HAND: readonly Remedy[] = [
  {
    title: { en: 'send_arp from rs1', zh: '在 rs1 上 send_arp' },
    explain: {
      en: 'The ARP frame need not come from d2: any host of the segment can say whose the VIP is.',
      zh: 'ARP 帧不一定由 d2 发出：同一网段的任何一台主机都可以替它宣告。',
    },
    commands: [{ on: 'rs1', run: `send_arp -i eth0 ${VIP} ${D2_MAC} ${GATEWAY} ff:ff:ff:ff:ff:ff` }],
    cures: true,
  },
  {
    title: { en: 'd2 takes over the MAC too', zh: 'd2 连 MAC 一起接管' },
    explain: {
      en: 'With the dead director’s MAC on d2 the router’s entry is right again without changing; the switch learns the port from d2’s next frame.',
      zh: '把死掉的调度器的 MAC 配到 d2 上，路由器的表项不变就又对了；交换机从 d2 的下一个帧学到端口。',
    },
    commands: [
      { on: 'd2', run: 'ip link set eth0 down' },
      { on: 'd2', run: `ip link set eth0 address ${D1_MAC}` },
      { on: 'd2', run: 'ip link set eth0 up' },
    ],
    cures: true,
  },
  {
    title: { en: 'Clear the router’s cache', zh: '清空路由器的 ARP 缓存' },
    explain: {
      en: 'Without an entry the router asks anew, and d2 answers. It needs access to the router, which a data centre rarely gives.',
      zh: '没有表项，路由器就重新询问，d2 应答。但这需要登录路由器，机房很少给这个权限。',
    },
    commands: [{ on: 'router', run: 'clear arp-cache' }],
    cures: true,
  },
  {
    title: { en: 'Shorten the router’s ARP timeout', zh: '调短路由器的 ARP 老化时间' },
    explain: {
      en: 'The entry is older than ten seconds, so it goes at once; and the next fail-over lasts ten seconds at most.',
      zh: '表项已超过十秒，立刻失效；以后每次切换最多中断十秒。',
    },
    commands: [{ on: 'router', run: 'arp timeout 10' }],
    cures: true,
  },
  {
    title: { en: 'The line that lost a blank', zh: '少了一个空格的写法' },
    explain: {
      en: 'Between ${vip} and ${gateway_ip} a blank is missing: arping cannot read the address, says so, and sends nothing. With > /dev/null 2>&1 in the script nobody sees it.',
      zh: '${vip} 与 ${gateway_ip} 之间少了空格：arping 认不出这个地址，报错，什么也没发。脚本里 > /dev/null 2>&1，谁也看不到。',
    },
    commands: [{ on: 'd2', run: `/sbin/arping -I eth0 -c 3 -s ${VIP}${GATEWAY}` }],
    cures: false,
  },
];

const ADDRESS_ONLY = `IPaddr::${VIP}/32/eth0`;
const ARPING_SCRIPT = '/etc/ha.d/resource.d/lvs-arping';

/** Two directors and a router whose memory decides how long the clients wait. */
export const FAILOVER: readonly Scenario[] = [
  failoverOf({
    name: 'failover-router-keeps-mac',
    title: { en: 'The router keeps a dead MAC', zh: '路由器抱着死掉的 MAC 不放' },
    lesson: {
      en: 'd1 dies at 0:20. heartbeat on d2 has the VIP four seconds later, five after d1’s last beat, and still nobody gets through: the router keeps d1’s MAC for four hours. Find the line that ends it.',
      zh: '0:20 d1 断电，四秒后（距 d1 最后一次心跳五秒）d2 上的 heartbeat 已接管 VIP，却谁也访问不了：路由器把 d1 的 MAC 缓存四小时。找出结束中断的那条命令。',
    },
    routerCache: { lifetimeSeconds: 14_400, learns: 'all' },
    files: heartbeatFiles(ADDRESS_ONLY),
    setup: start('heartbeat'),
    timeline: [DIES],
    remedies: [...ANNOUNCE, SEED_ARPING, ...BY_HAND],
  }),
  failoverOf({
    name: 'failover-arping-script',
    title: { en: 'heartbeat with an arping script', zh: 'heartbeat 加 arping 脚本' },
    lesson: {
      en: 'The same router. Behind the address haresources names a script that sends ARP, so the outage is heartbeat’s deadtime and no more.',
      zh: '同一台路由器。haresources 在地址之后加了一个发送 ARP 的脚本，中断时间就只剩 heartbeat 的 deadtime。',
    },
    routerCache: { lifetimeSeconds: 14_400, learns: 'all' },
    files: heartbeatFiles(`${ADDRESS_ONLY} lvs-arping`, {
      [ARPING_SCRIPT]: `#!/bin/sh\n/sbin/arping -f -q -c 5 -w 5 -I eth0 -s ${VIP} -U ${GATEWAY}\n`,
    }),
    setup: start('heartbeat'),
    timeline: [DIES],
  }),
  failoverOf({
    name: 'failover-script-without-blank',
    title: { en: 'An arping script without its blank', zh: '脚本里少了一个空格' },
    lesson: {
      en: 'The script of the LVS notes as it was printed: ${vip}${gateway_ip} without a blank. arping fails, the script hides it, and the outage goes on.',
      zh: '按那份笔记里印的写法：${vip}${gateway_ip} 之间没有空格。arping 出错，脚本又把错误丢掉，中断继续。',
    },
    routerCache: { lifetimeSeconds: 14_400, learns: 'all' },
    files: heartbeatFiles(`${ADDRESS_ONLY} lvs-arping`, {
      [ARPING_SCRIPT]: `#!/bin/sh\n/sbin/arping -I eth0 -c 3 -s ${VIP}${GATEWAY} > /dev/null 2>&1\n`,
    }),
    setup: start('heartbeat'),
    timeline: [DIES],
    remedies: [SEED_ARPING],
  }),
  failoverOf({
    name: 'failover-no-gratuitous',
    title: { en: 'A router that ignores gratuitous ARP', zh: '不理会免费 ARP 的路由器' },
    lesson: {
      en: 'Against spoofing this router drops ARP whose sender and target are the same. arping -U VIP does nothing here; a question to the gateway, asked as the VIP, still works.',
      zh: '这台路由器为防欺骗丢弃源与目标相同的 ARP。arping -U VIP 没有用；以 VIP 身份向网关提问仍然有效。',
    },
    routerCache: { lifetimeSeconds: 14_400, learns: 'no-gratuitous' },
    files: heartbeatFiles(ADDRESS_ONLY),
    setup: start('heartbeat'),
    timeline: [DIES],
    remedies: [
      {
        ...ANNOUNCE[0]!,
        explain: {
          en: 'Sender and target are both the VIP: gratuitous, and dropped here.',
          zh: '源和目标都是 VIP，属于免费 ARP，在这里被丢弃。',
        },
        cures: false,
      },
      SEED_ARPING,
    ],
  }),
  failoverOf({
    name: 'failover-linux-router',
    title: { en: 'A Linux router finds out by itself', zh: 'Linux 路由器会自己发现' },
    lesson: {
      en: 'The same heartbeat without ARP, but the router is Linux: what is left of REACHABLE (15 to 45 s), 5 s DELAY, 3 s PROBE, then it asks anew. Nothing need be done but wait.',
      zh: '同样不发 ARP 的 heartbeat，但路由器是 Linux：剩余的 REACHABLE（15 到 45 秒）、DELAY 5 秒、PROBE 3 秒，然后重新询问。什么也不用做，只是要等。',
    },
    files: heartbeatFiles(ADDRESS_ONLY),
    setup: start('heartbeat'),
    timeline: [DIES],
    remedies: [ANNOUNCE[0]!, SEED_ARPING],
  }),
  failoverOf({
    name: 'failover-keepalived',
    title: { en: 'keepalived announces by itself', zh: 'keepalived 自己会发 ARP' },
    lesson: {
      en: 'VRRP advertisements every second; d2 hears none for 3.6 s, takes the VIP and sends five gratuitous ARPs at once. Even the router of four hours follows at once.',
      zh: '每秒一个 VRRP 通告；d2 有 3.6 秒没听到，就接管 VIP 并立刻发五个免费 ARP。缓存四小时的路由器也马上改过来。',
    },
    routerCache: { lifetimeSeconds: 14_400, learns: 'all' },
    files: keepalivedFiles(),
    setup: start('keepalived'),
    timeline: [DIES, { atSeconds: 70, on: 'd1', run: 'poweron' }],
  }),
  failoverOf({
    name: 'failover-virtual-mac',
    title: { en: 'keepalived with a virtual MAC', zh: 'keepalived 使用虚拟 MAC' },
    lesson: {
      en: 'use_vmac: the VIP lives on 00:00:5e:00:01:33 (the last byte is the VRID), and that MAC moves with it. Nobody’s cache is ever wrong, so even a router that believes no gratuitous ARP for four hours follows at once.',
      zh: 'use_vmac：VIP 配在 00:00:5e:00:01:33（末字节是 VRID）上，MAC 随 VIP 一起切换。谁的缓存都不会错，所以连四小时不理会免费 ARP 的路由器也立刻跟上。',
    },
    routerCache: { lifetimeSeconds: 14_400, learns: 'no-gratuitous' },
    files: keepalivedFiles('    use_vmac\n'),
    setup: start('keepalived'),
    timeline: [DIES],
  }),
  failoverOf({
    name: 'failover-piranha',
    title: { en: 'Piranha announces by itself', zh: 'Piranha 自己会发 ARP' },
    lesson: {
      en: 'pulse of the backup hears nothing for six seconds, starts the virtual services and sends gratuitous ARP; nanny looks after the servers.',
      zh: '备机的 pulse 六秒没有听到主机，就启动虚拟服务并发送免费 ARP;nanny 负责检查后端服务器。',
    },
    routerCache: { lifetimeSeconds: 14_400, learns: 'all' },
    files: piranhaFiles,
    withRules: false,
    setup: start('pulse'),
    timeline: [DIES],
  }),
  failoverOf({
    name: 'failover-ultramonkey',
    title: { en: 'UltraMonkey announces by itself', zh: 'UltraMonkey 自己会发 ARP' },
    lesson: {
      en: 'heartbeat with IPaddr2, which calls send_arp ten times, and ldirectord as its resources.',
      zh: 'heartbeat 的资源是 ldirectord 和 IPaddr2，后者会调用 send_arp 十次。',
    },
    routerCache: { lifetimeSeconds: 14_400, learns: 'all' },
    files: heartbeatFiles(`ldirectord::ldirectord.cf IPaddr2::${VIP}/32/eth0`, {
      '/etc/ha.d/ldirectord.cf': ldirectordFile('checktimeout=3\ncheckinterval=5\nquiescent=no\n'),
    }),
    withRules: false,
    setup: start('heartbeat'),
    timeline: [DIES],
  }),
  failoverOf({
    name: 'failover-split-brain',
    title: { en: 'Split brain', zh: '脑裂' },
    lesson: {
      en: 'At 0:20 d2’s firewall begins to drop VRRP. d2 believes d1 dead and takes the VIP too: two masters, and the one who announced last has the traffic.',
      zh: '0:20 d2 的防火墙开始丢弃 VRRP。d2 以为 d1 死了，也接管 VIP：两个 MASTER，最后宣告的那个得到流量。',
    },
    files: keepalivedFiles(),
    setup: start('keepalived'),
    timeline: [{ atSeconds: 20, on: 'd2', run: 'iptables -A INPUT -p vrrp -j DROP' }],
    remedies: [
      {
        title: { en: 'Let VRRP through again', zh: '重新放行 VRRP' },
        explain: {
          en: 'd2 hears an advertisement of higher priority and steps back; d1 hears d2’s last one and announces the VIP again.',
          zh: 'd2 听到更高优先级的通告就退下；d1 听到过 d2 的低优先级通告，会重新宣告 VIP。',
        },
        commands: [{ on: 'd2', run: 'iptables -D INPUT -p vrrp -j DROP' }],
        cures: true,
      },
      {
        title: { en: 'Restart keepalived on d2', zh: '重启 d2 上的 keepalived' },
        explain: {
          en: 'It still hears nothing, so a few seconds later it is master again.',
          zh: '它还是什么也听不到，几秒后又成了 MASTER。',
        },
        commands: [{ on: 'd2', run: 'systemctl restart keepalived' }],
        cures: false,
      },
    ],
  }),
  failoverOf({
    name: 'failover-partition',
    title: { en: 'The heartbeat cable is pulled', zh: '心跳线断了' },
    lesson: {
      en: 'heartbeat listens on a crossed cable alone, and at 0:20 that is pulled. Both directors are alive on the LAN, each believes the other dead, and both own the VIP: who answered or announced last has the traffic.',
      zh: 'heartbeat 只在一根直连心跳线上监听，0:20 这根线被拔掉。两台调度器在局域网上都活着，却都以为对方死了，于是都占着 VIP：最后应答或宣告的那台得到流量。',
    },
    ownCable: true,
    files: heartbeatFiles(`IPaddr2::${VIP}/32/eth0`, {}, 'eth1'),
    setup: start('heartbeat'),
    timeline: [{ atSeconds: 20, on: 'd1', run: 'ip link set eth1 down' }],
    remedies: [
      {
        title: { en: 'Plug the cable in again', zh: '重新接上心跳线' },
        explain: {
          en: 'They hear each other: the one who only stood in gives the VIP back.',
          zh: '双方又能听到对方，临时顶替的一方把 VIP 交还。',
        },
        commands: [{ on: 'd1', run: 'ip link set eth1 up' }],
        cures: true,
      },
      {
        title: { en: 'Listen on the LAN as well', zh: '局域网上也发心跳' },
        explain: {
          en: 'bcast eth0 beside bcast eth1: two ways that must both fail. This would have prevented it, and it ends it.',
          zh: '在 bcast eth1 之外再写 bcast eth0：两条路都断才算失联。早这样配就不会脑裂，现在改也能结束它。',
        },
        commands: ['d1', 'd2'].flatMap((on) => [
          { on, run: 'echo "bcast eth0" >> /etc/ha.d/ha.cf' },
          { on, run: 'systemctl restart heartbeat' },
        ]),
        cures: true,
      },
      {
        title: { en: 'Announce from d2', zh: '在 d2 上宣告' },
        explain: {
          en: 'It moves the traffic to d2. Both still own the address, and the next question decides anew.',
          zh: '流量会转到 d2，但两边仍都占着地址，下一次询问又重新决定。',
        },
        commands: [{ on: 'd2', run: `arping -U -c 1 -I eth0 ${VIP}` }],
        cures: false,
      },
    ],
  }),
  failoverOf({
    name: 'failover-half-dead',
    title: { en: 'A director that hangs and still answers ARP', zh: '半死的调度器仍然应答 ARP' },
    lesson: {
      en: 'At 0:20 heartbeat on d1 hangs; its kernel lives on, keeps the VIP and answers the router’s probes. d2 takes the VIP without a word: the router never notices, and d1 goes on forwarding.',
      zh: '0:20 d1 上的 heartbeat 挂住，内核还活着：VIP 还在，路由器的探测照样应答。d2 悄悄接管 VIP，路由器毫无察觉，d1 继续转发。',
    },
    files: heartbeatFiles(ADDRESS_ONLY),
    setup: start('heartbeat'),
    timeline: [{ atSeconds: 20, on: 'd1', run: 'pkill -STOP heartbeat' }],
    remedies: [
      {
        title: { en: 'Let heartbeat on d1 go on', zh: '让 d1 上的 heartbeat 继续' },
        explain: {
          en: 'Both hear each other again; the one who only stood in gives the VIP back.',
          zh: '双方又能听到对方，临时顶替的一方把 VIP 交还。',
        },
        commands: [{ on: 'd1', run: 'pkill -CONT heartbeat' }],
        cures: true,
      },
    ],
  }),
  failoverOf({
    name: 'failover-connections-lost',
    title: { en: 'Connections without sync', zh: '没有连接同步' },
    lesson: {
      en: 'Clients keep their connections open. d2 knows none of them: it answers each client’s next packet with a reset.',
      zh: '客户端保持长连接。d2 一个也不认识：客户端的下一个报文就被复位。',
    },
    files: keepalivedFiles(),
    setup: start('keepalived'),
    keepAlive: true,
    workloads: [keepers],
    timeline: [DIES],
  }),
  failoverOf({
    name: 'failover-connections-kept',
    title: { en: 'Connections with sync', zh: '有连接同步' },
    lesson: {
      en: 'The master tells the backup of each connection at its third packet. After the fail-over they go on as if nothing had happened, but for the seconds in between.',
      zh: '主机在每个连接的第三个报文把它告诉备机。切换之后连接照常继续，只停顿了几秒。',
    },
    files: keepalivedFiles(),
    setup: (n) => [
      `ipvsadm --start-daemon ${n === 1 ? 'master' : 'backup'} --mcast-interface eth0 --syncid 1`,
      'systemctl start keepalived',
    ],
    keepAlive: true,
    workloads: [keepers],
    timeline: [DIES],
  }),
];
