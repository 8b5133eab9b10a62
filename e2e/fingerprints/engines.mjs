import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { Worker } from 'node:worker_threads';
import { chromium } from '@playwright/test';
import puppeteer from 'puppeteer-core';
import { launchOptions } from '../browser.mjs';

/** An engine that falls silent for so long has hung. Milliseconds. */
const SILENCE_MS = 120_000;

const FIREFOX = [
  process.env.LVSCOPE_FIREFOX,
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
];

/**
 * The JavaScript engines that must agree. Each runs all presets and reports what they gave.
 * @type {Record<string, (folder: string) => Promise<Map<string, import('./worker.ts').Told>>>}
 */
export const ENGINES = {
  node: runInNode,
  chromium: (folder) => runInBrowser(folder, openChromium),
  firefox: (folder) => runInBrowser(folder, openFirefox),
};

async function openChromium(url) {
  const browser = await chromium.launch(launchOptions());
  await (await browser.newPage()).goto(url);
  return () => browser.close();
}

async function openFirefox(url) {
  const executablePath = FIREFOX.find((path) => path && existsSync(path));
  if (executablePath === undefined) {
    throw new Error(
      'there is no Firefox: install it (Debian: apt-get install firefox-esr) or name one in LVSCOPE_FIREFOX',
    );
  }
  const browser = await puppeteer.launch({ browser: 'firefox', executablePath, headless: true });
  await (await browser.newPage()).goto(url);
  return () => browser.close();
}

/** Collects what an engine tells until it has ended or fallen silent. */
function collector() {
  const told = new Map();
  let settle;
  let timer;
  const ended = new Promise((resolve, reject) => (settle = { resolve, reject }));
  const listen = () => {
    clearTimeout(timer);
    timer = setTimeout(() => settle.reject(new Error(`silent for ${SILENCE_MS / 1000} s`)), SILENCE_MS);
  };
  const stop = () => clearTimeout(timer);
  const take = (message) => {
    listen();
    if (message === 'end') settle.resolve(told);
    else if (message.id === '') settle.reject(new Error(message.error));
    else told.set(message.id, message);
  };
  listen();
  return { take, ended, stop, fail: (error) => settle.reject(error) };
}

async function runInNode(folder) {
  const { take, ended, stop, fail } = collector();
  // what a browser calls postMessage on its worker's global, Node has on the port to the parent
  const source = `
    const { parentPort } = require('node:worker_threads');
    globalThis.postMessage = (told) => parentPort.postMessage(told);
    import(${JSON.stringify(new URL('worker.js', folder).href)});`;
  const worker = new Worker(source, { eval: true });
  worker.on('message', take);
  worker.on('error', fail);
  try {
    return await ended;
  } finally {
    stop();
    await worker.terminate();
  }
}

async function runInBrowser(folder, open) {
  const { take, ended, stop } = collector();
  const server = createServer((request, response) => void answer(request, response, folder, take));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  let close = async () => {};
  try {
    close = await open(`http://127.0.0.1:${server.address().port}/`);
    return await ended;
  } finally {
    stop();
    await close();
    server.closeAllConnections();
    server.close();
  }
}

const PAGE = '<!doctype html><link rel="icon" href="data:,"><script type="module" src="page.js"></script>';

async function answer(request, response, folder, take) {
  if (request.method === 'POST') {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    response.end();
    take(JSON.parse(body));
    return;
  }
  const name = request.url === '/' ? undefined : /^\/(page|worker)\.js$/.exec(request.url)?.[0];
  if (request.url === '/') response.setHeader('content-type', 'text/html').end(PAGE);
  else if (name === undefined) response.writeHead(404).end();
  else {
    response.setHeader('content-type', 'text/javascript');
    response.end(await readFile(new URL(`.${name}`, folder)));
  }
}
