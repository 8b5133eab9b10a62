import { expect, test } from 'vitest';
import { connectionRows } from './listing.ts';
import { VERDICT_DROP, VERDICT_FORWARD, VERDICT_UNREACHABLE } from './packet.ts';
import { chosen, client, counters, director, service, state, wait } from './testing/director.ts';
import { command, listed } from './testing/trace-world.ts';

const pool = (options: string) => director(...service(options, '-g', '-g', '-g'));

test('a client comes back to its server, another one is balanced', () => {
  const d = pool('-s rr -p 100');
  client(d, '10.9.0.1:1', 'S A');
  expect(chosen(d)).toBe('10.0.1.3');
  client(d, '10.9.0.1:2', 'S');
  expect(chosen(d)).toBe('10.0.1.3');
  client(d, '10.9.0.2:1', 'S');
  expect(chosen(d)).toBe('10.0.1.2');
  expect(counters(d)).toBe('1/2/0/1 1/1/0/1 1/0/0/0');
});

test('a template is listed NONE until one of its connections is established, then ASSURED', () => {
  const d = pool('-s rr -p 100');
  client(d, '10.9.0.1:1', 'S');
  expect(state(d, '10.9.0.1:0')).toBe('NONE 100');
  client(d, '10.9.0.1:1', 'A');
  expect(state(d, '10.9.0.1:0')).toBe('ASSURED 100');
});

test('-M makes one template for a network', () => {
  const d = pool('-s rr -p 100 -M 255.255.255.0');
  client(d, '10.9.0.1:1', 'S');
  const first = chosen(d);
  client(d, '10.9.0.200:1', 'S');
  expect(chosen(d)).toBe(first);
  expect(state(d, '10.9.0.0:0')).toBe('NONE 100');
});

test('only a new connection renews a template', () => {
  const d = pool('-s rr -p 100');
  client(d, '10.9.0.1:1', 'S A');
  wait(d, 30);
  client(d, '10.9.0.1:1', 'PA');
  expect(state(d, '10.9.0.1:0')).toBe('ASSURED 70');
  client(d, '10.9.0.1:2', 'S');
  expect(state(d, '10.9.0.1:0')).toBe('ASSURED 100');
});

test('a template that outlives its time because of a connection has 60 s ever after', () => {
  const d = pool('-s rr -p 100');
  client(d, '10.9.0.1:1', 'S A');
  wait(d, 103);
  const [, left] = state(d, '10.9.0.1:0').split(' ');
  expect(Number(left)).toBeGreaterThan(56);
  expect(Number(left)).toBeLessThanOrEqual(60);
  client(d, '10.9.0.1:2', 'S');
  expect(state(d, '10.9.0.1:0')).toBe('ASSURED 60');
});

test('a template and its connection whose times end together go together, the last set timer first', () => {
  const d = pool('-s rr -p 20');
  command(d, 'ipvsadm --set 20 0 0');
  client(d, '10.9.0.1:1', 'S A');
  wait(d, 23);
  expect(connectionRows(d.ipvs, d.sim)).toHaveLength(0);
});

test('a timer that is set again within its slot keeps its turn there', () => {
  const d = pool('-s rr -p 20');
  command(d, 'ipvsadm --set 20 0 0');
  client(d, '10.9.0.1:1', 'S A');
  client(d, '10.9.0.1:2', 'S A');
  wait(d, 0.1);
  client(d, '10.9.0.1:1', 'PA');
  wait(d, 23);
  expect(connectionRows(d.ipvs, d.sim)).toHaveLength(0);
});

test('a template goes when its time is over and no connection is left', () => {
  const d = pool('-s rr -p 20');
  client(d, '10.9.0.1:1', 'S A R');
  wait(d, 23);
  expect(listed(d)).toEqual([]);
  expect(counters(d)).toBe('1/0/0/0 1/0/0/0 1/0/0/0');
});

test('weight 0 keeps persistent clients, unless expire_quiescent_template sends them on', () => {
  const d = pool('-s rr -p 100');
  client(d, '10.9.0.1:1', 'S A');
  command(d, 'ipvsadm -e -t 10.0.0.100:80 -r 10.0.1.3:80 -g -w 0');
  client(d, '10.9.0.1:2', 'S');
  expect(chosen(d)).toBe('10.0.1.3');
  command(d, 'sysctl net.ipv4.vs.expire_quiescent_template=1');
  client(d, '10.9.0.1:3', 'S');
  expect(chosen(d)).not.toBe('10.0.1.3');
  expect(listed(d).filter((r) => r.v === '10.0.0.100:65535')).toHaveLength(1);
});

test('a service of port 0 has one template for all ports', () => {
  const d = director(
    '-A -t 10.0.0.100:0 -s rr -p 60',
    '-a -t 10.0.0.100:0 -r 10.0.1.1:0 -g',
    '-a -t 10.0.0.100:0 -r 10.0.1.2:0 -g',
  );
  client(d, '10.9.0.1:1', 'S', '10.0.0.100:80');
  const first = chosen(d);
  client(d, '10.9.0.1:1', 'S', '10.0.0.100:443');
  expect(chosen(d)).toBe(first);
  expect(listed(d).find((r) => r.c === '10.9.0.1:0')!.v).toBe('10.0.0.100:0');
});

test('a firewall mark’s template has protocol 0 and the mark as its address', () => {
  const d = director('-A -f 7 -s rr -p 60', '-a -f 7 -r 10.0.1.1:0 -g', '-a -f 7 -r 10.0.1.2:0 -g');
  d.marks.push({ address: 0x0a000064 as never, port: 80, mark: 7 });
  client(d, '10.9.0.1:1', 'S', '10.0.0.100:80');
  const template = connectionRows(d.ipvs, d.sim).find((r) => r.template)!;
  expect([template.protocol, template.virtual, template.virtualPort]).toEqual([0, 7, 0]);
});

test('a deleted server’s packets are dropped silently, and the connection resumes when it returns', () => {
  const d = pool('-s rr');
  client(d, '10.9.0.1:1', 'S A');
  command(d, 'ipvsadm -d -t 10.0.0.100:80 -r 10.0.1.3:80');
  expect(client(d, '10.9.0.1:1', 'PA')).toBe(VERDICT_DROP);
  command(d, 'ipvsadm -a -t 10.0.0.100:80 -r 10.0.1.3:80 -g');
  expect(counters(d)).toBe('1/1/0/0 1/0/0/0 1/0/0/0');
  expect(client(d, '10.9.0.1:1', 'PA')).toBe(VERDICT_FORWARD);
});

test('with expire_nodest_conn a deletion sweeps connections and templates within two ticks', () => {
  const d = pool('-s rr -p 300');
  command(d, 'sysctl net.ipv4.vs.expire_nodest_conn=1');
  client(d, '10.9.0.1:1', 'S A');
  command(d, 'ipvsadm -d -t 10.0.0.100:80 -r 10.0.1.3:80');
  wait(d, 0.01);
  expect(listed(d)).toEqual([]);
});

test('no server at all is answered by port unreachable', () => {
  const d = director('-A -t 10.0.0.100:80 -s rr -p 60');
  expect(client(d, '10.9.0.1:1', 'S')).toBe(VERDICT_UNREACHABLE);
});
