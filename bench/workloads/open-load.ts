import type { OpenWorkload } from '../../packages/scenario/src/index.ts';

/** Visitors of the presets' service, each a connection with one request of 250 bytes. */
export function openLoad(ratePerSecond: number, sources: number, timeoutSeconds: number): OpenWorkload {
  return {
    kind: 'open',
    name: 'load',
    on: 'client',
    sources: { first: '10.1.0.10', count: sources },
    targets: ['192.168.1.6:80'],
    protocol: 'tcp',
    requestBytes: { kind: 'constant', value: 250 },
    requestsPerConnection: { kind: 'constant', value: 1 },
    keepAlive: false,
    timeoutSeconds,
    startSeconds: 0,
    stopSeconds: 0,
    ratePerSecond,
    objectsPerPage: { kind: 'constant', value: 1 },
    parallel: 6,
  };
}
