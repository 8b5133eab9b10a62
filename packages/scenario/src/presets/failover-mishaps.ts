import type { HostSpec, Scenario } from '../document.ts';
import { failoverOf } from '../failover-topology.ts';
import { clusterOf, servers, VIP } from '../topology.ts';
import { constant, stressTest } from '../workloads.ts';
import { heartbeatFiles, keepalivedFiles } from './failover-files.ts';

const KEEPALIVED = '/etc/keepalived/keepalived.conf';

/** What an operator types on a director that nobody has written rules for. */
const TYPED = [
  `ipvsadm -A -t ${VIP}:80 -s rr`,
  `ipvsadm -a -t ${VIP}:80 -r 192.168.1.11 -g`,
  `ipvsadm -a -t ${VIP}:80 -r 192.168.1.12 -g`,
];

const cablePulled = failoverOf({
  name: 'failover-cable-pulled',
  title: { en: 'The master’s network cable is pulled', zh: '主机的网线被拔掉' },
  lesson: {
    en: 'At 0:20 d1 loses its LAN cable, but not the crossed cable to d2: d2 hears d1’s heart beat on and leaves the VIP with a director whom nobody can reach. heartbeat watches nodes, not networks.',
    zh: '0:20 d1 的局域网网线被拔掉，直连心跳线还在：d2 仍听得到 d1 的心跳，就把 VIP 留给一台谁也连不上的调度器。heartbeat 看的是节点，不是网络。',
  },
  ownCable: true,
  files: (n) => ({ ...heartbeatFiles(`IPaddr2::${VIP}/32/eth0`, {}, 'eth1')(), ...keepalivedFiles()(n) }),
  setup: () => ['systemctl start heartbeat'],
  timeline: [{ atSeconds: 20, on: 'd1', run: 'ip link set eth0 down' }],
  remedies: [
    {
      title: { en: 'Plug the cable in again', zh: '重新接上网线' },
      explain: {
        en: 'd1 has held the VIP all the time, and serves again at once.',
        zh: 'VIP 一直在 d1 上，接上就立刻恢复服务。',
      },
      commands: [{ on: 'd1', run: 'ip link set eth0 up' }],
      cures: true,
    },
    {
      title: { en: 'Stop heartbeat on d1', zh: '停掉 d1 上的 heartbeat' },
      explain: {
        en: 'It says goodbye on the crossed cable, and d2 takes the VIP without waiting for deadtime. By hand, but it is what ipfail would have done.',
        zh: '它在心跳线上告别，d2 不等 deadtime 就接管 VIP。这是手工操作，但 ipfail 做的也就是这件事。',
      },
      commands: [{ on: 'd1', run: 'systemctl stop heartbeat' }],
      cures: true,
    },
    {
      title: { en: 'Listen on the LAN as well', zh: '局域网上也发心跳' },
      explain: {
        en: 'bcast eth0 beside bcast eth1 helps when the crossed cable fails. Here that one still works, so d1 still counts as alive.',
        zh: '在 bcast eth1 之外再写 bcast eth0，防的是心跳线断。这里心跳线是好的，d1 照样算活着。',
      },
      commands: ['d1', 'd2'].flatMap((on) => [
        { on, run: 'echo "bcast eth0" >> /etc/ha.d/ha.cf' },
        { on, run: 'systemctl restart heartbeat' },
      ]),
      cures: false,
    },
    {
      title: { en: 'keepalived instead of heartbeat', zh: '用 keepalived 代替 heartbeat' },
      explain: {
        en: 'A vrrp_instance is in FAULT as soon as its interface is down, and its advertisements take the way that the clients take: d2 becomes master.',
        zh: '网卡一断，vrrp_instance 就进入 FAULT；通告走的也正是客户端走的那张网：d2 成为 MASTER。',
      },
      commands: ['d1', 'd2'].flatMap((on) => [
        { on, run: 'systemctl stop heartbeat' },
        { on, run: 'systemctl start keepalived' },
      ]),
      cures: true,
    },
  ],
});

const reboot = failoverOf({
  name: 'failover-reboot',
  title: { en: 'A master reboots and comes back without rules', zh: '主机重启回来，规则没了' },
  lesson: {
    en: 'The rules were typed and never saved. At 0:20 d1 reboots: keepalived says goodbye and d2 takes over in under a second. At 0:50 d1 is back, has the higher priority and takes the VIP, with an empty table: every client is refused.',
    zh: '规则是手敲的，没有保存。0:20 d1 重启：keepalived 先告别，d2 不到一秒就接管。0:50 d1 回来，优先级更高，又拿走 VIP，可它的表是空的：所有客户端都被拒绝。',
  },
  withRules: false,
  files: keepalivedFiles(),
  setup: () => ['systemctl start keepalived'],
  timeline: [
    ...['d1', 'd2'].flatMap((on) => TYPED.map((run) => ({ atSeconds: 0, on, run }))),
    { atSeconds: 20, on: 'd1', run: 'reboot' },
  ],
  remedies: [
    {
      title: { en: 'Type the rules again', zh: '重新敲一遍规则' },
      explain: {
        en: 'd1 serves again, until its next boot.',
        zh: 'd1 恢复服务，直到下一次重启。',
      },
      commands: TYPED.map((run) => ({ on: 'd1', run })),
      cures: true,
    },
    {
      title: { en: 'Stop keepalived on d1', zh: '停掉 d1 上的 keepalived' },
      explain: {
        en: 'It gives up the VIP with an advertisement of priority 0, and d2, which has the rules, takes it.',
        zh: '它发出优先级 0 的通告交出 VIP，有规则的 d2 接过去。',
      },
      commands: [{ on: 'd1', run: 'systemctl stop keepalived' }],
      cures: true,
    },
    {
      title: { en: 'Let keepalived make the rules', zh: '让 keepalived 来建规则' },
      explain: {
        en: 'A virtual_server in keepalived.conf is made whenever keepalived starts, at boot too. It also checks the servers.',
        zh: '把 virtual_server 写进 keepalived.conf，keepalived 每次启动都会建好，开机也一样；还会检查后端服务器。',
      },
      commands: [
        { on: 'd1', run: `echo '${virtualServer('')}' >> ${KEEPALIVED}` },
        { on: 'd1', run: 'systemctl reload keepalived' },
      ],
      cures: true,
    },
    {
      title: { en: 'Save the rules now', zh: '现在才保存规则' },
      explain: {
        en: 'ipvsadm -Sn prints what is in the table, and d1’s is empty by now. It should have been done before the reboot.',
        zh: 'ipvsadm -Sn 输出的是当前的表，而 d1 的表已经空了。应该在重启之前保存。',
      },
      commands: [
        { on: 'd1', run: 'ipvsadm -Sn > /etc/sysconfig/ipvsadm' },
        { on: 'd1', run: 'ipvsadm -R < /etc/sysconfig/ipvsadm' },
      ],
      cures: false,
    },
  ],
});

