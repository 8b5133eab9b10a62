import { expect, test } from 'vitest';
import { quietWorld, typed } from '../../testing/timed.ts';

const RULES = 'ipvsadm -A -t 192.168.0.100:80 -s rr; ipvsadm -a -t 192.168.0.100:80 -r 192.168.0.11 -m';

test('curl fetches the page of the server that it meets, through the director', () => {
  const world = quietWorld();
  typed('echo "page of rs1" > /var/www/html/index.html', 'rs1', 0, world);
  expect(typed('curl http://192.168.0.11/', 'client', 2, world)).toBe('page of rs1\n[0]');
  expect(
    typed(
      'curl -s -o /dev/null -w "%{http_code} %{size_download}\\n" http://192.168.0.11/',
      'client',
      2,
      world,
    ),
  ).toBe('200 1000\n[0]');
  typed('ip route replace default via 192.168.0.1', 'rs1', 0, world);
  typed(RULES, 'director1', 0, world);
  expect(typed('curl http://192.168.0.100/', 'client', 2, world)).toBe('page of rs1\n[0]');
});

test("what stands in the way has curl's own numbers", () => {
  const world = quietWorld();
  expect(typed('curl http://192.168.0.11:81/', 'client', 2, world)).toMatch(
    /^curl: \(7\) Failed to connect to 192\.168\.0\.11 port 81 after 0 ms: Couldn't connect to server\n/,
  );
  expect(typed('curl -s http://192.168.0.11:81/', 'client', 2, world)).toBe('[7]');
  typed('iptables -A INPUT -p tcp --dport 80 -j DROP', 'rs1', 0, world);
  expect(typed('curl -m 1 http://192.168.0.11/', 'client', 2, world)).toBe(
    'curl: (28) Connection timed out after 1000 milliseconds\n[28]',
  );
  expect(typed('curl http://rs1/', 'client', 0, world)).toBe('curl: (6) Could not resolve host: rs1\n[6]');
  expect(typed('curl --foo http://x', 'client', 0, world)).toMatch(
    /^curl: option --foo: is unknown\n.*\[2\]$/s,
  );
});

test('ab counts what it did', () => {
  const text = typed('ab -n 20 -c 2 http://192.168.0.11/', 'client', 5);
  expect(text).toMatch(/^This is ApacheBench, Version 2\.3 /);
  expect(text).toMatch(/\nBenchmarking 192\.168\.0\.11 \(be patient\)\.\.\.\.\.done\n\n\nServer Software:/);
  expect(text).toMatch(
    /\nComplete requests: {6}20\nFailed requests: {8}0\nTotal transferred: {6}20000 bytes\n/,
  );
  expect(text).toMatch(/\n 100% +\d+ \(longest request\)\n\[0\]$/);
});

test('ab gives up where there is no way, in the words of connect(2)', () => {
  const world = quietWorld();
  const says = (type: string): string =>
    typed(`ip route add ${type} 10.7.0.1; ab -q -n 5 http://10.7.0.1/`, 'client', 0, world);
  const aborted = '\nTest aborted after 10 failures\n\napr_socket_connect(): ';
  expect(says('unreachable')).toContain(`${aborted}No route to host (113)\n[113]`);
  expect(typed('ip route del 10.7.0.1; ip route del default; true', 'client', 0, world)).toBe('[0]');
  expect(says('prohibit')).toContain(`${aborted}Permission denied (13)\n[13]`);
  expect(typed('ab -q -n 5 http://10.8.0.1/', 'client', 0, world)).toContain(
    `${aborted}Network is unreachable (101)\n[101]`,
  );
});

test('ab gives up where it is refused, and says how it wants to be called', () => {
  expect(typed('ab -n 5 http://192.168.0.11:82/', 'client', 2)).toMatch(
    /apr_socket_recv: Connection refused \(111\)\n\[111\]$/,
  );
  expect(typed('ab -n 5 -c 10 http://192.168.0.11/', 'client', 0)).toMatch(
    /^ab: Cannot use concurrency level greater than total number of requests\nUsage: ab .*\[22\]$/s,
  );
  expect(typed('ab http://192.168.0.11', 'client', 0)).toMatch(/^ab: invalid URL\n/);
});
