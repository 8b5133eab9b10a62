// npm start: install, build, serve, and say where.
import './lib/require-node.mjs';
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { inRoot } from './lib/files.mjs';
import { freePort } from './lib/ports.mjs';
import { buildWeb, generate, install } from './lib/prepare.mjs';
import { green, main, Missing, say } from './lib/say.mjs';

await main(async () => {
  const wanted = readPort();
  await install();
  say('Building the page …');
  await generate();
  await buildWeb();
  const port = await freePort(wanted);
  if (port !== wanted) say(`Port ${wanted} is taken.`);
  await serve(port);
});

function readPort() {
  try {
    const { values } = parseArgs({ options: { port: { type: 'string', default: '4173' } } });
    const port = Number(values.port);
    if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
    throw new Error(`--port is ${values.port}, and a port is a number from 1 to 65535.`);
  } catch (error) {
    throw new Missing(`${error.message}\nUse: npm start -- [--port N]`);
  }
}

/** Serves the built page until it is stopped. */
async function serve(port) {
  const vite = inRoot('apps/web/node_modules/vite/bin/vite.js');
  const args = [
    'preview',
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--strictPort',
    '--logLevel',
    'warn',
  ];
  const server = spawn(process.execPath, [vite, ...args], { cwd: inRoot('apps/web'), stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
  server.on('exit', (code) => process.exit(code ?? 0));
  process.on('exit', () => server.kill());
  const url = `http://127.0.0.1:${port}/`;
  while (!(await answers(url))) await new Promise((resolve) => setTimeout(resolve, 50));
  say(`\nLVScope is at ${green(url)}  (Ctrl-C stops it)`);
}

async function answers(url) {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}
