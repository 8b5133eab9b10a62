import { expect, it } from 'vitest';
import { readTrace } from './trace.ts';

const problemOf = (json: string): string => {
  const read = readTrace('x', json);
  return read.ok ? '' : read.problem;
};

it.each([
  ['{', /^not JSON: /],
  ['[]', /^found no object at the top/],
  ['{"topology": {}}', /^topology\.addresses: found none/],
  ['{"topology": {"addresses": {"a": []}}, "steps": [{"s": 1}]}', /^found a step without op: \{"s":1\}/],
])('%s is no trace, and the reader says what is wrong', (json, problem) => {
  expect(problemOf(json)).toMatch(problem);
});

it("ports and habits of the servers are the recording machine's unless the scenario says so", () => {
  const addresses = { client: ['eth0 10.254.0.1/30'] };
  const plain = readTrace('x', JSON.stringify({ topology: { addresses } }));
  expect(plain).toMatchObject({
    ok: true,
    trace: { tcpPorts: [80, 8080], udpPorts: [53], serverHold: false, udpSilent: false },
  });
  const scenario = { server_hold: true, udp_silent: true, topology: { ports: [443] } };
  const other = readTrace('x', JSON.stringify({ topology: { addresses }, scenario }));
  expect(other).toMatchObject({ ok: true, trace: { tcpPorts: [443], serverHold: true, udpSilent: true } });
});

it('passes over what the recording program noted of itself', () => {
  const topology = { addresses: { client: ['eth0 10.254.0.1/30'] } };
  const observations = [
    { t: 3, event: 'udp reply failed' },
    { t: 4, step: 0, op: 'sleep' },
  ];
  const read = readTrace('x', JSON.stringify({ topology, observations }));
  expect(read).toMatchObject({ ok: true, trace: { observations: [{ op: 'sleep' }] } });
});
