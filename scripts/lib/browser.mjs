import { existsSync, readFileSync } from 'node:fs';
import { run, tool } from './run.mjs';
import { Missing, say } from './say.mjs';

const isRootDebian = () =>
  process.getuid?.() === 0 &&
  existsSync('/usr/bin/apt-get') &&
  /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));

/** Sees to it that there is a Chromium that the browser tests can drive, and letters for Chinese. */
export async function ensureChromium() {
  const { hasOwnChromium, systemChromium } = await import('../../e2e/browser.mjs');
  if (!hasOwnChromium() && systemChromium() === undefined) {
    if (isRootDebian()) await apt('chromium');
    else await run(tool('playwright', 'e2e'), ['install', 'chromium'], { show: true });
  }
  if (!hasOwnChromium() && systemChromium() === undefined) {
    throw new Missing(
      'The browser tests need Chromium: run `cd e2e && npx playwright install --with-deps chromium`, ' +
        'or install your system’s (Debian: `apt-get install chromium`), or name one in LVSCOPE_CHROMIUM.',
    );
  }
  await ensureChineseFont();
}

async function ensureChineseFont() {
  const fonts = await run('fc-list', [':lang=zh', 'family']);
  if (fonts.stdout.trim() !== '') return;
  if (isRootDebian()) await apt('fonts-wqy-microhei');
  else if (fonts.code === 0)
    say('There is no Chinese font here; the Chinese pages are tested with boxes for letters.');
}

const FIREFOX = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
];

const findFirefox = () => [process.env.LVSCOPE_FIREFOX, ...FIREFOX].find((path) => path && existsSync(path));

/** The path of a Firefox; installs Debian's where that is possible. */
export async function ensureFirefox() {
  if (findFirefox() === undefined && isRootDebian()) await apt('firefox-esr');
  const found = findFirefox();
  if (found !== undefined) return found;
  throw new Missing(
    'The check that Firefox computes the same wants it: install it (Debian: `apt-get install firefox-esr`) ' +
      'or name one in LVSCOPE_FIREFOX.',
  );
}

/** Wireshark's reader, the judge of capture files. Where it is missing, the test that wants it says so. */
export async function ensureTshark() {
  const { code } = await run('tshark', ['-v']);
  if (code !== 0 && isRootDebian()) await apt('tshark');
}

async function apt(name) {
  say(`Installing ${name} with apt-get …`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = () => run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], { env });
  let result = await install();
  if (result.code !== 0) {
    await run('apt-get', ['update', '-qq'], { env });
    result = await install();
  }
  if (result.code !== 0) {
    throw new Missing(
      `${result.output.trim()}\n\n${name} could not be installed; try \`apt-get install ${name}\`.`,
    );
  }
}
