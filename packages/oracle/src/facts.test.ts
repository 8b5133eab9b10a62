import { describe, expect, it } from 'vitest';
import { agrees, factsOf } from './facts.ts';
import type { Observation } from './trace.ts';

const base = { t: 1, step: 0 };
const kindsOf = (observation: Observation): string[] => factsOf(observation).map(({ kind }) => kind);

const row = (client: string, state: string, exp: number) => ({
  pro: 'TCP',
  c: client,
  v: '192.168.0.100:80',
  d: '192.168.0.11:80',
  state,
  exp,
});

describe('what counts as one fact', () => {
  it('is a server in `before` and the completeness of the list, one choice and one result of an open', () => {
    const before = { rs2: [1, 0, 3], rs1: [2, 1, 0] };
    const opened = { ...base, op: 'open', before, result: 'connected', rs: 'rs1', at: '192.168.0.100:80' };
    expect(kindsOf(opened)).toEqual(['counts', 'counts', 'list', 'chosen', 'result']);
    expect(factsOf(opened)[0]).toEqual({ kind: 'counts', place: 'before rs2', value: '0: 1/0/3' });
  });

  it('is a state and an expiry of each row, and the list, also of an empty one', () => {
    const rows = [row('10.9.0.1:1000', 'ESTABLISHED', 899), row('10.9.0.2:1000', 'SYN_RECV', 59)];
    const shown = { ...base, op: 'snap', snap: { conns: rows } };
    expect(kindsOf(shown)).toEqual(['state', 'expiry', 'state', 'expiry', 'list']);
    expect(kindsOf({ ...base, op: 'snap', snap: { conns: [] } })).toEqual(['list']);
  });

  it('is each reply with flags or data; a bare ACK is none, nor are times and sequence numbers', () => {
    const reply = { k: 'tcp', sip: '192.168.0.100', sport: 80, data: 0, to: '10.9.0.1:1000' };
    const replies = [
      { ...reply, flags: 'SA', t: 0.1 },
      { ...reply, flags: 'A', t: 0.2 },
    ];
    expect(kindsOf({ ...base, op: 'raw', replies })).toEqual(['reply', 'list']);
  });

  it('is an exit code and a text of a command, and nothing of a program that was not there', () => {
    const command = { ...base, op: 'sh', cmd: 'ipvsadm -Ln', rc: 0, out: 'x' };
    expect(kindsOf(command)).toEqual(['exit-code', 'text']);
    expect(kindsOf({ ...command, rc: 127, err: '[Errno 2] No such file' })).toEqual([]);
    expect(kindsOf({ ...command, agent_error: 'OSError' })).toEqual([]);
  });

  it('is nothing in a sleep', () => {
    expect(kindsOf({ ...base, op: 'sleep', s: 3 })).toEqual([]);
  });
});

describe('rows that are too many or missing', () => {
  const listOf = (rows: readonly object[]) =>
    factsOf({ ...base, op: 'snap', snap: { conns: rows } }).find(({ kind }) => kind === 'list')!.value;
  const one = row('10.9.0.1:1000', 'ESTABLISHED', 899);
  const two = row('10.9.0.2:1000', 'ESTABLISHED', 899);

  it('make the list differ', () => {
    expect(agrees('list', listOf([one]), listOf([one, two]))).toBe(false);
    expect(agrees('list', listOf([one]), listOf([]))).toBe(false);
    expect(agrees('list', listOf([one]), listOf([one, one]))).toBe(false);
  });

  it('do not make it differ by their order', () => {
    expect(agrees('list', listOf([one, two]), listOf([two, one]))).toBe(true);
  });
});

describe('tolerance', () => {
  it('is a second for an expiry, and nothing for counts and states', () => {
    expect(agrees('expiry', 59, 60)).toBe(true);
    expect(agrees('expiry', 58, 60)).toBe(false);
    expect(agrees('counts', '0: 1/0/3', '0: 1/0/4')).toBe(false);
    expect(agrees('state', 'SYN_RECV', 'ESTABLISHED')).toBe(false);
  });

  it('is a second in a printed connection table, whose rows stand in any order', () => {
    const head = 'IPVS connection entries\npro expire state       source\n';
    const a = 'TCP 14:59  ESTABLISHED 10.1.0.1:2000\n';
    const b = 'TCP 00:59  SYN_RECV    10.1.0.2:2000\n';
    expect(agrees('text', head + a + b, head + b + a.replace('14:59', '15:00'))).toBe(true);
    expect(agrees('text', head + a + b, head + b + a.replace('14:59', '15:01'))).toBe(false);
    expect(agrees('text', head + a + b, head + a)).toBe(false);
    expect(agrees('text', head + a, head + a.replace('2000', '2001'))).toBe(false);
  });

  it('lets services stand in any order where the listing is unsorted, and servers never', () => {
    const head =
      'IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port\n  -> RemoteAddress:Port\n';
    const a = 'TCP  192.168.0.100:80 rr\n  -> 172.16.0.11:80\n  -> 172.16.0.12:80\n';
    const b = 'UDP  192.168.0.100:53 rr\n';
    expect(agrees('unsorted-text', head + a + b, head + b + a)).toBe(true);
    expect(agrees('text', head + a + b, head + b + a)).toBe(false);
    const swapped = 'TCP  192.168.0.100:80 rr\n  -> 172.16.0.12:80\n  -> 172.16.0.11:80\n';
    expect(agrees('unsorted-text', head + a + b, head + swapped + b)).toBe(false);
  });

  it('is none for any other text', () => {
    expect(agrees('text', 'Memory allocation problem\n', 'Memory allocation problem')).toBe(false);
  });
});
