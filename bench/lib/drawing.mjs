import { mkdirSync, writeFileSync } from 'node:fs';
import { inRoot } from '../../scripts/lib/files.mjs';

const OUT = inRoot('.cache', 'bench', 'draw');

/**
 * What a picture of so many frames takes of the main thread, ms.
 * @typedef {object} Drawing
 * @property {number} frames
 * @property {number} leastMs of a picture that nothing else on the machine held up
 * @property {number} medianMs
 * @property {number} p95Ms
 * @property {string} browser
 */

/**
 * Paints frames under way on the stage in Chromium.
 * @param {number} frames
 * @returns {Promise<{ drawing: Drawing } | { missing: string }>}
 */
export async function measureDrawing(frames) {
  // both are installed only when the script has begun
  const { build } = await import('rolldown');
  const { hasOwnChromium, openBrowser, systemChromium } = await import('../../e2e/browser.mjs');
  if (!hasOwnChromium() && systemChromium() === undefined) {
    const cure = 'apt-get install chromium brings one, and LVSCOPE_CHROMIUM names another.';
    return { missing: `There is no Chromium here, so drawing is left out: ${cure}` };
  }
  mkdirSync(OUT, { recursive: true });
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
  const browser = await openBrowser().catch((error) => String(error.message).split('\n')[0]);
  // what else was measured is not thrown away for it
  if (typeof browser === 'string') {
    return { missing: `Chromium does not start here, so drawing is left out: ${browser}` };
  }
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(`file://${OUT}/page.html`);
    const figures = await page.evaluate((count) => window.measure(count), frames);
    return { drawing: { ...figures, browser: `Chromium ${browser.version()}` } };
  } finally {
    await browser.close();
  }
}
