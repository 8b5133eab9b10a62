import { expect, test } from 'vitest';
import { readConnections, readServices } from '../testing/read-listing.ts';
import { recordedCommands } from '../testing/recorded.ts';
import type { ListedNumbers } from './listed.ts';
import { formatProcConnections, formatProcPercpu, formatProcServices, formatProcStats } from './proc-net.ts';

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
