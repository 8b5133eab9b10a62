// usage: endpoints.cjs SECONDS: W3's conversations between the hosts' own TCP, 1000 a second, frame by frame
import { advance, view } from '../../packages/cluster/src/index.ts';
import { seconds, type SimTime } from '../../packages/des/src/index.ts';
import { programs } from '../../packages/shell/src/index.ts';
import { CLIENTS, clusterOf16, worldOf } from './cluster-of-16.ts';
import { measure, print, sizes } from './measure.ts';
import { openLoad } from './open-load.ts';

const [until] = sizes('SECONDS');
const world = worldOf(clusterOf16([openLoad(1000, CLIENTS, 60)]));
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
