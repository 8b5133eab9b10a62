import { hostNamed } from '@lvscope/cluster';
import type { CommandResult } from '@lvscope/cluster';
import { formatIpv4, ipv4, netmask } from '@lvscope/inet';
import { failed, said, textsOf } from '../../program.ts';
import type { Call } from '../../program.ts';
import { socketRows } from '../../sockets.ts';
import type { SocketRow } from '../../sockets.ts';
import { shortList } from '../../text/ifconfig-show.ts';
import { isRejecting, mainRoutes } from '../../text/ip-routes.ts';
import { portText } from './ss.ts';

/** netstat's names of TCP states. */
const STATES: Readonly<Record<string, string>> = {
  ESTAB: 'ESTABLISHED',
  'SYN-SENT': 'SYN_SENT',
  'SYN-RECV': 'SYN_RECV',
  'FIN-WAIT-1': 'FIN_WAIT1',
  'FIN-WAIT-2': 'FIN_WAIT2',
  'TIME-WAIT': 'TIME_WAIT',
  'CLOSE-WAIT': 'CLOSE_WAIT',
  'LAST-ACK': 'LAST_ACK',
  LISTEN: 'LISTEN',
  CLOSING: 'CLOSING',
  UNCONN: '',
};

/** net-tools' netstat: -a -l -n -t -u, -r, -i. */
export function netstat(call: Call): CommandResult {
  const flags = textsOf(call).join('').replaceAll('-', '');
  const unknown = /[^alntuprieWc4]/.exec(flags)?.[0];
  const host = hostNamed(call.world, call.host);
  if (unknown !== undefined || !host) return failed(4, `netstat: invalid option -- '${unknown ?? ''}'`);
  if (flags.includes('r')) return said(routes(call));
  if (flags.includes('i')) {
    const up = host.interfaces.filter((nic) => nic.up).sort((a, b) => (a.name < b.name ? -1 : 1));
    return said(`Kernel Interface table\n${shortList(call.world, up)}`);
  }
  const every = !flags.includes('t') && !flags.includes('u');
  const listening = (state: string): boolean => state === 'LISTEN' || state === 'UNCONN';
  const rows = socketRows(call.world, call.host)
    .filter(({ protocol }) => every || flags.includes(protocol[0] ?? ''))
    .filter(({ state }) => flags.includes('a') || listening(state) === flags.includes('l'))
    .sort((a, b) => Number(a.protocol === 'udp') - Number(b.protocol === 'udp'));
  const what = flags.includes('a')
    ? 'servers and established'
    : flags.includes('l')
      ? 'only servers'
      : 'w/o servers';
  const columns = 'Proto Recv-Q Send-Q Local Address           Foreign Address         State      ';
  const header = `Active Internet connections (${what})\n${columns}\n`;
  return said(header + rows.map((row) => line(call, row, flags.includes('n'))).join(''));
}

function line(call: Call, row: SocketRow, numeric: boolean): string {
  const { protocol, received, sent, localAddress, localPort, peerAddress, peerPort, state } = row;
  const local = `${localAddress}:${portText(call, localPort, protocol, numeric)}`;
  const peer = `${peerAddress}:${portText(call, peerPort, protocol, numeric)}`;
  const lengths = state === 'LISTEN' ? [0, 0] : [received, sent];
  const queues = lengths.map((length) => String(length).padStart(6)).join(' ');
  const name = protocol === 'udp' && state === 'ESTAB' ? 'ESTABLISHED' : (STATES[state] ?? state);
  return `${protocol.padEnd(5)} ${queues} ${local.padEnd(23)} ${peer.padEnd(23)} ${name.padEnd(11)}\n`;
}

function routes({ world, host: name }: Call): string {
  const host = hostNamed(world, name);
  const header =
    'Kernel IP routing table\n' +
    'Destination     Gateway         Genmask         Flags   MSS Window  irtt Iface\n';
  const rows = (host === undefined ? [] : mainRoutes(host)).map((route) => {
    const { network, prefixLength, via, dev = '*' } = route;
    const mask = formatIpv4(ipv4(netmask(prefixLength) >>> 0));
    const alone = prefixLength === 32 ? 'H' : '';
    const [quad, flags, rest] = isRejecting(route)
      ? ['-', `!${alone}`, '- -          - -']
      : [
          via === undefined ? '0.0.0.0' : formatIpv4(via),
          `U${via === undefined ? '' : 'G'}${alone}`,
          `0 0          0 ${dev}`,
        ];
    const ends = `${formatIpv4(network).padEnd(15)} ${quad.padEnd(15)} ${mask.padEnd(15)}`;
    return `${ends} ${flags.padEnd(9)} ${rest}\n`;
  });
  return header + rows.join('');
}
