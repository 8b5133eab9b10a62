import type { Scenario } from '../document.ts';
import { cure, labOf, noCure, QUIET, VIP_ON_LO } from '../lab.ts';
import { servers, VIP } from '../topology.ts';
import { visitors } from '../workloads.ts';
import { MISCONFIGURED_DR } from './misconfigured-dr.ts';
import { MISCONFIGURED_NAT } from './misconfigured-nat.ts';
import { MISCONFIGURED_TUN } from './misconfigured-tun.ts';

const SERVICE = `-t ${VIP}:80 -s rr`;

const LINKS: readonly Scenario[] = [
  labOf({
    name: 'slow-link',
    title: { en: 'A slow link to one server', zh: '一台服务器的链路很慢' },
    lesson: {
      en: 'rs1’s packets take 400 ms to leave it. rr goes on giving it every second connection, and half of the visitors wait; the director’s counters are as they should be.',
      zh: 'rs1 发出的报文要多花 400 毫秒。rr 照样每两个连接分它一个，一半用户在等；调度器的计数却一切正常。',
    },
    service: SERVICE,
    servers: servers('dr', [1, 1]),
    changes: {
      rs1: { setup: [...QUIET, VIP_ON_LO, 'tc qdisc add dev eth0 root netem delay 400ms'] },
    },
    remedies: [
      cure(
        { en: 'The link as it was', zh: '恢复链路' },
        {
          en: 'A cable, a duplex setting, a full uplink: find it.',
          zh: '网线、双工设置、上联拥塞：找出来。',
        },
        [{ on: 'rs1', run: 'tc qdisc del dev eth0 root' }],
      ),
      cure(
        { en: 'Weight 0 for rs1', zh: 'rs1 权值置 0' },
        {
          en: 'New connections go elsewhere until somebody has found the cause.',
          zh: '找到原因之前，新连接都去别处。',
        },
        [{ on: 'd1', run: `ipvsadm -e -t ${VIP}:80 -r 192.168.1.11:80 -g -w 0` }],
      ),
    ],
  }),
  labOf({
    name: 'lossy-link',
    title: { en: 'A link that loses packets', zh: '会丢包的链路' },
    lesson: {
      en: 'Three in ten of the packets that rs1 sends are lost. TCP repeats it, after 200 ms for data and a whole second for a SYN-ACK: nothing fails, some visitors wait for seconds.',
      zh: 'rs1 发出的报文十个丢三个。TCP 会重传：数据等 200 毫秒，SYN-ACK 要等整整一秒。没有失败，只是有些用户要等上几秒。',
    },
    service: SERVICE,
    servers: servers('dr', [1, 1]),
    workloads: [visitors(8, 5)],
    changes: { rs1: { setup: [...QUIET, VIP_ON_LO, 'tc qdisc add dev eth0 root netem loss 30%'] } },
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
          zh: '只缩短已结束连接的保留时间，该等的还得等。',
        },
        [{ on: 'd1', run: 'ipvsadm --set 900 10 300' }],
      ),
    ],
  }),
];

/** Mistakes that operators make, what one sees of each, and what puts it right. */
export const MISCONFIGURATIONS: readonly Scenario[] = [
  ...MISCONFIGURED_NAT,
  ...MISCONFIGURED_DR,
  ...MISCONFIGURED_TUN,
  ...LINKS,
];
