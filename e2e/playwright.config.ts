import { defineConfig, devices } from '@playwright/test';
import { launchOptions } from './browser.mjs';

const port = Number(process.env['LVSCOPE_E2E_PORT'] ?? 4300);
const url = `http://127.0.0.1:${port}/`;

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results',
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  timeout: 60_000,
  globalTimeout: 20 * 60_000,
  reporter: [
    ['list'],
    ['json', { outputFile: process.env['LVSCOPE_E2E_REPORT'] ?? '../.cache/test/e2e.json' }],
  ],
  use: {
    baseURL: url,
    locale: 'en-US',
    timezoneId: 'UTC',
    launchOptions: launchOptions(),
  },
  projects: [
    { name: 'chromium', use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } } },
  ],
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --host 127.0.0.1 --port ${port} --strictPort`,
    cwd: '../apps/web',
    url,
    reuseExistingServer: false,
  },
});
