// How long 10 000 frames on the stage take of the main thread, in Chromium. Prints one line of JSON with
// medians and 95th percentiles of a picture; --frames N for another number.
import { parseArgs } from 'node:util';
import { install } from '../scripts/lib/prepare.mjs';
import { main, Missing, say } from '../scripts/lib/say.mjs';
import { measureDrawing } from './lib/drawing.mjs';

await main(async () => {
  const { frames } = parseArgs({ options: { frames: { type: 'string', default: '10000' } } }).values;
  await install();
  const { drawing, missing } = await measureDrawing(Number(frames));
  if (missing !== undefined) throw new Missing(missing);
  say(JSON.stringify(drawing));
});
