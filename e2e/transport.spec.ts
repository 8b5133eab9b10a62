import { expect, test } from './support/test.ts';

test('space pauses and plays; while paused nothing moves', async ({ page, scope, transport, ledger }) => {
  await scope.open();
  await transport.waitUntil(3);
  await page.keyboard.press(' ');
  await expect(transport.toolbar.getByRole('button', { name: 'Play', exact: true })).toBeVisible();
  await transport.hasStopped();
  const stood = { at: await transport.seconds(), lines: await ledger.lines() };
  // what would change it comes with a turn of the screen: some turns on, all is as it was
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        let turns = 20;
        const turn = (): void => (turns-- > 0 ? void requestAnimationFrame(turn) : resolve());
        turn();
      }),
  );
  expect({ at: await transport.seconds(), lines: await ledger.lines() }).toEqual(stood);
  await page.keyboard.press(' ');
  await transport.waitUntil(stood.at + 1);
});

test('one event at a time: the clock moves by microseconds', async ({ page, scope, transport }) => {
  await scope.open();
  await transport.waitUntil(2);
  await transport.pause();
  await transport.atSpeed(0.001);
  const before = await transport.seconds();
  for (let i = 0; i < 12; i++) await page.keyboard.press('.');
  await expect.poll(async () => transport.seconds()).toBeGreaterThan(before);
  const byKey = await transport.seconds();
  expect(byKey - before).toBeLessThan(0.5);
  const step = transport.toolbar.getByRole('button', { name: 'One event' });
  for (let i = 0; i < 12; i++) await step.click();
  await expect.poll(async () => transport.seconds()).toBeGreaterThan(byKey);
});

test('back in time and forward again gives the very same numbers', async ({
  page,
  scope,
  transport,
  ledger,
}) => {
  await scope.open();
  await transport.waitUntil(10);
  await transport.pause();
  const shown = async (): Promise<unknown> => ({ jain: await ledger.jain(), lines: await ledger.lines() });
  await transport.move(3);
  const at = await transport.seconds();
  const first = await shown();
  await scope.choosePersistence('off');
  await transport.move(8);
  const then = await shown();

  for (let i = 0; i < 9; i++) await page.keyboard.press('ArrowLeft');
  await transport.standsAt(at - 1);
  await expect(scope.chip('-p')).toHaveAccessibleName('-p 300 s');
  await transport.move(1);
  // a command at an instant is carried out when the run gets to that instant
  await expect(scope.chip('-p')).toHaveAccessibleName('-p off');
  expect(await shown()).toEqual(first);

  for (let i = 0; i < 8; i++) await page.keyboard.press('ArrowRight');
  await transport.standsAt(at + 8);
  expect(await shown()).toEqual(then);
});

test('Home goes to the start, and the same first seconds come again', async ({
  page,
  scope,
  transport,
  ledger,
}) => {
  await scope.open();
  await transport.waitUntil(4);
  await transport.pause();
  const at = Math.floor(await transport.seconds());
  await page.keyboard.press('Home');
  await transport.standsAt(0);
  await transport.move(at);
  const first = await ledger.lines();
  await page.keyboard.press('Home');
  await transport.standsAt(0);
  await transport.move(at);
  expect(await ledger.lines()).toEqual(first);
});

test('+ and − go through the speeds', async ({ page, scope, transport }) => {
  await scope.open();
  await expect(transport.speed).toHaveValue('10');
  await page.keyboard.press('+');
  await expect(transport.speed).toHaveValue('30');
  await page.keyboard.press('-');
  await page.keyboard.press('-');
  await expect(transport.speed).toHaveValue('5');
  for (let i = 0; i < 12; i++) await page.keyboard.press('-');
  await expect(transport.speed).toHaveValue('0.001');
  for (let i = 0; i < 12; i++) await page.keyboard.press('+');
  await expect(transport.speed).toHaveValue('max');
});

test('the playhead can be dragged back to another moment', async ({ page, scope, transport }) => {
  await scope.open();
  await transport.waitUntil(20);
  await transport.pause();
  const before = await transport.seconds();
  const playhead = page.getByRole('slider', { name: 'Time' });
  const box = await playhead.boundingBox();
  if (box === null) throw new Error('the playhead is not on the page');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.3, y);
  await page.mouse.down();
  await page.mouse.move(box.x + 60, y, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => transport.seconds()).toBeLessThan(before);
  await transport.hasStopped();
  await expect(playhead).toHaveAttribute('aria-valuetext', (await transport.clock.textContent()) ?? '');
});
