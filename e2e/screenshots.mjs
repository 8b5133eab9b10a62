// npm run screenshots: builds the page and makes the README's pictures anew, into docs/pictures; names after
// it (npm run screenshots -- narrow) choose some of them.
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
  { name: 'frames', context: { viewport: DESK }, act: frames },
  { name: 'arp-cured', context: { viewport: DESK }, act: arpCured },
  { name: 'failover', context: { viewport: DESK }, act: failover },
  { name: 'weight-zero', context: { viewport: DESK }, act: weightZero },
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
  const wanted = process.argv.slice(2);
  for (const picture of PICTURES) {
    if (wanted.length === 0 || wanted.includes(picture.name)) await take(browser, picture);
  }
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
  await choose(page, 'DR, TUN and NAT beside each other');
  await until(page, 45);
}

async function whyWlc(page) {
  await choose(page, 'Switching -p off under wlc');
  await until(page, 110);
  await page.getByRole('button', { name: 'Hold this one' }).click();
  await page.getByRole('tab', { name: 'decisions' }).click();
}

/** One connection followed: its route with the order of its legs, and the frame that the director rewrote. */
async function frames(page) {
  await choose(page, 'DR on one segment');
  await speed(page, '0.1');
  await until(page, 1.6);
  await page.getByRole('toolbar').getByRole('button').first().click();
  await page.getByRole('button', { name: 'Follow this connection, frame by frame' }).click();
  await page.getByLabel('Display filter').fill('tcp.flags.syn == 1');
  const packets = page.getByRole('region', { name: 'Packets' });
  const rows = packets.getByRole('option').filter({ has: page.locator('i') });
  await rows.filter({ hasText: 'd1:eth0' }).first().click();
  await page.getByRole('region', { name: 'One frame' }).waitFor();
}

/** Both servers are told not to answer for the VIP, the router asks anew. */
async function arpCured(page) {
  await choose(page, 'The ARP problem');
  await speed(page, '10');
  await until(page, 30);
  await speed(page, '1');
  for (const server of ['rs1', 'rs2']) {
    await type(page, server, 'sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2');
  }
  await type(page, 'router', 'ip neigh show 192.168.1.6');
  await type(page, 'router', 'ip neigh flush dev eth1');
  await speed(page, '10');
  await until(page, 50);
  await speed(page, '1');
  await type(page, 'router', 'ip neigh show 192.168.1.6');
  await type(page, 'router', 'arping -c 2 -I eth1 192.168.1.6');
  await until(page, 54);
}

/** d1 dies, the router keeps its MAC, and what is typed on d2 ends the outage. */
async function failover(page) {
  await choose(page, 'The router keeps a dead MAC');
  await speed(page, '10');
  await until(page, 45);
  await type(page, 'd2', 'arping -U -c 3 -I eth0 192.168.1.6');
  await until(page, 60);
  await page.getByRole('tab', { name: 'fail-over' }).click();
  await page.getByText('first good request').waitFor();
}

async function weightZero(page) {
  await choose(page, 'ldirectord sets weight 0, clients keep coming');
  await until(page, 60);
  await page.getByRole('button', { name: 'Weight 0: every case answered' }).click();
  await page.locator('td[data-live="true"]').first().waitFor();
}

async function choose(page, title) {
  await page.getByRole('button', { name: 'Scenario:' }).click();
  await page.getByRole('combobox', { name: 'Scenarios' }).fill(title);
  await page.getByRole('option', { name: title, exact: true }).click();
  await page.getByRole('button', { name: `Scenario: ${title}` }).waitFor();
}

async function speed(page, value) {
  await page.getByRole('toolbar').getByRole('combobox').selectOption(value);
}

/** Types a line at a host's prompt. */
async function type(page, host, line) {
  await page.getByRole('tab', { name: 'terminal' }).click();
  await page.getByRole('button', { name: host, exact: true }).click();
  await page.locator('[data-host]:visible .xterm-screen').click();
  await page.keyboard.type(`${line}\n`);
  await page.locator(`[data-host="${host}"] .xterm-rows`).getByText(line.slice(-12)).first().waitFor();
}

async function listening(url) {
  for (let tries = 0; tries < 100; tries++) {
    if ((await fetch(url).catch(() => undefined))?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nothing answers at ${url}`);
}
