// npm run generate: what the sources need and git does not keep.
import './lib/require-node.mjs';
import { generate, install } from './lib/prepare.mjs';
import { main } from './lib/say.mjs';

await main(async () => {
  await install();
  await generate();
});
