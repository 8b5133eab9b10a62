import { withoutCure } from './support/arp-problem.ts';
import { expect, test } from './support/test.ts';

test('a server that answers for the VIP takes the traffic, until sysctl typed on it cures that', async ({
  page,
  scope,
  transport,
  ledger,
}) => {
  test.slow();
  await scope.open();
  await scope.paste(withoutCure('rs2'));
  await expect(page.getByRole('tab', { name: 'who believes what' })).toBeVisible();
  await transport.atSpeed(10);
  await transport.waitUntil(5);
  await scope.openTab('who believes what');
  const router = scope.record.getByRole('row', { name: /^router/ });
  await expect(router, 'the router has rs2’s MAC for the VIP').toContainText(/rs2 · wrong/);
  await expect(router.getByRole('cell').last()).toContainText('wrong');
  await expect(scope.record).toContainText('router sends to rs2, which is not the director');
  await expect
    .poll(async () => (await ledger.line('rs2')).established + (await ledger.line('rs2')).timeWait, {
      message: 'rs2 serves what the director never saw',
    })
    .toBeGreaterThan(0);
  expect((await ledger.line('rs2')).active).toBe(0);

  await scope.type('sysctl -w net.ipv4.conf.all.arp_ignore=1', 'rs2');
  await scope.type('sysctl -w net.ipv4.conf.all.arp_announce=2', 'rs2');
  await scope.type('ip neigh flush all', 'router');
  await scope.openTab('who believes what');
  await expect(router, 'asked anew, only the director answers').toContainText(/· wrong.*d1/s);
  await expect(router.getByRole('cell').last()).not.toContainText('wrong');
  await expect.poll(async () => (await ledger.lines()).every((line) => line.share > 0)).toBe(true);
});
