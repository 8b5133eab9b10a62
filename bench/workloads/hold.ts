// usage: hold.cjs PENDING EVENTS
import { createHold, runHold } from '../../packages/des/src/testing/hold.ts';
import { measure, print, sizes } from './measure.ts';

const [pending, events] = sizes('PENDING', 'EVENTS');
const hold = createHold(pending);
const { seconds, cpuSeconds, bytes } = measure(() => runHold(hold, events));
print({ work: events, seconds, cpuSeconds, bytes });
