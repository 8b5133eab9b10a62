import { expect, test } from 'vitest';
import { receiveSync } from './sync-backup.ts';
import { decodeSync, encodeSync, messageBytes, type SyncRecord } from './sync-message.ts';
import { daemons, setSysctl, startSyncDaemon, stopSyncDaemon } from './settings.ts';
import { client, counters, director, service, state, wait, type Director } from './testing/director.ts';
import { listed } from './testing/trace-world.ts';

const RULES = (options: string) => service(options, '-g', '-g');

/** Two directors with the same rules, a master and a backup of the same syncid. */
function pair(options = '-s rr', sysctls: Readonly<Record<string, string>> = {}): [Director, Director] {
  const master = director(...RULES(options));
  const backup = director(...RULES(options));
  for (const [name, value] of Object.entries(sysctls)) setSysctl(master.ipvs, master.sim, name, value);
  startSyncDaemon(master.ipvs, master.sim, 'master', 'eth0', 1);
  startSyncDaemon(backup.ipvs, backup.sim, 'backup', 'eth0', 1);
  return [master, backup];
}

/** Lets time pass on both, and carries what the master says. */
function pass(master: Director, backup: Director, seconds: number): void {
  for (let i = 0; i < seconds * 10; i++) {
    wait(master, 0.1);
    wait(backup, 0.1);
    for (const { bytes } of master.ipvs.syncOut.splice(0)) receiveSync(backup.ipvs, backup.sim, bytes);
  }
}

test('a connection is told at its third packet, and is active on the backup, with a fresh timer', () => {
  const [master, backup] = pair();
  client(master, '10.9.0.1:1', 'S A');
  pass(master, backup, 4);
  expect(state(backup, '10.9.0.1:1')).toBe('none');
  client(master, '10.9.0.1:1', 'PA');
  pass(master, backup, 4);
  expect(state(backup, '10.9.0.1:1')).toMatch(/^ESTABLISHED 89[789]$/);
  expect(counters(backup)).toBe('1/1/0/0 1/0/0/0');
});

test('records are buffered for two seconds at least', () => {
  const [master, backup] = pair('-s rr', { sync_threshold: '2 50' });
  wait(master, 10);
  client(master, '10.9.0.1:1', 'S A');
  pass(master, backup, 1.9);
  expect(state(backup, '10.9.0.1:1')).toBe('none');
  pass(master, backup, 1.3);
  expect(state(backup, '10.9.0.1:1')).toMatch(/^ESTABLISHED/);
});

test('a SYN alone is never told, with no threshold', () => {
  const [master, backup] = pair('-s rr', { sync_threshold: '0 2' });
  for (let i = 0; i < 4; i++) client(master, '10.9.0.1:1', 'S');
  pass(master, backup, 4);
  expect(listed(backup)).toEqual([]);
});

test('the end of a connection is told at once, whatever its packets', () => {
  const [master, backup] = pair();
  client(master, '10.9.0.1:1', 'S A PA');
  pass(master, backup, 4);
  client(master, '10.9.0.1:1', 'FA');
  pass(master, backup, 4);
  expect(state(backup, '10.9.0.1:1')).toMatch(/^FIN_WAIT 11[5-9]$/);
  expect(counters(backup)).toBe('1/0/1/0 1/0/0/0');
});

test('a template goes along with every packet of what it controls', () => {
  const [master, backup] = pair('-s rr -p 300');
  client(master, '10.9.0.1:1', 'S A');
  pass(master, backup, 4);
  expect(state(backup, '10.9.0.1:1')).toBe('none');
  expect(state(backup, '10.9.0.1:0')).toMatch(/^ASSURED/);
  expect(counters(backup)).toBe('1/0/0/1 1/0/0/0');
});

test('with sync_persist_mode only templates are told', () => {
  const [master, backup] = pair('-s rr -p 300', { sync_persist_mode: '1' });
  client(master, '10.9.0.1:1', 'S A PA PA');
  pass(master, backup, 4);
  expect(listed(backup).map((row) => row.c)).toEqual(['10.9.0.1:0']);
});

test('sync_refresh_period spares a connection whose timer has hardly moved', () => {
  const [master, backup] = pair('-s rr', { sync_threshold: '0 1', sync_refresh_period: '60' });
  client(master, '10.9.0.1:1', 'S A PA PA');
  pass(master, backup, 4);
  expect(master.ipvs.syncMaster?.senders[0]?.records).toEqual([]);
  client(master, '10.9.0.1:1', 'PA');
  expect(master.ipvs.syncMaster?.senders[0]?.records).toHaveLength(0);
  wait(master, 61);
  client(master, '10.9.0.1:1', 'PA');
  expect(master.ipvs.syncMaster?.senders[0]?.records).toHaveLength(1);
});

