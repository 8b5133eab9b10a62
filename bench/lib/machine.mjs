import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

/** What the figures hang on, a line each. */
export function machine(peers) {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GB`;
  return [
    `${model}, ${availableParallelism()} cores, ${memory}, ${process.platform} ${release()}`,
    `Node ${process.versions.node} (V8 ${process.versions.v8})`,
    ...Object.values(peers).flatMap(({ version }) => (version === undefined ? [] : [version])),
  ];
}

/** How many processes wanted a core in the last minute. */
export const load = () => loadavg()[0].toFixed(1);
