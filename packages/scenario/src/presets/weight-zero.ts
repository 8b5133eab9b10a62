import type { Remedy, Scenario } from '../document.ts';
import { clusterOf, servers, VIP } from '../topology.ts';
import { constant, stressTest } from '../workloads.ts';
import { ldirectordFile } from './failover-files.ts';

const FILE = '/etc/ha.d/ldirectord.cf';
const head = (quiescent: 'yes' | 'no'): string =>
  `checktimeout=3\ncheckinterval=5\nfailurecount=1\nquiescent=${quiescent}\n`;

/** One director with ldirectord; twenty clients that come back every second or so. */
function withLdirectord(
  name: string,
  title: Scenario['title'],
  lesson: Scenario['lesson'],
  persistent: boolean,
  remedies: readonly Remedy[],
): Scenario {
  const base = clusterOf({
    name,
    title,
    lesson,
    service: `-t ${VIP}:80 -s rr${persistent ? ' -p 300' : ''}`,
    servers: servers('dr', [1, 1]),
    web: { serviceTimeMs: constant(5), responseBytes: constant(4000) },
    directorSetup: [],
    workloads: [
      stressTest(20, { name: 'askers', concurrency: 20, thinkSeconds: constant(1), timeoutSeconds: 5 }),
    ],
    timeline: [{ atSeconds: 30, on: 'rs1', run: 'systemctl stop httpd' }],
    durationSeconds: 180,
  });
  const below = persistent ? '\tpersistent=300\n' : '';
  return {
    ...base,
    remedies,
    hosts: base.hosts.map((host) =>
      host.role === 'director'
        ? {
            ...host,
            rules: '',
            files: { [FILE]: ldirectordFile(head('yes'), below) },
            setup: [...host.setup, 'systemctl start ldirectord'],
          }
        : host,
    ),
  };
}

const FREE_TEMPLATES: Remedy = {
  title: { en: 'expire_quiescent_template=1', zh: 'expire_quiescent_template=1' },
  explain: {
    en: 'A template that points to a server of weight 0 is no longer valid: each client is scheduled afresh at its next connection.',
    zh: '指向权值 0 服务器的模板不再有效：每个客户端在下一个连接时重新调度。',
  },
  commands: [{ on: 'd1', run: 'echo 1 > /proc/sys/net/ipv4/vs/expire_quiescent_template' }],
  cures: true,
};

const NODEST: Remedy = {
  title: { en: 'expire_nodest_conn=1', zh: 'expire_nodest_conn=1' },
  explain: {
    en: 'It ends connections of servers that were deleted. Here the server is there, with weight 0, and the client’s template still sends it there.',
    zh: '它清除的是已删除服务器的连接。这里服务器还在，只是权值为 0，客户端的模板仍把它送过去。',
  },
  commands: [{ on: 'd1', run: 'echo 1 > /proc/sys/net/ipv4/vs/expire_nodest_conn' }],
  cures: false,
};

const REMOVE: Remedy = {
  title: { en: 'quiescent=no: remove the server', zh: 'quiescent=no：把服务器从列表删除' },
  explain: {
    en: 'ldirectord deletes a server that fails. A template to a deleted server is not valid, so every client is free at its next connection.',
    zh: 'ldirectord 直接删除失败的服务器。指向已删除服务器的模板无效，客户端下一个连接就自由了。',
  },
  commands: [
    { on: 'd1', run: `echo '${ldirectordFile(head('no'), '\tpersistent=300\n').trimEnd()}' > ${FILE}` },
    { on: 'd1', run: 'systemctl reload ldirectord' },
  ],
  cures: true,
};

/** Weight 0, and still traffic: the second case of the LVS notes. */
export const WEIGHT_ZERO: readonly Scenario[] = [
  withLdirectord(
    'ldirectord-quiescent',
    {
      en: 'ldirectord sets weight 0, clients keep coming',
      zh: 'ldirectord 已把权值置 0，为什么还轮询到这台机器？',
    },
    {
      en: 'httpd on rs1 stops at 0:30; ldirectord (quiescent=yes) sets its weight to 0. With -p each client’s template still leads to rs1, and every attempt renews it: they are refused for good.',
      zh: '0:30 rs1 上的 httpd 停止；ldirectord（quiescent=yes）把权值置 0。有 -p 时，客户端的模板仍指向 rs1，每次尝试还续期：它们一直被拒绝。',
    },
    true,
    [NODEST, FREE_TEMPLATES, REMOVE],
  ),
  withLdirectord(
    'ldirectord-quiescent-no-p',
    { en: 'The same without -p', zh: '同样情况，不用 -p' },
    {
      en: 'Without persistence weight 0 is all that it takes: every new connection is scheduled, and never to a server of weight 0. Nothing is left to cure.',
      zh: '没有持久性时，权值 0 就够了：每个新连接都重新调度，不会再给权值 0 的服务器。没有什么要治的。',
    },
    false,
    [],
  ),
];
