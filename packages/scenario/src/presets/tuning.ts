import type { Remedy, Scenario, Words } from '../document.ts';
import { clusterOf, servers, VIP } from '../topology.ts';
import { constant, stressTest, visitors } from '../workloads.ts';

/** The same command on each of so many real servers. */
const onServers = (count: number, run: string): Remedy['commands'] =>
  Array.from({ length: count }, (_, i) => ({ on: `rs${i + 1}`, run }));

const remedy = (
  title: string,
  commands: Remedy['commands'],
  cures: boolean,
  en: string,
  zh: string,
): Remedy => ({ title: { en: title, zh: title }, explain: { en, zh }, commands, cures });

interface Changes {
  readonly delayUs?: number;
  readonly serverSetup?: readonly string[];
  readonly clientSetup?: readonly string[];
  readonly remedies: readonly Remedy[];
}

/** The cluster with a longer way to the clients, and with what an operator had set before. */
function tuned(scenario: Scenario, changes: Changes): Scenario {
  const more = { realserver: changes.serverSetup, client: changes.clientSetup } as const;
  return {
    ...scenario,
    networks: scenario.networks.map((network) =>
      network.name === 'internet' ? { ...network, delayUs: changes.delayUs ?? network.delayUs } : network,
    ),
    hosts: scenario.hosts.map((host) =>
      host.role === 'realserver' || host.role === 'client'
        ? { ...host, setup: [...host.setup, ...(more[host.role] ?? [])] }
        : host,
    ),
    remedies: changes.remedies,
  };
}

/** The same with real servers of an older kernel. */
const onKernel = (kernel: '2.4' | '2.6', scenario: Scenario): Scenario => ({
  ...scenario,
  hosts: scenario.hosts.map((host) => (host.role === 'realserver' ? { ...host, kernel } : host)),
});

const title = (en: string, zh: string): Words => ({ en, zh });