/** A virtual_server of keepalived.conf with both servers; `more` stands before them. */
function virtualServer(more: string, names: readonly string[] = ['192.168.1.11', '192.168.1.12']): string {
  const real = names.map(
    (address) => `    real_server ${address} 80 {
        weight 1
        TCP_CHECK {
            connect_timeout 3
        }
    }`,
  );
  return `virtual_server ${VIP} 80 {
    delay_loop 5
    retry 1
    delay_before_retry 1
    lb_algo rr
    lb_kind DR
    protocol TCP
${more}${real.join('\n')}
}`;
}

const SORRY = '192.168.1.14';
const farm = (quorum: number): string =>
  virtualServer(`    quorum ${quorum}\n    sorry_server ${SORRY} 80\n`, [
    '192.168.1.11',
    '192.168.1.12',
    '192.168.1.13',
  ]);

/** Three servers, and a fourth with a page that says sorry. */
function sorryServer(): Scenario {
  const base = clusterOf({
    name: 'keepalived-sorry-server',
    title: { en: 'Sorry server and quorum', zh: 'sorry_server 与 quorum' },
    lesson: {
      en: 'keepalived wants two of three servers (quorum 2). rs1 and rs2 stop at 0:30; rs3 alone would be overrun, so it goes too, and the sorry server answers everybody, though rs3 is well.',
      zh: 'keepalived 要求三台里至少两台（quorum 2）。0:30 rs1 和 rs2 停止；只剩 rs3 会被压垮，于是它也被撤下，由 sorry_server 应答所有人，尽管 rs3 是好的。',
    },
    service: `-t ${VIP}:80 -s rr`,
    servers: servers('dr', [1, 1, 1, 1]),
    web: { serviceTimeMs: constant(5), responseBytes: constant(4000) },
    workloads: [
      stressTest(20, { name: 'askers', concurrency: 20, thinkSeconds: constant(1), timeoutSeconds: 5 }),
    ],
    timeline: ['rs1', 'rs2'].map((on) => ({ atSeconds: 30, on, run: 'systemctl stop httpd' })),
    durationSeconds: 180,
  });
  const named = (host: HostSpec): HostSpec => {
    if (host.name === 'rs4') return { ...host, name: 'sorry' };
    if (host.role !== 'director') return host;
    const files = { [KEEPALIVED]: farm(2) };
    return { ...host, rules: '', files, setup: [...host.setup, 'systemctl start keepalived'] };
  };
  return {
    ...base,
    hosts: base.hosts.map(named),
    services: base.services.map((one) => ({ ...one, on: ['rs1', 'rs2', 'rs3', 'sorry'] })),
    remedies: [
      {
        title: { en: 'Start httpd on rs1 again', zh: '重新启动 rs1 上的 httpd' },
        explain: {
          en: 'Two servers are the quorum: both get traffic, and the sorry server goes.',
          zh: '两台就够 quorum：两台都恢复接流量，sorry_server 撤下。',
        },
        commands: [{ on: 'rs1', run: 'systemctl start httpd' }],
        cures: true,
      },
      {
        title: { en: 'quorum 1', zh: 'quorum 1' },
        explain: {
          en: 'rs3 alone is enough then. Whether it can bear the load is another question.',
          zh: '这样 rs3 一台就够了。它扛不扛得住是另一回事。',
        },
        commands: [
          { on: 'd1', run: `echo '${farm(1)}' > ${KEEPALIVED}` },
          { on: 'd1', run: 'systemctl reload keepalived' },
        ],
        cures: true,
      },
      {
        title: { en: 'Restart keepalived', zh: '重启 keepalived' },
        explain: {
          en: 'It believes in every server until the first checks have failed, and then it is as before.',
          zh: '首次检查失败之前它相信所有服务器，之后又和原来一样。',
        },
        commands: [{ on: 'd1', run: 'systemctl restart keepalived' }],
        cures: false,
      },
    ],
  };
}

/** Mishaps of a fail-over that is set up well: what it does not watch, forgets, or does on purpose. */
export const MISHAPS: readonly Scenario[] = [cablePulled, reboot, sorryServer()];
