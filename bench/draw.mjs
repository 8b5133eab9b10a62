// How long 10 000 frames on the stage take of the main thread, in Chromium. Prints one line of JSON with
// medians and 95th percentiles of a picture; --frames N for another number.
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openBrowser } from '../e2e/browser.mjs';
import { inRoot } from '../scripts/lib/files.mjs';
import { install } from '../scripts/lib/prepare.mjs';
import { main, say } from '../scripts/lib/say.mjs';

const OUT = inRoot('.cache', 'bench', 'draw');

await main(async () => {
  const { frames } = parseArgs({ options: { frames: { type: 'string', default: '10000' } } }).values;
  await install();
  say(JSON.stringify(await measure(Number(frames))));
});

/** @param {number} frames */
async function measure(frames) {
  mkdirSync(OUT, { recursive: true });
  const { build } = await import('rolldown');
  await build({
    input: inRoot('bench', 'draw', 'page.ts'),
    platform: 'browser',
    output: { file: `${OUT}/page.js`, format: 'iife' },
    logLevel: 'warn',
  });
  writeFileSync(
    `${OUT}/page.html`,
    '<!doctype html><title>draw</title><script src="page.js" defer></script>',
  );
  const browser = await openBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`file://${OUT}/page.html`);
    return await page.evaluate((count) => window.measure(count), frames);
  } finally {
    await browser.close();
  }
}
