import { expect, test } from './support/test.ts';

test('a weight that is edited issues the complete ipvsadm -e', async ({ scope, ledger, transport }) => {
  await scope.open();
  await transport.waitUntil(2);
  await ledger.row('rs2').getByRole('button', { name: 'Weight of rs2: 1. Edit' }).click();
  const field = ledger.row('rs2').getByRole('textbox', { name: 'New weight of rs2' });
  await expect(field).toBeFocused();
  await field.fill('5');
  await field.press('Enter');
  await expect(scope.lastChange.locator('b')).toHaveText(
    /^ipvsadm -e -t 192\.168\.1\.6:80 -r 192\.168\.1\.\d+:80 -g -w 5$/,
  );
  await expect(ledger.row('rs2').getByRole('button', { name: 'Weight of rs2: 5. Edit' })).toBeVisible();
  await expect(scope.stage, 'the text speaks of what was').toContainText(/As it began: ?\w/);
});

test('a terminal carries out ipvsadm -Ln and prints what the tool prints', async ({ scope, transport }) => {
  await scope.open();
  await transport.waitUntil(2);
  await transport.pause();
  await scope.type('ipvsadm -Ln');
  await expect(scope.log).toContainText('IP Virtual Server version 1.2.1 (size=4096)');
  await expect(scope.log).toContainText('TCP  192.168.1.6:80 rr persistent 300');
  await expect(scope.log).toContainText(/-> 192\.168\.1\.\d+:80 +Route +1 +\d+ +\d+/);
  await expect(scope.lastChange, 'looking changes nothing').toHaveText('');
  await expect(scope.stage).not.toContainText('As it began');
});

test('an unknown command gets the shell’s words', async ({ scope, transport }) => {
  await scope.open();
  await transport.waitUntil(1);
  await scope.type('foo');
  await expect(scope.log).toContainText('bash: foo: command not found');
});

test('a command of a terminal changes the cluster as a chip does', async ({ scope, transport, ledger }) => {
  await scope.open();
  await transport.waitUntil(1);
  await scope.type('ipvsadm -E -t 192.168.1.6:80 -s sh');
  await expect(scope.chip('scheduler')).toHaveAccessibleName('scheduler sh');
  await expect(scope.chip('-p')).toHaveAccessibleName('-p off');
  await scope.type('ipvsadm -d -t 192.168.1.6:80 -r 192.168.1.99:80');
  await expect(scope.log).toContainText('No such destination');
  await expect(ledger.rows).toHaveCount(4);
});

test('the table of the director stands in its own tab and moves on with the run', async ({
  scope,
  transport,
}) => {
  await scope.open();
  await scope.openTab('ipvsadm -Ln');
  await expect(scope.record).toContainText('d1# ipvsadm -Ln');
  await expect(scope.record).toContainText('TCP  192.168.1.6:80 rr persistent 300');
  const listing = scope.record.getByRole('tabpanel');
  const before = await listing.textContent();
  await transport.waitUntil((await transport.seconds()) + 3);
  await expect(listing).not.toHaveText(before ?? '');
});

test('another forwarding method is a new run, and the page shows the script of all hosts', async ({
  page,
  scope,
  ledger,
  transport,
}) => {
  await scope.open();
  await transport.waitUntil(3);
  await scope.chip('forwarding').click();
  await page.getByRole('menuitemradio', { name: /^NAT/ }).click();
  await expect(scope.chip('forwarding')).toHaveAccessibleName('forwarding NAT');
  const script = page.getByLabel('Commands on all hosts');
  await expect(script).toContainText(/d1# .*ipvsadm -a -t 192\.168\.1\.6:80 -r \S+ -m/);
  await expect(script).toContainText(/rs1# ip route .*default via/);
  await expect(ledger.rows).toHaveCount(4);
  await transport.waitUntil(5);
  await expect.poll(async () => (await ledger.top()).share).toBeGreaterThanOrEqual(99);
});

test('a new run with another cabling goes on with what chips have changed', async ({
  page,
  scope,
  ledger,
  transport,
}) => {
  await scope.open();
  await transport.waitUntil(3);
  await scope.chooseScheduler('wlc');
  await scope.choosePersistence('off');
  await scope.chooseSources(50);
  await scope.chip('forwarding').click();
  await page.getByRole('menuitemradio', { name: /^NAT/ }).click();
  await expect(scope.chip('forwarding')).toHaveAccessibleName('forwarding NAT');
  await expect(scope.chip('scheduler')).toHaveAccessibleName('scheduler wlc');
  await expect(scope.chip('-p')).toHaveAccessibleName('-p off');
  await expect(scope.chip('sources')).toHaveAccessibleName('sources 50');
  await transport.waitUntil(5);
  await expect.poll(async () => ledger.jain()).toBeGreaterThan(0.95);
});
