import { readSpan } from './support/numbers.ts';
import { expect, test } from './support/test.ts';

const OFF_RR = 'ipvsadm -E -t 192.168.1.6:80 -s rr';
const OFF_WLC = 'ipvsadm -E -t 192.168.1.6:80 -s wlc';

test('the -p chip issues the whole ipvsadm -E and shows it on stage, timeline and record', async ({
  scope,
  transport,
}) => {
  await scope.open();
  await transport.waitUntil(5);
  await scope.choosePersistence('off');
  await expect(scope.lastChange).toContainText(`d1# ${OFF_RR}`);
  await expect(scope.lastChange.locator('b')).toHaveText(OFF_RR);
  await expect(scope.timeline.getByRole('button', { name: `d1# ${OFF_RR}` })).toBeVisible();
  await scope.openTab('commands');
  await expect(scope.log).toContainText(`d1# ${OFF_RR}`);
  await scope.choosePersistence('60 s');
  await expect(scope.lastChange.locator('b')).toHaveText(`${OFF_RR} -p 60`);
});

test('under rr, -p off makes the spread even over the 60 s that begin 30 s later', async ({
  scope,
  transport,
  ledger,
}) => {
  await scope.open();
  await transport.waitUntil(30);
  await transport.pause();
  await scope.choosePersistence('off');
  await transport.move(90);
  expect(await ledger.jain()).toBeGreaterThan(0.95);
  await expect(ledger.sentence).toContainText('Evenly spread');
});

test('under wlc, -p off leaves the old server without connections, and the page says why', async ({
  scope,
  transport,
  ledger,
}) => {
  test.slow();
  await scope.open();
  await scope.chooseScheduler('wlc');
  await expect(scope.lastChange.locator('b')).toHaveText(`${OFF_WLC} -p 300`);
  await transport.atSpeed('max');
  await transport.waitUntil(60);
  await transport.pause();
  const old = await ledger.top();
  expect(old.share).toBeGreaterThanOrEqual(99);
  await scope.choosePersistence('off');
  await expect(scope.lastChange.locator('b')).toHaveText(OFF_WLC);

  await transport.move(60);
  expect((await ledger.line(old.name)).inactive).toBeGreaterThan(1000);
  await expect(ledger.sentence).toContainText(`${old.name} is held back`);
  await expect(ledger.sentence).toContainText('InActConn (FIN_WAIT 120 s)');
  await expect(ledger.sentence).toContainText('256·active + inactive');
  const words = (await ledger.sentence.textContent()) ?? '';
  const comeback = readSpan(/comes back in about (.+?)\.$/.exec(words)?.[1] ?? '');
  expect(comeback, words).toBeGreaterThan(15);
  expect(comeback, words).toBeLessThanOrEqual(60);

  await transport.move(30);
  const held = await ledger.line(old.name);
  expect(held.share, 'of the new connections of 60 s that begin 30 s later').toBeLessThan(5);
  expect(held.inactive).toBeGreaterThan(1000);
  await transport.move(comeback);
  expect((await ledger.line(old.name)).share, `it came back as foretold: ${words}`).toBeGreaterThan(5);
});

test('the preset “Switching -p off under wlc” shows the same without a click', async ({
  scope,
  transport,
  ledger,
}) => {
  await scope.open();
  await scope.choosePreset('Switching -p off under wlc');
  await transport.pause();
  await transport.move(30);
  const old = await ledger.top();
  expect(old.share).toBeGreaterThanOrEqual(99);
  await transport.moveTo(120);
  await expect(ledger.sentence).toContainText(`${old.name} is held back`);
  await transport.moveTo(150);
  const held = await ledger.line(old.name);
  expect(held.share).toBeLessThan(5);
  expect(held.inactive).toBeGreaterThan(1000);
  await expect(scope.timeline.getByRole('button', { name: `01:00 · d1# ${OFF_WLC}` })).toBeVisible();
});

test('many sources share the load out although -p stays on', async ({ scope, transport, ledger }) => {
  await scope.open();
  await transport.waitUntil(5);
  await transport.pause();
  await scope.chooseSources(200);
  await expect(scope.lastChange.locator('b')).toHaveText('loadgen set sources 200');
  await transport.move(90);
  expect(await ledger.jain()).toBeGreaterThan(0.8);
});
