import { expect, test } from 'vitest';
import { quietWorld, typed } from '../../testing/timed.ts';

/** Times on the wire differ with the scenario; the rest is text. */
const without = (text: string): string => text.replace(/\d+\.\d{3}ms/g, '?ms');

test('a question goes to all first, then to who has answered', () => {
  const text = without(typed('arping -c 2 -I eth0 192.168.0.11', 'director1', 3));
  const reply = 'Unicast reply from 192.168.0.11 [MAC]  ?ms\n';
  expect(text.replace(/\[[0-9A-F:]{17}\]/g, '[MAC]')).toBe(
    `ARPING 192.168.0.11 from 192.168.0.1 eth0\n${reply}${reply}Sent 2 probes (1 broadcast(s))
Received 2 response(s)
[0]`,
  );
  expect(typed('arping -b -c 2 -I eth0 192.168.0.11', 'director1', 3)).toMatch(/Sent 2 probes \(2 broad/);
});

test('it ends a second after its last question, or at the first answer with -f', () => {
  expect(typed('arping -c 1 -I eth0 192.168.0.11', 'director1', 0.9)).toMatch(/\[undefined\]$/);
  expect(typed('arping -f -I eth0 192.168.0.11', 'director1', 0.1)).toMatch(/Sent 1 probes .*\[0\]$/s);
});

test('nobody answers: exit code 1; -w ends it after that many seconds', () => {
  const nobody = 'ARPING 192.168.0.77 from 192.168.0.1 eth0\nSent 2 probes (2 broadcast(s))\n';
  const none = 'Received 0 response(s)\n[1]';
  expect(typed('arping -c 2 -w 5 -I eth0 192.168.0.77', 'director1', 2.1)).toBe(nobody + none);
  expect(typed('arping -w 1 -I eth0 192.168.0.77', 'director1', 1.1)).toBe(nobody + none);
});

test('duplicate address detection fails where somebody answers', () => {
  expect(typed('arping -D -c 2 -I eth0 192.168.0.11', 'director1', 3)).toMatch(
    /from 0.0.0.0 eth0\nUnicast reply .*Sent 1 probes .*Received 1 response\(s\)\n\[1\]$/s,
  );
  expect(typed('arping -D -c 2 -I eth0 192.168.0.77', 'director1', 3)).toMatch(/Received 0 .*\[0\]$/s);
});

test('the line of the notes with its two addresses grown together fails as the real tool does', () => {
  const world = quietWorld();
  const broken = 'arping -I eth0 -c 3 -s 192.168.1.6192.168.1.1';
  expect(typed(broken, 'director1', 0, world)).toMatch(
    /^\nUsage:\n {2}arping \[options\] <destination>\n.*\[2\]$/s,
  );
  expect(typed(`${broken} 192.168.0.11`, 'director1', 0, world)).toBe(
    'arping: invalid source 192.168.1.6192.168.1.1\n[2]',
  );
});

test('what cannot be is said in the words of iputils', () => {
  const world = quietWorld();
  const says = (line: string): string => typed(line, 'director1', 0, world);
  expect(says('arping -I eth9 -c 1 192.168.0.11')).toBe('arping: Device eth9 not available.\n[2]');
  expect(says('arping -I lo -c 1 192.168.0.11')).toBe('Interface "lo" is not ARPable\n[2]');
  expect(says('arping -U -c 1 -I eth0 -s 10.9.9.9 192.168.0.11')).toBe(
    'arping: bind: Cannot assign requested address\n[2]',
  );
  expect(says('arping -c x 192.168.0.11')).toBe("arping: invalid argument: 'x'\n[1]");
  expect(says('arping -z 192.168.0.11')).toMatch(/^arping: invalid option -- 'z'\n\nUsage:\n/);
});

test('an announcement changes what a neighbour believes', () => {
  const world = quietWorld();
  typed('ping -c 1 192.168.0.100', 'rs1', 1, world);
  const before = typed('ip neigh show 192.168.0.100', 'rs1', 0, world);
  typed('ip addr add 192.168.0.100/32 dev eth0', 'router', 0, world);
  typed('arping -U -c 1 -I eth1 -s 192.168.0.100 192.168.0.100', 'router', 0, world);
  expect(
    typed('ip addr add 192.168.0.100/32 dev eth1; arping -A -c 2 -I eth1 192.168.0.100', 'router', 3, world),
  ).toMatch(/\[0\]$/);
  const after = typed('ip neigh show 192.168.0.100', 'rs1', 0, world);
  expect(before).toMatch(/^192\.168\.0\.100 dev eth0 lladdr \S+ REACHABLE \n/);
  expect(after.split(' ')[4]).not.toBe(before.split(' ')[4]);
});
