// npm run soak [MINUTES]: the property tests over and over, each time from another seed. The checks of a
// change draw from one seed (property-seed.mjs); what another one finds is found here, and becomes a test.
import './lib/require-node.mjs';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { inRoot, sourceFiles } from './lib/files.mjs';
import { install } from './lib/prepare.mjs';
import { run, tool } from './lib/run.mjs';
import { Missing, main, say } from './lib/say.mjs';

await main(async () => {
  const minutes = Number(process.argv[2] ?? 10);
  if (!(minutes > 0)) {
    throw new Missing(`soak: found ${process.argv[2]}, wanted a number of minutes: npm run soak 10`);
  }
  await install();
  const files = sourceFiles(['packages', 'apps'], /\.test\.tsx?$/).filter((file) =>
    readFileSync(inRoot(file), 'utf8').includes("from 'fast-check'"),
  );
  const end = performance.now() + minutes * 60_000;
  let rounds = 0;
  while (performance.now() < end) {
    const { code, output } = await run(tool('vitest'), ['run', '--testTimeout=600000', ...files], {
      env: { LVSCOPE_SEED: 'random' },
    });
    if (code !== 0) {
      say(output);
      throw new Missing('soak: a property failed; the output above names its seed and the smallest case');
    }
    rounds++;
  }
  say(`${files.length} files of property tests, ${rounds} rounds, no failure`);
});
