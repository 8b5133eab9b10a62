import type { Url } from './url.ts';

/** One request that was answered. */
export interface AbResult {
  readonly connectNs: number;
  readonly waitNs: number;
  readonly totalNs: number;
  /** Bytes. */
  readonly received: number;
}

export const AB_BANNER: string = `This is ApacheBench, Version 2.3 <$Revision$>
Copyright 1996 Adam Twiss, Zeus Technology Ltd, http://www.zeustech.net/
Licensed to The Apache Software Foundation, http://www.apache.org/

`;

interface AbRun {
  readonly url: Url;
  readonly concurrency: number;
  readonly keepAlive: boolean;
  readonly takenNs: number;
  readonly results: readonly AbResult[];
}

/** What stands behind `..done`. Headers are not told from the page: the simulated servers send bytes. */
export function abReport({ url, concurrency, keepAlive, takenNs, results }: AbRun): string {
  const seconds = takenNs / 1e9;
  const count = results.length;
  const [first] = results;
  const bytes = results.reduce((sum, { received }) => sum + received, 0);
  const other = results.filter(({ received }) => received !== first?.received).length;
  const lines: (readonly [string, string])[] = [
    ['Concurrency Level:', String(concurrency)],
    ['Time taken for tests:', `${seconds.toFixed(3)} seconds`],
    ['Complete requests:', String(count)],
    ['Failed requests:', String(other)],
  ];
  const rest: (readonly [string, string])[] = [
    ...(keepAlive ? [['Keep-Alive requests:', '0'] as const] : []),
    ['Total transferred:', `${bytes} bytes`],
    ['HTML transferred:', `${bytes} bytes`],
  ];
  const rates: (readonly [string, string])[] =
    count === 0 || seconds === 0
      ? []
      : [
          ['Requests per second:', `${(count / seconds).toFixed(2)} [#/sec] (mean)`],
          ['Time per request:', `${((concurrency * seconds * 1000) / count).toFixed(3)} [ms] (mean)`],
          [
            'Time per request:',
            `${((seconds * 1000) / count).toFixed(3)} [ms] (mean, across all concurrent requests)`,
          ],
          ['Transfer rate:', `${(bytes / 1024 / seconds).toFixed(2)} [Kbytes/sec] received`],
        ];
  const failed = other === 0 ? '' : `   (Connect: 0, Receive: 0, Length: ${other}, Exceptions: 0)\n`;
  return (
    `\n\nServer Software:        \nServer Hostname:        ${url.host}\n` +
    `Server Port:            ${url.port}\n\n` +
    `Document Path:          ${url.path}\nDocument Length:        ${first?.received ?? 0} bytes\n\n` +
    written(lines) +
    failed +
    written([...rest, ...rates]) +
    (count === 0 ? '' : times(results) + percentiles(results))
  );
}

const written = (lines: readonly (readonly [string, string])[]): string =>
  lines.map(([name, value]) => `${name.padEnd(23)} ${value}\n`).join('');

/** support/ab.c, ap_round_ms: to the nearest millisecond. */
const ms = (ns: number): number => Math.floor((ns + 500_000) / 1e6);

function times(results: readonly AbResult[]): string {
  const rows: readonly (readonly [string, (one: AbResult) => number])[] = [
    ['Connect:   ', ({ connectNs }) => connectNs],
    ['Processing:', ({ totalNs, connectNs }) => totalNs - connectNs],
    ['Waiting:   ', ({ waitNs }) => waitNs],
    ['Total:     ', ({ totalNs }) => totalNs],
  ];
  const head = '\nConnection Times (ms)\n              min  mean[+/-sd] median   max\n';
  return head + rows.map(([name, of]) => timeRow(name, results.map(of))).join('');
}

function timeRow(name: string, values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const count = sorted.length;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const deviation = count > 1 ? Math.sqrt(squares / (count - 1)) / 1e6 : 0;
  const middle = sorted[Math.floor(count / 2)] ?? 0;
  const median = count % 2 === 0 ? (middle + (sorted[count / 2 - 1] ?? 0)) / 2 : middle;
  const cell = (ns: number, width: number): string => String(ms(ns)).padStart(width);
  const spread = deviation.toFixed(1).padStart(5);
  const ends = [cell(sorted[0] ?? 0, 6), cell(sorted.at(-1) ?? 0, 7)];
  return `${name}${ends[0]} ${cell(mean, 4)} ${spread} ${cell(median, 6)} ${ends[1]}\n`;
}

const PERCENTS = [50, 66, 75, 80, 90, 95, 98, 99, 100] as const;

function percentiles(results: readonly AbResult[]): string {
  if (results.length < 2) return '';
  const sorted = results.map(({ totalNs }) => totalNs).sort((a, b) => a - b);
  const rows = PERCENTS.map((percent) => {
    const at = percent === 100 ? sorted.length - 1 : Math.floor((sorted.length * percent) / 100);
    const end = percent === 100 ? ' (longest request)' : '';
    return `${String(percent).padStart(4)}%  ${String(ms(sorted[at] ?? 0)).padStart(5)}${end}\n`;
  });
  return `\nPercentage of the requests served within a certain time (ms)\n${rows.join('')}`;
}
