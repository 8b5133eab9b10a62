import type { HostSpec, RemedyCommand, Scenario } from '../document.ts';
import { ANNOUNCE, cure, labOf, type LabPlan, noCure, onEach, VIP_ON_LO } from '../lab.ts';
import { GATEWAY, servers, VIP } from '../topology.ts';

const TWO = servers('dr', [1, 1]);
const SERVERS = ['rs1', 'rs2'];
const conf = (device: string): string[] => [
  `echo 1 > /proc/sys/net/ipv4/conf/${device}/arp_ignore`,
  `echo 2 > /proc/sys/net/ipv4/conf/${device}/arp_announce`,
];

const cured = (hosts: readonly string[], lines: readonly string[]): RemedyCommand[] => [
  ...onEach(hosts, lines),
  ANNOUNCE,
];

/** The router has to ask anew: an entry that was right by luck is put to the test. */
const ASK_AGAIN: RemedyCommand = { on: 'router', run: 'ip neigh flush dev eth1' };
const inVain = (hosts: readonly string[], lines: readonly string[]): RemedyCommand[] => [
  ...onEach(hosts, lines),
  ASK_AGAIN,
];

const CURE_ALL = cure(
  { en: 'The two lines on all', zh: '在 all 上设置两个参数' },
  {
    en: 'arp_ignore=1: answer only for addresses of the interface that was asked. arp_announce=2: never ask with the VIP as sender. For both the kernel takes the larger of all and eth0. The director’s gratuitous ARP then corrects the router at once.',
    zh: 'arp_ignore=1：只应答配置在收到请求的接口上的地址；arp_announce=2：发 ARP 请求时绝不以 VIP 作源地址。内核取 all 与 eth0 两者中较大的值。再由调度器发一次免费 ARP，路由器立刻改正。',
  },
  cured(SERVERS, conf('all')),
);

const CURE_ETH0 = cure(
  { en: 'The two lines on eth0', zh: '在 eth0 上设置两个参数' },
  {
    en: 'The interface on which the question comes in is what counts, so eth0 does as well as all.',
    zh: '起作用的是收到请求的那个接口，所以设在 eth0 上与设在 all 上一样有效。',
  },
  cured(SERVERS, conf('eth0')),
);

const NO_CURE_LO = noCure(
  { en: 'The two lines on lo', zh: '只在 lo 上设置两个参数' },
  {
    en: 'No ARP question ever comes in on lo. The kernel looks at all and at the receiving interface, eth0; what lo says is not read.',
    zh: 'ARP 请求从来不会从 lo 进来。内核只看 all 和收到请求的接口 eth0,lo 上的值根本不读。',
  },
  inVain(SERVERS, conf('lo')),
);

const NO_CURE_ARPING = noCure(
  { en: 'The director’s gratuitous ARP alone', zh: '只让调度器发免费 ARP' },
  {
    en: 'It corrects the router’s entry, until the router forgets and asks (here at once): the servers still answer for the VIP.',
    zh: '路由器的表项是改正了，但只管到它忘掉并重新询问为止（这里马上就问）：真实服务器照样应答 VIP。',
  },
  [ANNOUNCE, ASK_AGAIN],
);

const arptables = (n: number): string[] => [
  `arptables -A INPUT -d ${VIP} -j DROP`,
  `arptables -A OUTPUT -s ${VIP} -j mangle --mangle-ip-s 192.168.1.1${n}`,
];

const CURE_ARPTABLES = cure(
  { en: 'arptables', zh: 'arptables' },
  {
    en: 'Questions for the VIP are dropped, and where a server would ask as the VIP it asks as itself: what arp_ignore and arp_announce do, for one address.',
    zh: '问 VIP 的请求一律丢弃；要以 VIP 的名义发问时，改成自己的地址。效果与 arp_ignore、arp_announce 相同，只针对一个地址。',
  },
  [...onEach(['rs1'], arptables(1)), ...onEach(['rs2'], arptables(2)), ANNOUNCE],
);

const HIDDEN = ['all', 'lo'].map((device) => `echo 1 > /proc/sys/net/ipv4/conf/${device}/hidden`);

/** Two DR servers with the VIP on lo, and whatever was done about ARP. */
function family(plan: Pick<LabPlan, 'name' | 'title' | 'lesson' | 'remedies'> & Partial<LabPlan>): Scenario {
  return labOf({
    service: `-t ${VIP}:80 -s rr`,
    servers: TWO,
    timeline: [{ atSeconds: 20, ...ASK_AGAIN }],
    ...plan,
  });
}

