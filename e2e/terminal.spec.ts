import { expect, test } from './support/test.ts';

test.beforeEach(async ({ scope, transport }) => {
  await scope.open();
  await transport.waitUntil(1);
  await scope.openTerminal('d1');
});

test('a history on the arrow keys and Ctrl-R; a line is mended in the middle', async ({ page, scope }) => {
  await page.keyboard.type('hostname\n');
  await expect(scope.screen).toContainText('root@d1:~# hostname');
  await page.keyboard.type('ip link show lo\n');
  await expect(scope.screen).toContainText('LOOPBACK');
  await page.keyboard.press('Control+l');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(scope.screen).toContainText('root@d1:~# hostname');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Home');
  await page.keyboard.type('x');
  await expect(scope.screen).toContainText('root@d1:~# xip link show lo');
  await page.keyboard.press('Control+c');
  await page.keyboard.press('Control+r');
  await page.keyboard.type('host');
  await expect(scope.screen).toContainText("(reverse-i-search)`host': hostname");
});

test('Tab completes programs and addresses', async ({ page, scope }) => {
  await page.keyboard.type('ipvsa');
  await page.keyboard.press('Tab');
  // the line being typed is the last; those above begin with the same word
  await expect(scope.screen).toContainText(/root@d1:~# ipvsadm\s*$/);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(scope.screen).toContainText(/ipvsadm +ipvsadm-restore/);
});

test('watch streams in the simulation’s time until Ctrl-C, and stands as a flag on the timeline', async ({
  page,
  scope,
  transport,
}) => {
  await page.keyboard.type('watch -n1 ipvsadm -Ln\n');
  await expect(scope.screen).toContainText('Every 1.0s: ipvsadm -Ln');
  const before = await scope.screen.textContent();
  await transport.waitUntil((await transport.seconds()) + 5);
  await expect(scope.screen).not.toHaveText(before ?? '');
  await page.keyboard.press('Control+c');
  await page.keyboard.type('hostname\n');
  await expect(scope.screen).toContainText('root@d1:~# hostname');
  await expect(scope.timeline.getByRole('button', { name: /d1# watch -n1 ipvsadm -Ln/ })).toBeAttached();
});

test('what was typed happens again after going back, and the terminal shows only what has happened', async ({
  page,
  scope,
  transport,
}) => {
  await transport.pause();
  const typedAt = Math.floor(await transport.seconds());
  await scope.openTerminal('d1');
  await page.keyboard.type('echo marker > /tmp/note; cat /tmp/note\n');
  await expect(scope.screen).toContainText('marker');
  await page.keyboard.press('Tab');
  await transport.move(2);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await transport.move(-2 - typedAt);
  await expect(scope.screen, 'before it was typed').not.toContainText('cat /tmp/note');
  await transport.move(typedAt + 2);
  await expect(scope.screen, 'typed again at its place').toContainText('cat /tmp/note');
});

test('a click is in the history of its host', async ({ page, scope }) => {
  await scope.stage.getByRole('button', { name: /^rs1:/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: /ip link set eth0 down/ }).click();
  await expect(scope.lastChange.locator('b')).toHaveText('ip link set eth0 down');
  await scope.openTerminal('rs1');
  await page.keyboard.press('ArrowUp');
  await expect(scope.screen).toContainText('root@rs1:~# ip link set eth0 down');
});

test('the terminal of another scenario begins with the commands that made its host', async ({ scope }) => {
  await scope.open();
  await scope.choosePreset('NAT with two interfaces');
  await expect(scope.screen).toContainText('ipvsadm -A -t 192.168.1.6:80 -s rr');
  await expect(scope.screen).toContainText('-r 172.16.0.13:80 -m -w 1');
  await expect(scope.screen, 'no prompt of the world before').not.toContainText(/# root@d1/);
});
