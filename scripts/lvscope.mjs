// npm run lvscope -- …: the command line, bundled anew when its sources have changed.
import './lib/require-node.mjs';
import { spawn } from 'node:child_process';
import { buildCli, CLI, ENGINE_ARGS, install } from './lib/prepare.mjs';
import { main } from './lib/say.mjs';

await main(async () => {
  await install();
  await buildCli();
  // paths in the arguments are meant from where the user is; npm goes to the root, and tells where that was
  const cwd = process.env.INIT_CWD ?? process.cwd();
  const child = spawn(process.execPath, [...ENGINE_ARGS, CLI, ...process.argv.slice(2)], {
    stdio: 'inherit',
    cwd,
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => process.exit(code ?? 128));
});
