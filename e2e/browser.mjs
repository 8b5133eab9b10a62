import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';

const SYSTEM_CHROMIUM = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Whether Playwright has a Chromium of its own installed. */
export const hasOwnChromium = () => existsSync(chromium.executablePath());

/** A Chromium that the system has; undefined where there is none. LVSCOPE_CHROMIUM names another. */
export const systemChromium = () =>
  [process.env.LVSCOPE_CHROMIUM, ...SYSTEM_CHROMIUM].find((path) => path && existsSync(path));

/** A browser for programs that are no tests. */
export const openBrowser = async () => chromium.launch(launchOptions());

/** What to hand to Playwright's launch: its own browser where installed, else the system's. */
export const launchOptions = () => ({ ...executable(), args: QUIET });

function executable() {
  const executablePath = systemChromium();
  return hasOwnChromium() || executablePath === undefined ? {} : { executablePath };
}

/** A browser that talks to nobody but the page. */
const QUIET = [
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];