/** The tuning lines of the LVS notes, each where somebody feels it. */
export const TUNING: readonly Scenario[] = [
  tuned(
    clusterOf({
      name: 'tuning-wmem',
      title: title('tcp_wmem on a long line', '长距离线路上的 tcp_wmem'),
      lesson: {
        en: 'Two megabytes over a round trip of 200 ms. What is on its way stays in the send buffer: with 64 kB of it a server sends 32 kB a round trip, and the page takes 13 seconds on a line of a gigabit.',
        zh: '往返 200 毫秒，下载 2 MB。在途的数据要留在发送缓冲区里：缓冲区只有 64 kB 时每个往返只能发 32 kB，千兆线路上一个文件也要 13 秒。',
      },
      service: `-t ${VIP}:80 -s rr`,
      servers: servers('dr', [1, 1]),
      web: { responseBytes: constant(2_000_000), serviceTimeMs: constant(5) },
      workloads: [visitors(20, 0.5, { timeoutSeconds: 60 })],
      durationSeconds: 240,
    }),
    {
      delayUs: 100_000,
      serverSetup: ['sysctl -w net.ipv4.tcp_wmem="4096 16384 65536"'],
      remedies: [
        remedy(
          'tcp_wmem = 4096 65536 16777216',
          onServers(2, 'sysctl -w net.ipv4.tcp_wmem="4096 65536 16777216"'),
          true,
          'The buffer may grow to what bandwidth times round trip needs.',
          '缓冲区可以增长到“带宽 × 往返时间”所需的大小。',
        ),
        remedy(
          'wmem_max = 16777216',
          onServers(2, 'sysctl -w net.core.wmem_max=16777216'),
          false,
          'wmem_max and rmem_max bound only programs that set their buffers themselves (SO_SNDBUF, SO_RCVBUF); a web server does not.',
          'wmem_max 和 rmem_max 只限制自己设置缓冲区（SO_SNDBUF、SO_RCVBUF）的程序；Web 服务器并不设置。',
        ),
      ],
    },
  ),
  tuned(
    clusterOf({
      name: 'tuning-syn-backlog',
      title: title('tcp_max_syn_backlog and far clients', 'tcp_max_syn_backlog 与远处的客户端'),
      lesson: {
        en: 'Each handshake is half open for a round trip. With SYN cookies off and room for 16, a server takes 12 strangers at a time; the others’ SYNs are dropped, and they wait a second to try again.',
        zh: '每次握手有一个往返的时间处于半开状态。关掉 SYN cookies、队列只有 16 时，服务器同时只接受 12 个陌生的半开连接；其余的 SYN 被丢弃，客户端一秒后才重试。',
      },
      service: `-t ${VIP}:80 -s rr`,
      servers: servers('dr', [1, 1]),
      workloads: [visitors(200, 150)],
      durationSeconds: 120,
    }),
    {
      delayUs: 100_000,
      serverSetup: ['sysctl -w net.ipv4.tcp_syncookies=0', 'sysctl -w net.ipv4.tcp_max_syn_backlog=16'],
      remedies: [
        remedy(
          'tcp_max_syn_backlog = 8192',
          onServers(2, 'sysctl -w net.ipv4.tcp_max_syn_backlog=8192'),
          true,
          'Room for every handshake that is under way.',
          '所有正在进行的握手都放得下。',
        ),
        remedy(
          'tcp_syncookies = 1',
          onServers(2, 'sysctl -w net.ipv4.tcp_syncookies=1'),
          true,
          'With cookies on, the kernel does not keep the last quarter of the backlog for peers that it knows.',
          '打开 SYN cookies 后，内核不再为已知的对端保留队列的最后四分之一。',
        ),
        remedy(
          'somaxconn = 4096',
          onServers(2, 'sysctl -w net.core.somaxconn=4096'),
          false,
          'The accept queue is not what is full.',
          '满的不是 accept 队列。',
        ),
      ],
    },
  ),
  tuned(
    clusterOf({
      name: 'tuning-tw-reuse',
      title: title('A test machine out of ports: tcp_tw_reuse', '测试机端口用尽：tcp_tw_reuse'),
      lesson: {
        en: 'The side that closes first keeps its port in TIME_WAIT for 60 s. A tester that closes first and has a thousand ports opens sixteen connections a second, not forty; the servers have nothing to do with it.',
        zh: '先关闭的一方要在 TIME_WAIT 里占用端口 60 秒。测试机先关闭、只有一千个端口时，每秒只能开 16 个连接，而不是 40 个；与服务器无关。',
      },
      service: `-t ${VIP}:80 -s rr`,
      servers: servers('dr', [1, 1]),
      workloads: [visitors(1, 40, { keepAlive: true })],
      durationSeconds: 300,
    }),
    {
      clientSetup: ['sysctl -w net.ipv4.ip_local_port_range="40000 40999"'],
      remedies: [
        remedy(
          'tcp_tw_reuse = 1',
          [{ on: 'client', run: 'sysctl -w net.ipv4.tcp_tw_reuse=1' }],
          true,
          'On the tester: a port in TIME_WAIT may be taken again after a second. On the servers it changes nothing: it counts for connections that a host opens.',
          '在测试机上：处于 TIME_WAIT 的端口一秒后可以再用。在服务器上设置没有作用：它只管本机发起的连接。',
        ),
        remedy(
          'tcp_tw_reuse = 1 @ rs',
          onServers(2, 'sysctl -w net.ipv4.tcp_tw_reuse=1'),
          false,
          'The servers do not open these connections.',
          '这些连接不是服务器发起的。',
        ),
        remedy(
          'tcp_fin_timeout = 30',
          [{ on: 'client', run: 'sysctl -w net.ipv4.tcp_fin_timeout=30' }],
          false,
          'tcp_fin_timeout is about FIN_WAIT_2 of a socket that nobody owns any more. TIME_WAIT is 60 s, whatever it says: here nobody feels it.',
          'tcp_fin_timeout 管的是无主套接字的 FIN_WAIT_2。TIME_WAIT 总是 60 秒，与它无关：这里没有人感觉得到。',
        ),
        remedy(
          'tcp_tw_recycle = 1',
          [{ on: 'client', run: 'sysctl -w net.ipv4.tcp_tw_recycle=1' }],
          false,
          'Gone since Linux 4.12: it made servers drop clients behind one NAT address. The kernel has no such file.',
          'Linux 4.12 起已删除：它会让服务器丢弃同一 NAT 地址后面的客户端。内核里已没有这个文件。',
        ),
      ],
    },
  ),
  tuned(
    clusterOf({
      name: 'tuning-keepalive',
      title: title('tcp_keepalive_time against the director’s 900 s', 'tcp_keepalive_time 与调度器的 900 秒'),
      lesson: {
        en: 'Connections that say something every 20 minutes. The director forgets one after 900 s of silence, client and server do not know, and the next request is answered by RST. Keep-alive probes that come sooner keep the entry alive.',
        zh: '每 20 分钟才说一次话的连接。静默 900 秒后调度器就忘了它，客户端和服务器却不知道，下一个请求收到 RST。更早发出的保活探测能让表项一直有效。',
      },
      service: `-t ${VIP}:80 -s rr`,
      servers: servers('dr', [1, 1]),
      web: { keepAliveTimeoutSeconds: 7200, maxKeepAliveRequests: 0 },
      workloads: [
        stressTest(6, {
          name: 'quiet',
          concurrency: 6,
          keepAlive: true,
          requestsPerConnection: constant(1000),
          thinkSeconds: constant(1200),
        }),
      ],
      durationSeconds: 7200,
    }),
    {
      remedies: [
        remedy(
          'tcp_keepalive_time = 600',
          onServers(2, 'sysctl -w net.ipv4.tcp_keepalive_time=600'),
          true,
          'The server probes after ten minutes, the client’s ACK crosses the director, and its 900 s begin anew.',
          '服务器十分钟后探测，客户端的 ACK 经过调度器，900 秒重新计时。',
        ),
        remedy(
          'ipvsadm --set 7200 120 300',
          [{ on: 'd1', run: 'ipvsadm --set 7200 120 300' }],
          true,
          'The director remembers for two hours.',
          '让调度器记住两个小时。',
        ),
        remedy(
          'tcp_keepalive_time = 1800',
          onServers(2, 'sysctl -w net.ipv4.tcp_keepalive_time=1800'),
          false,
          'The notes’ 1800 s are longer than the director’s 900 s: the probe itself comes too late.',
          '笔记里的 1800 秒比调度器的 900 秒还长：探测本身就太晚了。',
        ),
      ],
    },
  ),
  tuned(
    clusterOf({
      name: 'tuning-netdev-backlog',
      title: title('Bursts at the director: netdev_max_backlog', '调度器上的突发：netdev_max_backlog'),
      lesson: {
        en: 'A slow director, 100 µs a packet, and pages whose 150 connections open at once. What the card brings waits for the CPU, at most netdev_max_backlog packets; the rest is dropped, and those clients wait a second.',
        zh: '调度器很慢，每个包 100 微秒；每个页面同时打开 150 个连接。网卡收到的包排队等 CPU，最多 netdev_max_backlog 个；其余丢弃，这些客户端要等一秒。',
      },
      service: `-t ${VIP}:80 -s rr`,
      servers: servers('dr', [1, 1, 1]),
      directorSetup: ['sysctl -w net.core.netdev_max_backlog=50'],
      packetCostNs: 100_000,
      workloads: [visitors(20, 1, { objectsPerPage: constant(150), parallel: 150 })],
      durationSeconds: 120,
    }),
    {
      remedies: [
        remedy(
          'netdev_max_backlog = 3000',
          [{ on: 'd1', run: 'sysctl -w net.core.netdev_max_backlog=3000' }],
          true,
          'A burst may wait; it is gone in some milliseconds.',
          '突发可以排队，几毫秒就处理完。',
        ),
        remedy(
          'tcp_rmem = 4096 87380 16777216',
          [{ on: 'd1', run: 'sysctl -w net.ipv4.tcp_rmem="4096 87380 16777216"' }],
          false,
          'A director has no sockets of these connections: nothing of TCP’s tuning counts there.',
          '调度器上没有这些连接的套接字：TCP 的调优参数在这里都不起作用。',
        ),
      ],
    },
  ),
  onKernel(
    '2.6',
    tuned(
      clusterOf({
        name: 'tuning-tw-recycle',
        title: title(
          'Old servers behind tcp_tw_recycle, clients behind NAT',
          '旧内核 tcp_tw_recycle 与 NAT 后的客户端',
        ),
        lesson: {
          en: 'Servers of 2.6 with tcp_tw_recycle keep the last TCP timestamp of each address. Eight machines share each address of a company’s NAT gateway, each with a clock of its own: for a minute the server drops the SYNs of all whose clock is behind, without a word. Only users behind NAT complain.',
          zh: '2.6 内核的服务器打开 tcp_tw_recycle 后，会记住每个地址最近的 TCP 时间戳。公司 NAT 网关的每个地址后面有八台机器，时钟各不相同：一分钟之内，凡是时钟落后的，SYN 都被悄悄丢弃。只有 NAT 后面的用户抱怨。',
        },
        service: `-t ${VIP}:80 -s rr`,
        servers: servers('dr', [1, 1]),
        workloads: [visitors(4, 10, { machines: 8, timeoutSeconds: 5 })],
        durationSeconds: 240,
      }),
      {
        serverSetup: ['sysctl -w net.ipv4.tcp_tw_recycle=1'],
        remedies: [
          remedy(
            'tcp_tw_recycle = 0',
            onServers(2, 'sysctl -w net.ipv4.tcp_tw_recycle=0'),
            true,
            'The file came with promises of fewer sockets in TIME_WAIT, which cost next to nothing, and is gone since Linux 4.12.',
            '它本来只是为了减少几乎不花钱的 TIME_WAIT 套接字；Linux 4.12 起已删除。',
          ),
          remedy(
            'tcp_timestamps = 0',
            onServers(2, 'sysctl -w net.ipv4.tcp_timestamps=0'),
            true,
            'A server that looks at no timestamps has none to compare, but measures round trips less well.',
            '服务器不看时间戳就无从比较，但往返时间也量得差一些。',
          ),
          remedy(
            'tcp_max_syn_backlog = 8192',
            onServers(2, 'sysctl -w net.ipv4.tcp_max_syn_backlog=8192'),
            false,
            'The SYNs are not dropped for want of room.',
            'SYN 并不是因为队列满而丢弃的。',
          ),
        ],
      },
    ),
  ),
];
