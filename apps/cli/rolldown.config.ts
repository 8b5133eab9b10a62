import { defineConfig } from 'rolldown';

/** The engine and its command line as Node 20 runs them; verify's threads are an entry of their own. */
export default defineConfig({
  input: { lvscope: 'src/main.ts', 'verify-worker': 'src/verify-worker.ts' },
  platform: 'node',
  // it starts a file of its own as a thread, so it can't become part of ours
  external: ['tinypool'],
  transform: { target: 'node20' },
  output: {
    dir: 'dist',
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name].cjs',
    cleanDir: true,
    // Node 20 looks a function of an ES module's top level up anew at each call; one of a CommonJS module,
    // which is a function's body, it knows
    format: 'cjs',
  },
});
