// usage: endpoints.mjs SECONDS: W3's conversations between the hosts' own TCP, 1000 a second, frame by frame
import { advance, view } from '../../packages/cluster/src/index.ts';
import { seconds, type SimTime } from '../../packages/des/src/index.ts';
import { programs } from '../../packages/shell/src/index.ts';
import { CLIENTS, clusterOf16, worldOf } from './cluster-of-16.ts';
import { measure, print, sizes } from './measure.ts';

const [until] = sizes('SECONDS');
const world = worldOf(
  clusterOf16([
    {
      kind: 'open',
      name: 'load',
      on: 'client',
      sources: { first: '10.1.0.10', count: CLIENTS },
      targets: ['192.168.1.6:80'],
      protocol: 'tcp',
      requestBytes: { kind: 'constant', value: 250 },
      requestsPerConnection: { kind: 'constant', value: 1 },
      keepAlive: false,
      timeoutSeconds: 60,
      startSeconds: 0,
      stopSeconds: 0,
      ratePerSecond: 1000,
      objectsPerPage: { kind: 'constant', value: 1 },
      parallel: 6,
    },
  ]),
);
const ends = seconds(until) as number as SimTime;
const { result, seconds: took, cpuSeconds, bytes } = measure(() => advance(world, programs, ends));
const { started, failures } = view(world).workloads[0]!;
const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
if (failed > 0) throw new Error(`of ${started} requests ${failed} failed`);
print({
  work: started,
  seconds: took,
  cpuSeconds,
  bytes,
  events: result.events,
  hops: world.net.link!.made,
  peakLive: view(world).connections,
});
