import { existsSync, readFileSync } from 'node:fs';

/**
 * What a step found, in tests.
 * @typedef {{ passed: number, failed: number, skipped?: number, note?: string }} Result
 */

/** A check that has no tests inside: it passes or fails as one. */
export const one = (passed, note) => ({ passed: passed ? 1 : 0, failed: passed ? 0 : 1, note });

/**
 * A run's result where its exit code and its counts must agree: a runner that ends badly although none of its
 * tests failed (or that left no report) has failed itself, and counts as one more.
 */
export function agree(code, result) {
  if (result === undefined) return one(false, 'the runner left no report');
  if (code === 0 || result.failed > 0) return result;
  return { ...result, failed: 1, note: `the runner itself ended with code ${code}` };
}

const readJson = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);

/** Reads the report of vitest's json reporter. A test file that cannot be loaded counts as one failure. */
export function readVitest(file) {
  const report = readJson(file);
  if (report === undefined) return undefined;
  const broken = report.testResults.filter(
    (suite) => suite.status === 'failed' && !suite.assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
    note: `${report.testResults.length} files`,
  };
}

/** Reads the report of Playwright's json reporter. */
export function readPlaywright(file) {
  const report = readJson(file);
  if (report === undefined) return undefined;
  const { expected, unexpected, flaky, skipped } = report.stats;
  const errors = report.errors.length;
  return {
    passed: expected,
    // a test that passes only the second time has failed once: that is one too many
    failed: unexpected + flaky + (unexpected === 0 ? errors : 0),
    skipped,
    note: errors > 0 ? report.errors[0].message?.split('\n')[0] : undefined,
  };
}

/** Reads the summary at the end of node:test's tap reporter. */
export function readTap(output) {
  const count = (what) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(output)?.[1] ?? Number.NaN);
  const [passed, failed, cancelled, skipped] = ['pass', 'fail', 'cancelled', 'skipped'].map(count);
  return Number.isNaN(passed) ? undefined : { passed, failed: failed + cancelled, skipped };
}

/** Reads `N passed, N failed`, which our own programs print as their last line. */
export function readLastLine(output) {
  const match = /(?:^|\n)(\d+) passed, (\d+) failed$/.exec(output.trimEnd());
  return match === null ? undefined : { passed: Number(match[1]), failed: Number(match[2]) };
}

/** Counts the recordings that `lvscope verify` judged: a line each, and a sum at the end. */
export function readVerify(output) {
  const count = (word) => output.match(new RegExp(`^${word} +\\S`, 'gm'))?.length ?? 0;
  const sum = /(?:^|\n)(\d+ observations agree, \d+ differ, \d+ not covered)$/.exec(output.trimEnd());
  return sum === null ? undefined : { passed: count('ok'), failed: count('DIFFERS'), note: sum[1] };
}
