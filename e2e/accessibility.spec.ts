import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { withoutCure } from './support/arp-problem.ts';
import { DR_RULES } from './support/rules.ts';
import { expect, test } from './support/test.ts';

/** What axe calls serious or critical, with the places. */
async function serious(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.html.slice(0, 160)}`),
    );
}

for (const theme of ['light', 'dark'] as const) {
  for (const locale of ['en-US', 'zh-CN']) {
    test.describe(`${theme}, ${locale}`, () => {
      test.use({ colorScheme: theme, locale });

      test('axe finds nothing serious on the page, its dialogs, menus and panels', async ({
        page,
        scope,
        transport,
      }) => {
        test.slow();
        await scope.open();
        await transport.waitUntil(3);
        await page.keyboard.press(' ');
        expect.soft(await serious(page), 'the page').toEqual([]);

        await scope.chips.getByRole('button', { name: /\brr$/ }).click();
        await expect(page.getByRole('menu')).toBeVisible();
        expect.soft(await serious(page), 'the menu of schedulers').toEqual([]);
        await page.keyboard.press('Escape');

        await scope.chips.getByRole('button', { name: /^-p / }).click();
        await expect(scope.dialog).toBeVisible();
        expect.soft(await serious(page), 'the panel of -p').toEqual([]);
        await page.keyboard.press('Escape');

        await scope.stage.getByRole('button', { name: /^rs1\b/ }).click();
        await expect(scope.dialog).toBeVisible();
        expect.soft(await serious(page), 'the details of a server').toEqual([]);
        await page.keyboard.press('Escape');
        await expect(scope.dialog).toBeHidden();

        await page.keyboard.press('f');
        await expect(scope.record.getByRole('region')).toBeVisible();
        expect.soft(await serious(page), 'two futures').toEqual([]);

        await page.keyboard.press('Control+k');
        await expect(scope.dialog).toBeVisible();
        expect.soft(await serious(page), 'the palette').toEqual([]);
        await page.keyboard.press('Escape');
        await expect(scope.dialog).toBeHidden();

        await page.keyboard.press('v');
        await expect(scope.dialog.getByRole('table').first()).toBeVisible();
        expect.soft(await serious(page), 'verified against Linux').toEqual([]);
        await page.keyboard.press('Escape');
        await expect(scope.dialog).toBeHidden();

        await page.keyboard.press('w');
        await expect(scope.dialog.getByRole('table')).toBeVisible();
        expect.soft(await serious(page), 'why weight 0 still gets traffic').toEqual([]);
        await page.keyboard.press('Escape');
        await expect(scope.dialog).toBeHidden();

        await page.keyboard.press('?');
        await expect(scope.dialog).toBeVisible();
        expect.soft(await serious(page), 'the keys').toEqual([]);
        await page.keyboard.press('Escape');
        await expect(scope.dialog).toBeHidden();

        await page.keyboard.press('p');
        await page.locator('[class*="plain"] button').click();
        await expect(
          page
            .getByRole('option')
            .filter({ has: page.locator('i') })
            .nth(3),
        ).toBeVisible();
        await page.keyboard.press(' ');
        await page.keyboard.press('n');
        expect.soft(await serious(page), 'packets and an open frame').toEqual([]);
        await page.keyboard.press('Escape');
        await page.keyboard.press('p');

        await scope.paste(DR_RULES.replace('-g -w 1', '-g -w one'));
        await expect(scope.dialog.getByRole('alert')).toBeVisible();
        expect.soft(await serious(page), 'the import with an error').toEqual([]);
        await scope.rulesText.fill(DR_RULES);
        await scope.dialog.getByRole('button').last().click();
        await expect(scope.dialog).toBeHidden();
        await expect(page.locator('tr[data-server]')).toHaveCount(3);
        expect.soft(await serious(page), 'rules with their assumptions').toEqual([]);

        await scope.paste(withoutCure('rs2'));
        await scope.record.getByRole('tab', { name: /who believes what|谁信什么/ }).click();
        await expect(scope.record.getByRole('table')).toBeVisible();
        expect.soft(await serious(page), 'who believes what').toEqual([]);
      });
    });
  }
}
