import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { agree, readLastLine, readPlaywright, readTap, readVitest } from './lib/results.mjs';

const reportOf = (content) => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'results-')), 'report.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
};

const counts = ({ passed, failed }) => [passed, failed];

test('a test file that cannot be loaded counts as a failure', () => {
  const testResults = [
    { status: 'failed', assertionResults: [] },
    { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] },
    { status: 'passed', assertionResults: [{ status: 'passed' }] },
  ];
  const report = { numPassedTests: 2, numFailedTests: 1, numPendingTests: 0, testResults };
  assert.deepEqual(counts(readVitest(reportOf(report))), [2, 2]);
});

test('a browser test that passes only the second time counts as a failure', () => {
  const report = { stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 0 }, errors: [] };
  assert.deepEqual(counts(readPlaywright(reportOf(report))), [5, 2]);
});

test('an error outside any browser test counts as a failure', () => {
  const report = {
    stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0 },
    errors: [{ message: 'no server' }],
  };
  assert.deepEqual(counts(readPlaywright(reportOf(report))), [0, 1]);
});

test('a runner that leaves no report has failed, whatever its exit code', () => {
  assert.deepEqual(counts(agree(0, readVitest('/nowhere/report.json'))), [0, 1]);
});

test('a runner that ends badly after tests that all passed has failed', () => {
  assert.deepEqual(counts(agree(1, { passed: 3, failed: 0 })), [3, 1]);
  assert.deepEqual(counts(agree(1, { passed: 3, failed: 2 })), [3, 2]);
  assert.deepEqual(counts(agree(0, { passed: 3, failed: 0 })), [3, 0]);
});

test('our own programs are read by their last line only', () => {
  assert.deepEqual(readLastLine('9 passed, 9 failed\nmore\n279 passed, 1 failed\n'), {
    passed: 279,
    failed: 1,
  });
  assert.equal(readLastLine('3 passed, 0 failed\nTypeError: x'), undefined);
});

test('a tap summary without numbers is no result', () => {
  assert.equal(readTap('TAP version 13'), undefined);
  assert.deepEqual(counts(readTap('# pass 4\n# fail 1\n# cancelled 1\n# skipped 0\n')), [4, 2]);
});
