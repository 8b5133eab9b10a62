import { parseIpv4 } from '@lvscope/inet';
import { expect, test } from 'vitest';
import { callIdOf } from './call-id.ts';
import { connectionRows } from './listing.ts';
import { VERDICT_DROP, VERDICT_FORWARD, type VerdictCode } from './packet.ts';
import { chosen, client, counters, director, type Director, wait } from './testing/director.ts';
import { command, endpoint, packetOf, toDirector } from './testing/trace-world.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** A request as a telephone makes it, with this line among its headers. */
const request = (line: string, end = '\r\n') =>
  bytes(['OPTIONS sip:a@b SIP/2.0', 'Via: SIP/2.0/UDP x', line, 'CSeq: 1 OPTIONS', '', ''].join(end));

test.each([
  ['Call-ID: aaa@x', 'aaa@x'],
  ['call-id:aaa', 'aaa'],
  ['i: short@x', 'short@x'],
  ['Call-ID : \t spaced@x', 'spaced@x'],
  ['Call-ID:\r\n continued@x', 'continued@x'],
  ['Call-ID: (odd)<>:/[]?{}chars', '(odd)<>:/[]?{}chars'],
  ['In-Reply-To: other@x', undefined],
  ['Call-ID: with blank', undefined],
  ['Call-ID: x@', undefined],
  ['Call-ID: x@\r\nCall-ID: after@x', 'after@x'],
  ['Call-ID: ', undefined],
  [`Call-ID: ${'a'.repeat(255)}`, 'a'.repeat(255)],
  [`Call-ID: ${'a'.repeat(256)}`, undefined],
])('%s is read as the kernel reads it', (line, found) => {
  expect(callIdOf(request(line))).toBe(found);
});

test('lines may end with LF alone, and the last line must end', () => {
  expect(callIdOf(request('Call-ID: lf@x', '\n'))).toBe('lf@x');
  expect(callIdOf(bytes('OPTIONS sip:a@b SIP/2.0\r\nCall-ID: first@x\r\n'))).toBe('first@x');
  expect(callIdOf(bytes('OPTIONS sip:a@b.example.com SIP/2.0\r\nCall-ID: last@x'))).toBeUndefined();
});

/** The servers that a datagram of each `address callId` goes to; '-' = no Call-ID. */
function datagrams(d: Director, ...calls: string[]): string[] {
  return calls.map((call, i) => {
    const [address, callId] = call.split(' ');
    return send(d, `${address}:${6000 + i}`, callId === '-' ? undefined : callId) === VERDICT_FORWARD
      ? chosen(d)
      : 'dropped';
  });
}

function send(d: Director, from: string, callId: string | undefined): VerdictCode {
  return toDirector(d, { ...packetOf(endpoint(from), endpoint('10.0.0.100:5060'), 'udp', 100), callId });
}

const exchange = (options: string) =>
  director(
    `-A -u 10.0.0.100:5060 -s rr -p 100 ${options}`,
    ...[1, 2, 3].map((n) => `-a -u 10.0.0.100:5060 -r 10.0.1.${n}:5060 -m`),
  );

/** Templates with their Call-IDs, as `-Lnc --persistent-conn` has them. */
const templates = (d: Director) =>
  connectionRows(d.ipvs, d.sim)
    .filter((row) => row.template)
    .map((row) => `${(row.client & 0xffff).toString(16)} ${row.callId ?? '-'} ${row.virtualPort}`);

// as recorded of 6.1, address by address and call by call
test('the calls of one address go to different servers, each to its own', () => {
  const d = exchange('--pe sip');
  const calls = ['10.1.0.10 aaa', '10.1.0.10 bbb', '10.1.0.10 aaa', '10.1.0.10 ccc', '10.1.0.11 aaa'];
  expect(datagrams(d, ...calls)).toEqual(['10.0.1.3', '10.0.1.2', '10.0.1.3', '10.0.1.1', '10.0.1.3']);
  expect(counters(d)).toBe('1/0/3/2 1/0/1/1 1/0/1/1');
  expect(templates(d)).toEqual(['a aaa 5060', 'a bbb 5060', 'a ccc 5060', 'b aaa 5060']);
});

