// npm run screenshots: builds the page and makes the README's pictures anew, into docs/pictures.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { launchOptions } from './browser.mjs';

const FOLDER = new URL('../docs/pictures/', import.meta.url);
const WEB = fileURLToPath(new URL('../apps/web/', import.meta.url));
const VITE = join(WEB, 'node_modules/vite/bin/vite.js');
const PORT = Number(process.env.LVSCOPE_E2E_PORT ?? 4170);
const DESK = { width: 1440, height: 900 };

/**
 * @typedef {object} Picture
 * @property {string} name
 * @property {import('@playwright/test').BrowserContextOptions} context
 * @property {(page: import('@playwright/test').Page) => Promise<void>} act what a person does before
 */

/** @type {Picture[]} */
const PICTURES = [
  { name: 'first-visit', context: { viewport: DESK }, act: (page) => until(page, 45) },
  {
    name: 'first-visit-zh-dark',
    context: { viewport: DESK, locale: 'zh-CN', colorScheme: 'dark' },
    act: (page) => until(page, 45),
  },
  { name: 'cured', context: { viewport: DESK }, act: cured },
  { name: 'three-methods', context: { viewport: DESK }, act: threeMethods },
  { name: 'why-wlc', context: { viewport: DESK }, act: whyWlc },
  {
    name: 'narrow',
    context: { viewport: { width: 390, height: 844 }, isMobile: true },
    act: (page) => until(page, 30),
  },
];

mkdirSync(FOLDER, { recursive: true });
const build = spawnSync(process.execPath, [VITE, 'build', '--logLevel', 'error'], {
  cwd: WEB,
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(1);
const preview = [
  'preview',
  '--host',
  '127.0.0.1',
  '--port',
  String(PORT),
  '--strictPort',
  '--logLevel',
  'warn',
];
const server = spawn(process.execPath, [VITE, ...preview], { cwd: WEB, stdio: 'inherit' });
try {
  await listening(`http://127.0.0.1:${PORT}/`);
  const browser = await chromium.launch(launchOptions());
  for (const picture of PICTURES) await take(browser, picture);
  await browser.close();
} finally {
  server.kill();
}

async function take(browser, { name, context, act }) {
  const page = await browser.newPage({ locale: 'en-US', ...context });
  await page.goto(`http://127.0.0.1:${PORT}/`);
  await page.locator('tr[data-server]').first().waitFor();
  await act(page);
  await page.evaluate(() => document.fonts.ready);
  const path = fileURLToPath(new URL(`${name}.png`, FOLDER));
  await page.screenshot({ path });
  await page.close();
  console.log(`${name}.png ${Math.round(statSync(path).size / 1024)} kB`);
}

/** Lets the run go on until a moment of simulated time, and goes on playing: dots on their way. */
async function until(page, seconds) {
  await page.waitForFunction((goal) => {
    const text = document.querySelector('[role="timer"]')?.textContent ?? '';
    const [minutes = 0, rest = 0] = text.split(':').map(Number);
    return minutes * 60 + rest >= goal;
  }, seconds);
}

async function cured(page) {
  await until(page, 40);
  await page.getByRole('button', { name: /^-p / }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'off', exact: true }).click();
  await until(page, 140);
}

async function threeMethods(page) {
  await page.getByRole('button', { name: 'Scenario:' }).click();
  await page.getByRole('option', { name: 'DR, TUN and NAT beside each other' }).click();
  await until(page, 45);
}

async function whyWlc(page) {
  await page.getByRole('button', { name: 'Scenario:' }).click();
  await page.getByRole('option', { name: 'Switching -p off under wlc' }).click();
  await until(page, 110);
  await page.getByRole('button', { name: 'Hold this one' }).click();
  await page.getByRole('tab', { name: 'decisions' }).click();
}

async function listening(url) {
  for (let tries = 0; tries < 100; tries++) {
    if ((await fetch(url).catch(() => undefined))?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing answers at ${url}`);
}
