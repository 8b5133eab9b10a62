import { expect, test } from './support/test.ts';

test('a decision that is clicked is explained and held, beside what the other schedulers would take', async ({
  scope,
  transport,
}) => {
  await scope.open();
  await transport.waitUntil(5);
  await transport.pause();
  await scope.openTab('decisions');
  const decision = scope.record.getByRole('region', { name: 'decisions' }).getByRole('button').nth(3);
  await decision.click();
  await expect(decision).toHaveAttribute('aria-pressed', 'true');
  const when = (await decision.locator('span').first().textContent()) ?? '';
  await expect(scope.why).toContainText(when);
  await expect(scope.why).toContainText(/because a template holds client \S+ to it, \d+ s left/);
  await expect(scope.why).toContainText('Other schedulers, bound now with fresh state, would take:');
  const others = scope.why.getByRole('listitem');
  await expect(others.filter({ hasText: /\bsed\b/ })).toHaveCount(1);
  await expect(others.filter({ hasText: /\bwlc\b/ })).toHaveCount(1);
  await scope.why.getByRole('button', { name: 'Follow the newest' }).click();
  await expect(decision).toHaveAttribute('aria-pressed', 'false');
});

test('under wlc the candidates stand with the integers that were compared', async ({ scope, transport }) => {
  await scope.open();
  await transport.waitUntil(2);
  await scope.choosePersistence('off');
  await scope.chooseScheduler('wlc');
  await transport.waitUntil((await transport.seconds()) + 5);
  await transport.pause();
  await expect(scope.why).toContainText(/because (wlc compares load by weight, and )?its .+ is the least/);
  const table = scope.why.getByRole('table');
  await expect(table.getByRole('columnheader', { name: 'active·256 + inactive' })).toBeVisible();
  await expect(table.getByRole('row')).toHaveCount(5);
  await expect(table.getByRole('row').filter({ hasText: 'chosen' })).toHaveCount(1);
  const loads = await table.locator('tbody tr').evaluateAll((rows) =>
    rows.map((row) => ({
      chosen: row.textContent?.includes('chosen') ?? false,
      text: row.children[2]?.textContent ?? '',
      byWeight: Number((row.children[3]?.textContent ?? '').replaceAll(/\s/g, '')),
    })),
  );
  const least = Math.min(...loads.map((load) => load.byWeight));
  expect(loads.find((load) => load.chosen)?.byWeight).toBe(least);
});

test('[ and ] walk through the decisions', async ({ page, scope, transport }) => {
  await scope.open();
  await transport.waitUntil(3);
  await transport.pause();
  const number = async (): Promise<number> =>
    Number(/#(\d+)/.exec((await scope.why.textContent()) ?? '')?.[1] ?? Number.NaN);
  await page.keyboard.press('[');
  await expect(scope.why.getByRole('button', { name: 'Follow the newest' })).toBeVisible();
  // the explanation comes from the worker: it is the held one's once it stays the same
  let at = Number.NaN;
  const settled = async (): Promise<boolean> => {
    const before = at;
    at = await number();
    return at === before;
  };
  await expect.poll(settled, { intervals: [1000] }).toBe(true);
  await page.keyboard.press('[');
  await expect.poll(number).toBe(at - 1);
  await page.keyboard.press(']');
  await expect.poll(number).toBe(at);
  await page.keyboard.press('Escape');
  await expect(scope.why.getByRole('button', { name: 'Hold this one' })).toBeVisible();
});
