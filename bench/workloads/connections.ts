// usage: connections.cjs TOTAL
import { runW2 } from '../../packages/ipvs/src/testing/w2.ts';
import { measure, print, sizes } from './measure.ts';

const [total] = sizes('TOTAL');
const { result, seconds, cpuSeconds, bytes, heldBytes } = measure(() => runW2(total));
if (result.rowsLeft !== 0) throw new Error(`${result.rowsLeft} connections are left at the end`);
print({
  work: total,
  seconds,
  cpuSeconds,
  bytes,
  heldBytes,
  arrayBytes: result.bytes,
  peakLive: result.peakRows,
  byServer: result.conns,
});
