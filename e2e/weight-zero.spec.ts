import { expect, test } from './support/test.ts';

test('why weight 0 still gets traffic: the cells that hold now move with the settings', async ({
  page,
  scope,
  transport,
}) => {
  await scope.open();
  await scope.choosePreset('ldirectord sets weight 0, clients keep coming');
  await transport.atSpeed('max');
  await transport.waitUntil(60);
  await transport.atSpeed(1);
  await scope.stage.getByRole('button', { name: 'Weight 0: every case answered' }).click();

  const cells = scope.dialog.getByRole('cell');
  await expect(cells).toHaveCount(32);
  const live = scope.dialog.locator('td[data-live="true"]');
  await expect(live).toHaveCount(2);
  await expect(live.first(), 'a new connection').toContainText('each attempt renews it');
  await expect(live.first()).toHaveAttribute('data-outcome', 'dead-server');
  await expect(scope.dialog).toContainText('rs1 has weight 0');

  const template = scope.dialog.getByRole('group', { name: 'expire_quiescent_template' });
  await template.getByRole('button', { name: '1' }).focus();
  await page.keyboard.press('Enter');
  await expect(live.first()).toHaveAttribute('data-outcome', 'another-server');
  await expect(live.nth(1), 'an open connection stays').toHaveAttribute('data-outcome', 'dead-server');
  await page.keyboard.press('Escape');
  await expect(scope.dialog).toBeHidden();
  await expect(scope.lastChange).toContainText('sysctl -w net.ipv4.vs.expire_quiescent_template=1');
});

test('the table is opened from the palette, and a server that is taken out moves the cells', async ({
  page,
  scope,
}) => {
  await scope.open();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Find and do' })).toBeFocused();
  await page.keyboard.type('why does it still get');
  await page.keyboard.press('Enter');
  const live = scope.dialog.locator('td[data-live="true"]');
  await expect(live, 'no server is out: weight 0 and deleted are both marked').toHaveCount(4);
  const out = scope.dialog.getByRole('group', { name: 'Take rs1 out' });
  await out.getByRole('button', { name: 'weight 0' }).click();
  await expect(live).toHaveCount(2);
  await out.getByRole('button', { name: 'delete' }).click();
  await expect(live.first()).toHaveAttribute('data-outcome', 'another-server');
  await expect(live.nth(1)).toHaveAttribute('data-outcome', 'silence');
});

test('on a phone each case names its sysctls, and nothing is cut', async ({ page, scope }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await scope.open();
  await page.keyboard.press('w');
  await expect(
    scope.dialog.getByText('expire_nodest_conn=1 · expire_quiescent_template=1').first(),
  ).toBeVisible();
  const wider = await scope.dialog.evaluate(
    (dialog) =>
      [dialog, ...dialog.querySelectorAll('*')].filter((one) => one.scrollWidth > dialog.clientWidth).length,
  );
  expect(wider).toBe(0);
});
