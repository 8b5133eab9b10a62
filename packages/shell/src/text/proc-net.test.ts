import { expect, test } from 'vitest';
import { readConnections, readServices } from '../testing/read-listing.ts';
import { recordedCommands } from '../testing/recorded.ts';
import type { ListedNumbers } from './listed.ts';
import { formatConnections } from './connections.ts';
import {
  formatProcConnections,
  formatProcOrigins,
  formatProcPercpu,
  formatProcServices,
  formatProcStats,
} from './proc-net.ts';

function recorded(trace: string, cmd: string): string {
  const found = recordedCommands(trace).find((step) => step.cmd === cmd);
  if (!found) throw new Error(`${trace} has no ${cmd}`);
  return found.out;
}

/** The five numbers of a line, which are hexadecimal. */
function hexNumbers(line: string | undefined): ListedNumbers {
  const words = (line ?? '').trim().split(/ +/).slice(-5);
  const [conns = 0, inPackets = 0, outPackets = 0, inBytes = 0, outBytes = 0] = words.map((word) =>
    Number.parseInt(word, 16),
  );
  return { conns, inPackets, outPackets, inBytes, outBytes };
}

test('/proc/net/ip_vs shows what ipvsadm --nosort shows, in hexadecimal and kernel ticks', () => {
  const services = readServices(recorded('cli-listings', 'ipvsadm -Ln --nosort'), 'plain');
  expect(formatProcServices(services, 4096)).toBe(recorded('cli-listings', 'cat /proc/net/ip_vs'));
});

test('/proc/net/ip_vs_conn shows what ipvsadm -Lnc shows, in hexadecimal and seconds', () => {
  const rows = readConnections(recorded('cli-listings', 'ipvsadm -Lnc'));
  expect(rows).toHaveLength(9);
  expect(formatProcConnections(rows)).toBe(recorded('cli-listings', 'cat /proc/net/ip_vs_conn'));
});

test('/proc/net/ip_vs_conn_sync shows who saw a connection first', () => {
  const [row] = readConnections(recorded('cli-listings', 'ipvsadm -Lnc'));
  const both = row === undefined ? [] : [row, { ...row, synced: true }];
  const lines = formatProcOrigins(both).split('\n');
  expect(lines[0]).toBe('Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Origin Expires');
  expect(lines[1]).toMatch(/^TCP [0-9A-F]{8} .* LOCAL +\d+$/);
  expect(lines[2]).toMatch(/ SYNC {3} +\d+$/);
});

// recorded of 6.1 with ipvsadm 1.31
test('a template of --pe sip names its engine and its call', () => {
  const list = `IPVS connection entries
pro expire state       source             virtual            destination        pe name          pe_data
UDP 01:39  ASSURED     10.1.0.10:0        192.168.0.100:5060 172.16.0.11:5060 sip                ccc@x
UDP 04:59  UDP         10.1.0.10:5063     192.168.0.100:5060 172.16.0.11:5060
`;
  const rows = readConnections(list);
  expect(formatConnections(rows, { persistentConn: true, names: [] })).toBe(list);
  expect(formatProcConnections(rows)).toBe(
    'Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n' +
      'UDP 0A01000A 0000 C0A80064 13C4 AC10000B 13C4 ASSURED          99 sip ccc@x\n' +
      'UDP 0A01000A 13C7 C0A80064 13C4 AC10000B 13C4 UDP             299\n',
  );
});

test('the counters of a director are hexadecimal', () => {
  const text = recorded('cli-listings', 'cat /proc/net/ip_vs_stats');
  const lines = text.split('\n');
  expect(hexNumbers(lines[2])).toMatchObject({ conns: 9, inPackets: 0x27, inBytes: 0x13c2 });
  expect(formatProcStats(hexNumbers(lines[2]), hexNumbers(lines[5]))).toBe(text);
});

test('per CPU the counters run ahead of the total, which is folded in every two seconds', () => {
  const text = recorded('states-nat-stats', 'cat /proc/net/ip_vs_stats_percpu');
  const lines = text.split('\n');
  expect(hexNumbers(lines[2]).conns).toBe(4);
  expect(hexNumbers(lines[3]).conns).toBe(0);
  expect(formatProcPercpu(hexNumbers(lines[2]), hexNumbers(lines[3]), hexNumbers(lines[6]))).toBe(text);
});