test('a backup of another syncid does not listen, one of syncid 0 hears all', () => {
  const [master] = pair();
  const other = director(...RULES('-s rr'));
  const any = director(...RULES('-s rr'));
  startSyncDaemon(other.ipvs, other.sim, 'backup', 'eth0', 2);
  startSyncDaemon(any.ipvs, any.sim, 'backup', 'eth0', 0);
  client(master, '10.9.0.1:1', 'S A PA');
  wait(master, 4);
  const [told] = master.ipvs.syncOut;
  expect(receiveSync(other.ipvs, other.sim, told!.bytes)).toBe(0);
  expect(receiveSync(any.ipvs, any.sim, told!.bytes)).toBe(1);
});

test('a backup whose rules lack the server keeps the connection unbound, and counts it nowhere', () => {
  const [master] = pair();
  const backup = director('-A -t 10.0.0.100:80 -s rr');
  startSyncDaemon(backup.ipvs, backup.sim, 'backup', 'eth0', 1);
  client(master, '10.9.0.1:1', 'S A PA');
  wait(master, 4);
  receiveSync(backup.ipvs, backup.sim, master.ipvs.syncOut[0]!.bytes);
  expect(state(backup, '10.9.0.1:1')).toBe('ESTABLISHED 900');
  client(backup, '10.9.0.1:1', 'PA');
  expect(backup.ipvs.verdict.address).toBe(0x0a000102);
});

// as recorded of 6.1
test('the lengths of datagrams: a master takes what is said, a backup at least 1024 bytes', () => {
  const d = director(...RULES('-s rr'));
  const lengths = (more: Parameters<typeof startSyncDaemon>[5], role: 'master' | 'backup' = 'backup') => {
    startSyncDaemon(d.ipvs, d.sim, role, 'eth0', 1, more);
    const found = daemons(d.ipvs).find((one) => one.role === role)?.maxLength;
    stopSyncDaemon(d.ipvs, role);
    return found;
  };
  expect(lengths({})).toBe(1472);
  expect(lengths({ group: 'ff02::5' })).toBe(1452);
  expect(lengths({ mtu: 65536 })).toBe(65507);
  expect(lengths({ maxLength: 5 })).toBe(1024);
  expect(lengths({ maxLength: 65000 })).toBe(65000);
  expect(lengths({ maxLength: 5 }, 'master')).toBe(5);
  expect(lengths({ mtu: 9000 }, 'master')).toBe(1472);
});

test('a small datagram takes one record', () => {
  const [master] = pair();
  stopSyncDaemon(master.ipvs, 'master');
  startSyncDaemon(master.ipvs, master.sim, 'master', 'eth0', 1, { maxLength: 60, port: 9000 });
  for (const port of [1, 2]) client(master, `10.9.0.1:${port}`, 'S A PA PA');
  wait(master, 4);
  expect(master.ipvs.syncOut.map(({ port }) => port)).toEqual([9000, 9000]);
});

test('a master that stops loses what it had not sent', () => {
  const [master, backup] = pair();
  client(master, '10.9.0.1:1', 'S A PA');
  master.ipvs.syncMaster = undefined;
  pass(master, backup, 4);
  expect(listed(backup)).toEqual([]);
});

test('a datagram reads back as it was written, in both versions', () => {
  const record: SyncRecord = {
    protocol: 6,
    client: 0x0a090001 as SyncRecord['client'],
    clientPort: 40_000,
    virtual: 0xc0a80106 as SyncRecord['virtual'],
    virtualPort: 80,
    server: 0xc0a8010b as SyncRecord['server'],
    serverPort: 8080,
    flags: 0x1103,
    state: 1,
    timeout: 900,
    mark: 7,
    callId: 'a84b4c76e66710@pc33.example.com',
  };
  for (const version of [0, 1] as const) {
    const records = [
      version === 0 ? { ...record, timeout: 0, mark: 0, callId: undefined } : record,
      { ...record, timeout: 0, mark: 0, callId: undefined },
    ];
    const message = { version, syncId: 9, records };
    expect(decodeSync(encodeSync(message))).toEqual(message);
    expect(decodeSync(encodeSync(message).slice(0, -1))).toBeUndefined();
  }
  const plain = { ...record, callId: undefined };
  expect(messageBytes(1, Array<SyncRecord>(40).fill(plain))).toBe(1448);
  expect(messageBytes(0, Array<SyncRecord>(61).fill(plain))).toBe(1468);
});
