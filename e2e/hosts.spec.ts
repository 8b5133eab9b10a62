import { expect, test } from './support/test.ts';

test('a click on a host shows what the tools say there, now', async ({ scope, transport }) => {
  await scope.open();
  await transport.waitUntil(2);
  await scope.stage.getByRole('button', { name: /^rs1:/ }).click();
  await expect(scope.dialog.locator('pre[aria-label="ip addr"]')).toContainText('inet 192.168.1.11/24');
  await expect(scope.dialog.locator('pre[aria-label="ip addr"]')).toContainText(
    'inet 192.168.1.6/32 scope global lo',
  );
  await scope.dialog.getByRole('tab', { name: 'ip route' }).click();
  await expect(scope.dialog.locator('pre[aria-label="ip route"]')).toContainText('192.168.1.0/24 dev eth0');
  await scope.dialog.getByRole('tab', { name: 'sysctl' }).click();
  await expect(scope.dialog.locator('pre[aria-label^="sysctl"]')).toContainText(
    'net.ipv4.conf.all.arp_ignore = 1',
  );
});

test('faults come from a right click and from a menu that the keyboard reaches; each is a command', async ({
  page,
  scope,
  transport,
  ledger,
}) => {
  await scope.open();
  await transport.waitUntil(2);
  await scope.stage.getByRole('button', { name: /^rs3:/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: /systemctl stop httpd/ }).click();
  await expect(scope.timeline.getByRole('button', { name: /rs3# systemctl stop httpd/ })).toBeAttached();
  await expect(ledger.row('rs3')).toContainText('refusing');

  await scope.stage.getByRole('button', { name: /^rs3:/ }).focus();
  await page.keyboard.press('Enter');
  await scope.dialog.getByRole('button', { name: 'Break or mend' }).focus();
  await page.keyboard.press('Enter');
  const items = page.getByRole('menuitem');
  await expect(items.first(), 'the first key opens it at its first entry').toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(items.nth(1)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toBeHidden();
  await expect(scope.dialog.getByRole('button', { name: 'Break or mend' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(items.first()).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(items.last()).toBeFocused();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(scope.lastChange.locator('b')).toHaveText('ip link set eth0 down');
});

test('a pulled cable is crossed out on the stage until it is plugged in', async ({
  page,
  scope,
  transport,
}) => {
  await scope.open();
  await scope.choosePreset('The heartbeat cable is pulled');
  const cross = scope.stage.locator('[data-pulled="d1 beat"]');
  await expect(cross).toHaveCount(0);
  await page.getByRole('toolbar').getByRole('combobox').selectOption('10');
  await transport.waitUntil(22);
  await expect(cross).toHaveCount(1);
  await page.getByRole('button', { name: 'Plug the cable in again' }).click();
  await expect(cross).toHaveCount(0);
});

test('a director without power shows it on the stage, and comes back', async ({ page, scope, transport }) => {
  await scope.open();
  await transport.waitUntil(2);
  await scope.stage.getByRole('button', { name: /^d1:/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: /poweroff/ }).click();
  await expect(scope.stage.getByRole('button', { name: /^d1:.*off/ })).toBeVisible();
  await scope.stage.getByRole('button', { name: /^d1:/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: /poweron/ }).click();
  await expect(scope.stage.getByRole('button', { name: /^d1: details$/ })).toBeVisible();
});

test('a click on a cable shows its rate, loss, queue and MTU', async ({ scope, transport }) => {
  await scope.open();
  await transport.waitUntil(2);
  await scope.stage.getByRole('button', { name: 'Cable of rs4 to lan' }).click();
  await expect(scope.dialog).toContainText('1 500');
  await expect(scope.dialog.getByRole('row', { name: /^out/ })).toContainText(/bit\/s/);
  await expect(scope.dialog.getByRole('row', { name: /^state/ })).toContainText('UP');
});

test('a fork runs two futures, tells them apart, and keeps the one that is wanted', async ({
  page,
  scope,
  transport,
}) => {
  await scope.open();
  await transport.waitUntil(10);
  await page.keyboard.press('f');
  await expect(scope.record.getByRole('tab', { name: 'two futures' })).toBeVisible();
  await expect(scope.record).toContainText('Both are the same so far.');
  await scope.choosePersistence('off');
  await expect(scope.record).toContainText('d1# ipvsadm -E -t 192.168.1.6:80 -s rr');
  await expect(scope.record.getByRole('row', { name: /^requests answered/ })).toContainText(/\d/);
  await scope.record.getByRole('button', { name: 'Show A' }).click();
  await expect(scope.chip('-p')).toHaveAccessibleName('-p 300 s');
  await scope.record.getByRole('button', { name: 'Keep A' }).click();
  await expect(scope.record.getByRole('tab', { name: 'two futures' })).toHaveCount(0);
});

test('the page says what was held against recordings of a real kernel, and what differs', async ({
  page,
  scope,
}) => {
  await scope.open();
  await page.keyboard.press('v');
  await expect(scope.dialog).toContainText('facts agree');
  await scope.dialog.getByRole('textbox').fill('wlc');
  await expect(scope.dialog.getByRole('row', { name: /wlc/ }).first()).toContainText('6.1.');
  await expect(scope.dialog.getByRole('heading', { name: 'Known differences' })).toBeAttached();
});

test('Ctrl-K finds scenarios, actions, and takes a command for the director', async ({ page, scope }) => {
  await scope.open();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Find and do' })).toBeFocused();
  await page.keyboard.type('ipvsadm -Ln --stats');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await scope.openTab('commands');
  await expect(scope.log).toContainText('d1# ipvsadm -Ln --stats');
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Find and do' })).toBeFocused();
  await page.keyboard.type('page of many');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Scenario: A page of many objects' })).toBeVisible();

  // other lessons speak of it, too: the title that is typed in full comes first
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Find and do' })).toBeFocused();
  await page.keyboard.type('The ARP problem');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Scenario: The ARP problem' })).toBeVisible();
});
