import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { type Observation, readTrace, type Trace } from './trace.ts';
import { verifyTrace } from './verify.ts';

vi.setConfig({ testTimeout: 120_000 });

function recording(name: string): Trace {
  const path = new URL(`../traces/${name}.json.gz`, import.meta.url);
  const read = readTrace(name, gunzipSync(readFileSync(path)).toString());
  if (!read.ok) throw new Error(read.problem);
  return read.trace;
}

/** The trace with its first observation that `change` changes. */
function changed(trace: Trace, change: (observation: Observation) => Observation | undefined): Trace {
  const at = trace.observations.findIndex((observation) => change(observation) !== undefined);
  const observations = trace.observations.with(at, change(trace.observations[at]!)!);
  return { ...trace, observations };
}

test('a recording of a real kernel agrees in every fact that is compared', () => {
  const report = verifyTrace(recording('states-dr-syn-rst'));
  expect(report).toMatchObject({ differ: 0, divergences: [] });
  expect(report.agree).toBeGreaterThan(10);
});

test('one changed exit code is reported, once, with its place and both answers', () => {
  const trace = recording('cli-edit-thresholds');
  const agree = verifyTrace(trace).agree;
  const report = verifyTrace(changed(trace, (o) => (o['rc'] === 0 ? { ...o, rc: 9 } : undefined)));
  expect(report).toMatchObject({ agree: agree - 1, differ: 1 });
  expect(report.divergences).toMatchObject([{ kind: 'exit-code', recorded: '9', simulated: '0' }]);
});

test('one changed state of a connection is reported', () => {
  const withoutState = (o: Observation): Observation | undefined => {
    const after = o['after'] as { conns?: { state: string }[] } | undefined;
    const conns = after?.conns;
    if (!conns || conns.length === 0) return undefined;
    return { ...o, after: { ...after, conns: conns.with(0, { ...conns[0]!, state: 'SYNACK' }) } };
  };
  const report = verifyTrace(changed(recording('states-dr-syn-rst'), withoutState));
  expect(report.divergences).toMatchObject([{ kind: 'state', recorded: 'SYNACK' }]);
});

test('what is not covered is decided before comparing: a wrong fact of it does not differ', () => {
  const withoutHelp = (o: Observation): Observation | undefined =>
    o['cmd'] === 'ipvsadm -h' ? { ...o, out: 'no such help' } : undefined;
  const report = verifyTrace(changed(recording('cli-listings'), withoutHelp));
  expect(report.differ).toBe(0);
  expect(report.uncovered).toBeGreaterThan(0);
});