const MAC = { router: '02:00:00:00:01:01', d1: '02:00:00:00:01:02' } as const;
const serverMac = (n: number): string => `02:00:00:00:01:1${n}`;
const permanent = (on: string, address: string, mac: string): RemedyCommand => ({
  on,
  run: `ip neigh replace ${address} lladdr ${mac} dev eth0 nud permanent`,
});

const arpOffServer = (n: number): Partial<HostSpec> => ({
  interfaces: [{ name: 'eth0', network: 'lan', addresses: [`192.168.1.1${n}/24`], mac: serverMac(n) }],
  setup: ['ip link set eth0 arp off', VIP_ON_LO],
});

/** Who answers when the router asks for the VIP, and what the seed's cures do about it. */
export const ARP: readonly Scenario[] = [
  family({
    name: 'arp-problem',
    title: { en: 'The ARP problem', zh: 'ARP 问题' },
    lesson: {
      en: 'Both servers have the VIP on lo, and Linux answers ARP on any interface for any address it has. The router believes the first answer: all connections go to one server, past the director, which sees none of them. Nobody gets an error.',
      zh: '两台真实服务器的 lo 上都有 VIP，而 Linux 会在任何接口上应答本机拥有的任何地址。路由器相信最先到的应答：所有连接绕过调度器，全落到一台服务器上，调度器一个也看不见。用户却没有报错。',
    },
    serverChange: { setup: [VIP_ON_LO] },
    remedies: [CURE_ALL, CURE_ETH0, CURE_ARPTABLES, NO_CURE_LO, NO_CURE_ARPING],
  }),
  family({
    name: 'arp-lo-only',
    title: { en: 'arp_ignore and arp_announce on lo only', zh: 'arp_ignore、arp_announce 只设在 lo 上' },
    lesson: {
      en: 'The two conf/lo lines of many a recipe, alone: they change nothing. The question comes in on eth0, and the kernel reads all and eth0. It is the two conf/all lines that cure.',
      zh: '很多文章里的那两行 conf/lo，单独使用毫无作用：ARP 请求从 eth0 进来，内核读的是 all 和 eth0。真正起作用的是另外两行 conf/all。',
    },
    serverChange: { setup: [...conf('lo'), VIP_ON_LO] },
    remedies: [CURE_ALL, CURE_ETH0, NO_CURE_ARPING],
  }),
  family({
    name: 'arp-all',
    title: { en: 'arp_ignore=1, arp_announce=2 on all', zh: 'all 上 arp_ignore=1、arp_announce=2' },
    lesson: {
      en: 'Set on all before the VIP comes up: only the director answers for the VIP, also when the router forgets at 0:20 and asks again. Both servers get their connections through the director.',
      zh: '先在 all 上设好，再配置 VIP：只有调度器应答 VIP,0:20 路由器清空邻居表重新询问也一样。连接都经调度器分到两台服务器。',
    },
    serverChange: { setup: [...conf('all'), VIP_ON_LO] },
    remedies: [],
  }),
  family({
    name: 'arp-eth0',
    title: { en: 'arp_ignore=1, arp_announce=2 on eth0', zh: 'eth0 上 arp_ignore=1、arp_announce=2' },
    lesson: {
      en: 'The interface that is asked is enough: the kernel takes the larger value of all and eth0. A second interface on the same segment would still answer.',
      zh: '只设在收到请求的接口上就够了：内核取 all 与 eth0 中较大的值。但同一网段若还有第二块网卡，它仍会应答。',
    },
    serverChange: { setup: [...conf('eth0'), VIP_ON_LO] },
    remedies: [],
  }),
  family({
    name: 'arp-ignore-alone',
    title: { en: 'arp_ignore without arp_announce', zh: '只有 arp_ignore，没有 arp_announce' },
    lesson: {
      en: 'The servers no longer answer for the VIP, but when a server must ask for the router’s MAC to send a reply, it asks with the VIP as sender, and the router takes that for news. The VIP wanders off to a server for some seconds, again and again, whenever a server’s entry for the router has gone.',
      zh: '服务器不再应答 VIP，可是要回包而不知道路由器的 MAC 时，它以 VIP 为源地址发 ARP 请求，路由器就把这当成新消息。于是每当服务器的路由器表项失效，VIP 就会跑到某台服务器上几秒钟，反反复复。',
    },
    serverChange: { setup: ['sysctl -w net.ipv4.conf.all.arp_ignore=1', VIP_ON_LO] },
    timeline: [
      { atSeconds: 20, on: 'rs1', run: 'ip neigh flush dev eth0' },
      { atSeconds: 40, on: 'rs2', run: 'ip neigh flush dev eth0' },
    ],
    remedies: [
      cure(
        { en: 'arp_announce=2 as well', zh: '再设 arp_announce=2' },
        {
          en: 'A server then asks with its own address as sender, and the router learns nothing about the VIP.',
          zh: '服务器改用自己的地址发问，路由器就不会误学 VIP 了。',
        },
        cured(SERVERS, ['sysctl -w net.ipv4.conf.all.arp_announce=2']),
      ),
      noCure(
        { en: 'arp_announce=1', zh: 'arp_announce=1' },
        {
          en: 'The VIP lies in the servers’ own subnet, and there 1 still allows it as sender.',
          zh: 'VIP 就在服务器自己的网段里，这种情况下 1 仍允许以它为源地址。',
        },
        onEach(SERVERS, ['sysctl -w net.ipv4.conf.all.arp_announce=1', 'ip neigh flush dev eth0']),
      ),
    ],
  }),
  family({
    name: 'arp-hidden',
    title: { en: 'Kernel 2.4: the hidden flag', zh: '2.4 内核：hidden' },
    lesson: {
      en: 'Servers of the time had no arp_ignore, but a patch: an address of an interface marked hidden is not answered for on any other. Here it is not set yet, and one server has all connections.',
      zh: '当年的 2.4 内核没有 arp_ignore，而是打 hidden 补丁：标为 hidden 的接口上的地址，其他接口一律不应答。这里还没有设置，所有连接都落在一台服务器上。',
    },
    serverChange: { kernel: '2.4', setup: [VIP_ON_LO] },
    remedies: [
      cure(
        { en: 'hidden on all and lo', zh: '在 all 和 lo 上设 hidden' },
        {
          en: 'all switches the feature on, lo is what is hidden. Kernels from 2.6 on have arp_ignore and arp_announce instead.',
          zh: 'all 是总开关，lo 是要隐藏的接口。2.6 以后改用 arp_ignore 和 arp_announce。',
        },
        cured(SERVERS, HIDDEN),
      ),
      noCure(
        { en: 'hidden on lo only', zh: '只在 lo 上设 hidden' },
        { en: 'Without all the flag is not looked at.', zh: 'all 没打开，lo 上的标志不起作用。' },
        inVain(SERVERS, HIDDEN.slice(1)),
      ),
    ],
  }),
  family({
    name: 'arp-arptables',
    title: { en: 'arptables: dropped and mangled', zh: 'arptables：丢弃与改写' },
    lesson: {
      en: 'Two rules on each server: questions for the VIP are dropped, and its own questions never bear the VIP as sender. Only the director answers, also when the router asks anew at 0:20.',
      zh: '每台服务器两条规则：问 VIP 的请求丢弃；自己发问时绝不以 VIP 为源。0:20 路由器重新询问，也只有调度器应答。',
    },
    changes: {
      rs1: { setup: [...arptables(1), VIP_ON_LO] },
      rs2: { setup: [...arptables(2), VIP_ON_LO] },
    },
    remedies: [],
  }),
  family({
    name: 'arp-redirect',
    title: { en: 'iptables REDIRECT instead of a VIP', zh: '用 iptables REDIRECT 代替 VIP' },
    lesson: {
      en: 'The servers have no VIP at all, so they have nothing to answer for. iptables turns what comes in for the VIP into a packet for the server itself, and the answer back: DR without any ARP problem, for some CPU.',
      zh: '服务器上根本不配 VIP，自然不会应答。iptables 把发往 VIP 的报文改成发给本机，应答再改回去：没有 ARP 问题的 DR，代价是一点 CPU。',
    },
    serverChange: {
      setup: [`iptables -t nat -A PREROUTING -p tcp -d ${VIP} --dport 80 -j REDIRECT --to-ports 80`],
    },
    remedies: [],
  }),
  family({
    name: 'arp-dummy',
    title: { en: 'The VIP on a NOARP device', zh: 'VIP 放在 NOARP 设备上' },
    lesson: {
      en: 'dummy0 is a “non-arp device”: it neither asks nor answers. But the question comes in on eth0, and eth0 answers for every address of the host. On kernels from 2.2 on the non-arp device of the old table is not enough.',
      zh: 'dummy0 是“Non-arp device”：它自己不问也不答。可是请求从 eth0 进来，eth0 会替本机的任何地址应答。老表格里的 Non-arp device，对 2.2 以后的内核并不够。',
    },
    serverChange: {
      setup: ['ip link add dummy0 type dummy', 'ip link set dummy0 up', `ip addr add ${VIP}/32 dev dummy0`],
    },
    remedies: [
      CURE_ALL,
      noCure(
        { en: 'arp off on dummy0', zh: 'ip link set dummy0 arp off' },
        {
          en: 'dummy0 was silent before; it is eth0 that speaks.',
          zh: 'dummy0 本来就不出声，说话的是 eth0。',
        },
        inVain(SERVERS, ['ip link set dummy0 arp off']),
      ),
    ],
  }),
  family({
    name: 'arp-off',
    title: { en: 'ARP switched off on eth0', zh: '在 eth0 上关掉 ARP' },
    lesson: {
      en: 'ip link set eth0 arp off does silence the server: for the VIP, but for its own address too, and it cannot ask either. The director cannot find it, and clients get “no route to host”. With permanent neighbour entries on all sides it works.',
      zh: 'ip link set eth0 arp off 的确让服务器闭嘴了：不光 VIP，连它自己的地址也不应答，而且也不能发问。调度器找不到它，客户端收到“没有到主机的路由”。各方都配上永久邻居表项才能工作。',
    },
    changes: {
      router: {
        interfaces: [
          { name: 'eth0', network: 'internet', addresses: ['10.254.0.2/30'], mac: '' },
          { name: 'eth1', network: 'lan', addresses: [`${GATEWAY}/24`], mac: MAC.router },
        ],
      },
      rs1: arpOffServer(1),
      rs2: arpOffServer(2),
    },
    remedies: [
      cure(
        { en: 'Permanent neighbour entries', zh: '永久邻居表项' },
        {
          en: 'The director is told the servers’ MACs, the servers the router’s. Nobody needs to ask any more; and whoever changes a network card has to remember it.',
          zh: '把服务器的 MAC 告诉调度器，把路由器的 MAC 告诉服务器，谁都不用再问。只是换网卡时别忘了改。',
        },
        [1, 2].flatMap((n) => [
          permanent('d1', `192.168.1.1${n}`, serverMac(n)),
          permanent(`rs${n}`, GATEWAY, MAC.router),
        ]),
      ),
      cure(
        {
          en: 'ARP on again, with arp_ignore and arp_announce',
          zh: '重新打开 ARP，改用 arp_ignore 与 arp_announce',
        },
        {
          en: 'The servers answer for their own addresses again, and only for those.',
          zh: '服务器恢复应答自己的地址，而且只应答自己的地址。',
        },
        cured(SERVERS, [...conf('all'), 'ip link set eth0 arp on']),
      ),
    ],
  }),
  family({
    name: 'arp-vip-on-eth0',
    title: { en: 'The VIP on the server’s eth0', zh: 'VIP 配在服务器的 eth0 上' },
    lesson: {
      en: 'arp_ignore=1 is set, but the VIP is on eth0 itself, so eth0 answers for it by right. Whoever answers the router gets the connections; the director’s table stays empty.',
      zh: 'arp_ignore=1 设了，可 VIP 就配在 eth0 上，eth0 当然有权应答。谁先应答路由器，连接就归谁；调度器的连接表空空如也。',
    },
    serverChange: { setup: [...conf('all'), `ip addr add ${VIP}/32 dev eth0`] },
    remedies: [
      cure(
        { en: 'Move the VIP to lo', zh: '把 VIP 移到 lo' },
        {
          en: 'On lo, with arp_ignore=1, it is an address that eth0 does not have and does not answer for.',
          zh: '移到 lo 以后，它不再是 eth0 的地址，arp_ignore=1 就让 eth0 不应答了。',
        },
        cured(SERVERS, [`ip addr del ${VIP}/32 dev eth0`, VIP_ON_LO]),
      ),
    ],
  }),
];
