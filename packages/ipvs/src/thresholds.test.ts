import { expect, test } from 'vitest';
import { VERDICT_FORWARD, VERDICT_UNREACHABLE } from './packet.ts';
import { client, counters, director, service, wait } from './testing/director.ts';
import { command } from './testing/trace-world.ts';

const edit = (options: string) => `ipvsadm -e -t 10.0.0.100:80 -r 10.0.1.1:80 -g ${options}`;

/** One server with `connections` established and then reset, all rows still there. */
function loaded(options: string, connections: number) {
  const d = director(...service('-s rr', `-g ${options}`));
  for (let i = 1; i <= connections; i++) client(d, `10.9.0.${i}:1`, 'S A');
  return d;
}

test('a server is marked when active and inactive connections reach the upper threshold', () => {
  const d = loaded('-x 2', 1);
  expect(counters(d)).toBe('1/1/0/0');
  client(d, '10.9.0.9:1', 'S');
  expect(counters(d)).toBe('1/2/0/0!');
  expect(client(d, '10.9.0.10:1', 'S')).toBe(VERDICT_UNREACHABLE);
  expect(client(d, '10.9.0.9:1', 'A')).toBe(VERDICT_FORWARD);
});

test('without a lower threshold the mark goes below three quarters', () => {
  const d = loaded('-x 4', 4);
  client(d, '10.9.0.1:1', 'R');
  wait(d, 11);
  expect(counters(d)).toBe('1/3/0/0!');
  client(d, '10.9.0.2:1', 'R');
  wait(d, 11);
  expect(counters(d)).toBe('1/2/0/0');
});

test('with a lower threshold the mark goes below that', () => {
  const d = loaded('-x 4 -y 2', 4);
  for (const [i, expected] of ['1/3/0/0!', '1/2/0/0!', '1/1/0/0'].entries()) {
    client(d, `10.9.0.${i + 1}:1`, 'R');
    wait(d, 11);
    expect(counters(d)).toBe(expected);
  }
});

test('an edit sets or clears the mark at once', () => {
  const d = loaded('', 3);
  command(d, edit('-x 3'));
  expect(counters(d)).toBe('1/3/0/0!');
  command(d, edit('-x 5'));
  expect(counters(d)).toBe('1/3/0/0');
  command(d, edit('-x 2'));
  expect(counters(d)).toBe('1/3/0/0!');
  command(d, edit(''));
  expect(counters(d)).toBe('1/3/0/0');
});

test('persistent clients pass a marked server', () => {
  const d = director(...service('-s rr -p 60', '-g -x 1'));
  client(d, '10.9.0.1:1', 'S');
  expect(client(d, '10.9.0.1:2', 'S')).toBe(VERDICT_FORWARD);
  expect(client(d, '10.9.0.2:1', 'S')).toBe(VERDICT_UNREACHABLE);
});
