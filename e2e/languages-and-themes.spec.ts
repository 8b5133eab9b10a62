import { expect, test } from './support/test.ts';

test.describe('a browser that prefers Chinese', () => {
  test.use({ locale: 'zh-CN' });

  test('gets the page in Chinese, numbers and sentences alike', async ({ page, scope, ledger }) => {
    await scope.open();
    await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
    await expect(page).toHaveTitle('一台机器做压力测试，带 -p · LVScope');
    await expect(ledger.section.getByRole('heading')).toHaveText('调度器以为的 · 服务器真实的');
    await expect(ledger.sentence).toContainText(/-p/);
    await expect(ledger.sentence).not.toContainText(/takes|because/);
    await expect(scope.why.getByRole('heading')).toHaveText('为什么是这台？');
  });
});

test('the language is chosen with a button and kept for the next visit', async ({
  page,
  scope,
  transport,
}) => {
  await scope.open();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await transport.waitUntil(2);
  await page.getByRole('button', { name: '中文' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(scope.why.getByRole('heading')).toHaveText('为什么是这台？');
  const at = await transport.seconds();
  expect(at, 'the run goes on in the other language').toBeGreaterThanOrEqual(2);
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(scope.why.getByRole('heading')).toHaveText('Why this server?');
});

test('the theme is chosen with a button and kept for the next visit', async ({ page, scope }) => {
  await scope.open();
  const background = async (): Promise<string> =>
    page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
  const light = await background();
  await page.getByRole('button', { name: 'Theme: as the system' }).click();
  await page.getByRole('button', { name: 'Theme: light' }).click();
  await expect(page.getByRole('button', { name: 'Theme: dark' })).toBeVisible();
  await expect.poll(background).not.toBe(light);
  const dark = await background();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Theme: dark' })).toBeVisible();
  await expect.poll(background).toBe(dark);
});

test.describe('a system that prefers dark', () => {
  test.use({ colorScheme: 'dark' });

  test('gets the dark theme, unless light is chosen', async ({ page, scope }) => {
    await scope.open();
    const lightness = async (): Promise<number> =>
      page
        .locator('body')
        .evaluate((body) => Number(/\d+/.exec(getComputedStyle(body).backgroundColor)?.[0] ?? Number.NaN));
    expect(await lightness()).toBeLessThan(80);
    await page.getByRole('button', { name: 'Theme: as the system' }).click();
    await expect.poll(lightness).toBeGreaterThan(200);
  });
});

test.describe('who wants less motion', () => {
  test.use({ reducedMotion: 'reduce' });

  test('gets a stage without moving dots, and numbers that still move', async ({
    page,
    scope,
    transport,
    ledger,
  }) => {
    await scope.open();
    await transport.waitUntil(3);
    const moving = async (): Promise<number> =>
      page.evaluate(() => document.getAnimations().filter((one) => one.playState === 'running').length);
    await expect.poll(moving).toBe(0);
    const drawing = scope.stage.locator('svg').first();
    await transport.atSpeed(0.001);
    const still = await drawing.innerHTML();
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    expect(await drawing.innerHTML()).toBe(still);
    await transport.atSpeed(10);
    await transport.waitUntil((await transport.seconds()) + 1);
    expect((await ledger.top()).share).toBeGreaterThan(90);
  });
});
