import type { Page } from '@playwright/test';
import { expect, test } from './support/test.ts';

/** Presses Tab until something that bears the name has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let i = 0; i < 60; i++) {
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    });
    if (name.test(focused)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`60 presses of Tab do not reach ${name}`);
}

test('another scheduler can be chosen without a mouse', async ({ page, scope, transport }) => {
  await scope.open();
  await transport.waitUntil(1);
  await tabTo(page, /^scheduler rr$/);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  const wlc = page.getByRole('menuitemradio', { name: /^wlc\b/ });
  for (let i = 0; i < 20; i++) {
    if (await wlc.evaluate((item) => item === document.activeElement)) break;
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeHidden();
  await expect(scope.chip('scheduler')).toHaveAccessibleName('scheduler wlc');
  await expect(scope.chip('scheduler')).toBeFocused();
  await expect(scope.lastChange.locator('b')).toHaveText('ipvsadm -E -t 192.168.1.6:80 -s wlc -p 300');
});

test('-p is switched off without a mouse', async ({ page, scope }) => {
  await scope.open();
  await tabTo(page, /^-p 300 s$/);
  await page.keyboard.press('Enter');
  await expect(
    page.getByRole('dialog').getByRole('button').first(),
    'the panel takes the focus',
  ).toBeFocused();
  await tabTo(page, /^off$/);
  await page.keyboard.press('Enter');
  await expect(scope.chip('-p')).toHaveAccessibleName('-p off');
});

test('Esc closes menus, panels and dialogs and gives the focus back', async ({ page, scope }) => {
  await scope.open();
  await scope.chip('scheduler').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toBeHidden();
  await expect(scope.chip('scheduler')).toBeFocused();

  await scope.chip('-p').focus();
  await page.keyboard.press('Enter');
  await expect(scope.dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(scope.dialog).toBeHidden();
  await expect(scope.chip('-p')).toBeFocused();

  await page.getByRole('button', { name: 'Keys' }).focus();
  await page.keyboard.press('?');
  await expect(scope.dialog.getByRole('heading', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(scope.dialog).toBeHidden();

  await page.keyboard.press('i');
  await expect(scope.rulesText).toBeFocused();
  await page.keyboard.type('-A -t i?. ');
  await expect(scope.rulesText, 'keys mean letters in a field').toHaveValue('-A -t i?. ');
  await page.keyboard.press('Escape');
  await expect(scope.dialog).toBeHidden();
});

test('everything that can be pressed has a name', async ({ page, scope }) => {
  await scope.open();
  const nameless = await page.evaluate(() =>
    [
      ...document.querySelectorAll(
        'button, select, input, textarea, a[href], [role="slider"], [tabindex="0"]',
      ),
    ]
      .filter((element) => element.closest('[aria-hidden="true"], [inert]') === null)
      .filter(
        (element) =>
          !element.getAttribute('aria-label') &&
          !element.getAttribute('aria-labelledby') &&
          !element.textContent?.trim(),
      )
      .map((element) => element.outerHTML.slice(0, 120)),
  );
  expect(nameless).toEqual([]);
});

test('after a scenario was chosen the space bar means time', async ({ page, scope, transport }) => {
  await scope.open();
  await scope.choosePreset('NAT with two interfaces');
  await expect(transport.playButton).toBeFocused();
  await page.keyboard.press(' ');
  await expect(transport.toolbar.getByRole('button', { name: 'Play' })).toBeVisible();
});
