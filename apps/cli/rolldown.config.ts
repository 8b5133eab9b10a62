import { defineConfig } from 'rolldown';

/** The engine and its command line in one file that Node 20 runs as it is. */
export default defineConfig({
  input: 'src/main.ts',
  platform: 'node',
  transform: { target: 'node20' },
  output: {
    file: 'dist/lvscope.mjs',
    format: 'esm',
    banner: '#!/usr/bin/env node',
  },
});
