// npm run dev: the page while it is being written; words and style types follow the files.
import './lib/require-node.mjs';
import { spawn } from 'node:child_process';
import { inRoot } from './lib/files.mjs';
import { generate, install } from './lib/prepare.mjs';
import { main } from './lib/say.mjs';

await main(async () => {
  await install();
  await generate();
  const script = (name, ...args) =>
    spawn('npm', ['--prefix', 'apps/web', 'run', '--silent', name, '--', ...args], {
      cwd: inRoot(),
      stdio: 'inherit',
    });
  const watchers = [script('generate:words', '--watch'), script('generate:styles', '--watch')];
  const server = script('dev', ...process.argv.slice(2));
  process.on('exit', () => server.kill());
  server.on('exit', (code) => {
    for (const watcher of watchers) watcher.kill();
    process.exit(code ?? 0);
  });
});
