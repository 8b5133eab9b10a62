import { expect, test } from 'vitest';
import { programs } from '../../programs.ts';
import { smallWorld } from '../../testing/small-world.ts';
import { quietWorld, typed } from '../../testing/timed.ts';

const without = (text: string): string => text.replace(/\d+\.\d{3} ms/g, '? ms');

test('each hop answers for the packets that end there, the last one for its closed port', () => {
  expect(without(typed('traceroute -n 192.168.0.11', 'client', 10))).toBe(
    `traceroute to 192.168.0.11 (192.168.0.11), 30 hops max, 60 byte packets
 1  10.254.0.2  ? ms  ? ms  ? ms
 2  192.168.0.11  ? ms  ? ms  ? ms
[0]`,
  );
});

test('with -I it asks for echoes, and without -n an address stands for its name', () => {
  expect(without(typed('traceroute -I -q 1 192.168.0.11', 'client', 10))).toMatch(
    /\n 1 {2}10\.254\.0\.2 \(10\.254\.0\.2\) {2}\? ms\n 2 {2}192\.168\.0\.11 \(192\.168\.0\.11\) {2}\? ms\n/,
  );
});

test('who does not answer is a star for each question, after the wait', () => {
  const world = quietWorld();
  typed('poweroff', 'rs1', 0, world);
  const text = typed('traceroute -n -m 2 -w 1 -q 2 192.168.0.11', 'client', 8, world);
  expect(text).toMatch(/\n 2 {2}\* \*\n\[0\]$/);
});

test('a router without a way says so', () => {
  const text = typed('traceroute -n -q 1 -w 1 -m 3 172.31.0.1', 'client', 8);
  expect(text).toMatch(/10\.254\.0\.2 {2}\d+\.\d{3} ms/);
});

test('without frames it says that routers do not show, and reaches the target', () => {
  const world = smallWorld('connection', programs);
  const text = without(typed('traceroute -n -q 1 192.168.0.11', 'client', 10, world));
  expect(text).toMatch(/without frames: routers on the way do not show\n/);
  expect(text).toMatch(/ 1 {2}192\.168\.0\.11 {2}\? ms\n/);
});

test('what cannot be is said in the words of traceroute', () => {
  expect(typed('traceroute rs1', 'client', 0)).toBe(
    'rs1: Temporary failure in name resolution\n' +
      'Cannot handle "host" cmdline arg `rs1\' on position 1 (argc 1)\n[2]',
  );
});
