import { expect, test } from './support/test.ts';

test('a first visit shows the pitfall already playing: one sentence, one server with everything', async ({
  page,
  ledger,
  transport,
}) => {
  await page.goto('./', { waitUntil: 'load' });
  await expect(ledger.sentence, 'within five seconds of the load').toContainText(
    /^rs\d takes 100\s%.* because -p holds 1 client to 1 server$/,
    { timeout: 5000 },
  );
  const [top, ...others] = (await ledger.lines()).toSorted((a, b) => b.share - a.share);
  expect(top?.share).toBeGreaterThanOrEqual(99);
  expect(others.map((line) => line.share)).toEqual([0, 0, 0]);
  const before = await transport.seconds();
  await expect.poll(async () => transport.seconds(), { message: 'time runs' }).toBeGreaterThan(before);
});

test('Jain’s index of the new connections of the last 60 s stays below 0.35', async ({
  scope,
  ledger,
  transport,
}) => {
  await scope.open();
  await transport.atSpeed('max');
  await transport.waitUntil(60);
  await transport.pause();
  expect(await ledger.jain()).toBeLessThan(0.35);
  await expect(ledger.section).toContainText('over 60 s');
});

test('what the scenario teaches stands above the stage, and the title names it', async ({ page, scope }) => {
  await scope.open();
  await expect(page).toHaveTitle('Stress test from one machine, with -p · LVScope');
  await expect(scope.stage).toContainText('persistence keeps a client address on its server');
  await expect(
    scope.stage.getByRole('button', { name: /^rs1: \d+ active connections, weight 1$/ }),
  ).toBeVisible();
});
