import { expect, test } from './support/test.ts';

test('the master is killed, the router keeps its MAC, and one arping ends the outage', async ({
  page,
  scope,
  transport,
}) => {
  test.slow();
  await scope.open();
  await scope.choosePreset('The router keeps a dead MAC');
  await transport.atSpeed(10);
  await transport.waitUntil(5);
  await scope.stage.getByRole('button', { name: /^d1:/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: /poweroff/ }).click();
  await expect(scope.stage.getByRole('button', { name: /^d1:.*off/ })).toBeVisible();
  await transport.waitUntil(30);
  await scope.openTab('fail-over');
  await expect(scope.record.getByRole('row', { name: /^d2/ }).first()).toContainText('MASTER');
  await expect(scope.record, 'the outage goes on').toContainText('outage, so far');
  await expect(scope.timeline).toContainText(/outage \d+\.\d s/);
  await scope.openTab('who believes what');
  await expect(scope.record.getByRole('row', { name: /^router/ })).toContainText('d1 · wrong');

  await scope.type('arping -U -c 3 -I eth0 192.168.1.6', 'd2');
  await scope.openTab('fail-over');
  await expect(scope.record.getByRole('row', { name: /^first good request/ })).toBeVisible();
  await expect(scope.record).not.toContainText('outage, so far');
  await scope.openTab('who believes what');
  await expect(
    scope.record
      .getByRole('row', { name: /^router/ })
      .getByRole('cell')
      .last(),
  ).not.toContainText('wrong');
});

test('after a fail-over the reason is the one of the director that decides now', async ({
  scope,
  transport,
}) => {
  await scope.open();
  await scope.choosePreset('keepalived announces by itself');
  await transport.atSpeed(10);
  await transport.waitUntil(10);
  await expect(scope.why).toContainText('d1 #');
  await transport.waitUntil(35);
  await expect(scope.why).toContainText('d2 #');
});
