import { existsSync, readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const root = import.meta.dirname;
const setupFiles = [`${root}/scripts/property-seed.mjs`];

/** A folder's tests, under the folder's own configuration where it has one. */
function project(folder: string) {
  const own = `${root}/${folder}/vite.config.ts`;
  return {
    extends: existsSync(own) ? own : (true as const),
    root: `${root}/${folder}`,
    test: { name: `@lvscope/${folder.replace(/^.*\//, '')}`, setupFiles },
  };
}

const packages = readdirSync(`${root}/packages`).map((name) => `packages/${name}`);

export default defineConfig({
  test: {
    projects: [...packages, 'apps/cli', 'apps/web'].map(project),
  },
});