test('-M makes one template of a call for a network of addresses', () => {
  const d = exchange('-M 255.255.255.0 --pe sip');
  const calls = ['10.1.0.30 m1', '10.1.0.31 m1', '10.1.1.31 m1', '10.1.0.30 m2', '10.1.0.31 m2'];
  expect(datagrams(d, ...calls)).toEqual(['10.0.1.3', '10.0.1.3', '10.0.1.2', '10.0.1.1', '10.0.1.1']);
  expect(templates(d)).toEqual(['0 m1 5060', '100 m1 5060', '0 m2 5060']);
});

test('a datagram without Call-ID opens nothing, but is let through on an open flow', () => {
  const d = exchange('--pe sip');
  expect(send(d, '10.1.0.10:1', undefined)).toBe(VERDICT_DROP);
  expect(send(d, '10.1.0.10:1', 'aaa')).toBe(VERDICT_FORWARD);
  const first = chosen(d);
  expect(send(d, '10.1.0.10:1', undefined)).toBe(VERDICT_FORWARD);
  expect(send(d, '10.1.0.10:1', 'other')).toBe(VERDICT_FORWARD);
  expect(chosen(d)).toBe(first);
  expect(templates(d)).toEqual(['a aaa 5060']);
});

test('on TCP --pe sip drops every SYN; without -p it changes nothing', () => {
  const d = director('-A -t 10.0.0.100:80 -s rr -p 100 --pe sip', '-a -t 10.0.0.100:80 -r 10.0.1.1:80 -m');
  expect(client(d, '10.1.0.10:1', 'S')).toBe(VERDICT_DROP);
  const plain = director('-A -t 10.0.0.100:80 -s rr --pe sip', '-a -t 10.0.0.100:80 -r 10.0.1.1:80 -m');
  expect(client(plain, '10.1.0.10:1', 'S')).toBe(VERDICT_FORWARD);
});

test('a call whose server is deleted gets another, and the old template is found no more', () => {
  const d = exchange('--pe sip');
  expect(datagrams(d, '10.1.0.10 aaa')).toEqual(['10.0.1.3']);
  command(d, 'ipvsadm -d -u 10.0.0.100:5060 -r 10.0.1.3:5060');
  expect(datagrams(d, '10.1.0.12 zzz', '10.1.0.10 aaa')).toEqual(['10.0.1.2', '10.0.1.1']);
  expect(templates(d)).toContain('a aaa 65535');
  expect(datagrams(d, '10.1.0.13 yyy', '10.1.0.14 -')).toEqual(['10.0.1.2', 'dropped']);
});

test('a template that is over is forgotten with its Call-ID', () => {
  const d = exchange('--pe sip');
  expect(datagrams(d, '10.1.0.10 aaa', '10.1.0.10 bbb')).toEqual(['10.0.1.3', '10.0.1.2']);
  wait(d, 800);
  expect(templates(d)).toEqual([]);
  expect([d.ipvs.table.callIds.size, d.ipvs.table.byCallId.size]).toEqual([0, 0]);
});

test('addresses of a firewall mark share a call, too', () => {
  const d = director('-A -f 7 -s rr -p 60 --pe sip', '-a -f 7 -r 10.0.1.1:0 -g', '-a -f 7 -r 10.0.1.2:0 -g');
  d.marks.push({ address: parseIpv4('10.0.0.100')!, port: 5060, mark: 7 });
  const [first, second, third] = datagrams(d, '10.1.0.10 aaa', '10.1.0.10 bbb', '10.1.0.10 aaa');
  expect(second).not.toBe(first);
  expect(third).toBe(first);
});
