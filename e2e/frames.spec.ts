import type { Packets } from './support/packets.ts';
import type { Scope } from './support/scope.ts';
import { expect, test } from './support/test.ts';
import type { Transport } from './support/transport.ts';

const ALL_METHODS = 'DR, TUN and NAT beside each other';
const FIRST_SYN = 'tcp.flags.syn == 1 && tcp.flags.ack == 0';

/** A service with a server of each method, a while into its run and paused. */
async function begun(scope: Scope, packets: Packets, transport: Transport): Promise<void> {
  await scope.open();
  await scope.choosePreset(ALL_METHODS);
  await packets.runFrameByFrame();
  await transport.atSpeed(0.1);
  await transport.waitUntil(0.35);
  await transport.pause();
}

test('direct routing rewrites the MAC only, and the reply does not pass the director', async ({
  scope,
  packets,
  transport,
}) => {
  test.slow();
  await begun(scope, packets, transport);
  await packets.listen('d1:eth0', `${FIRST_SYN} && !(ip.proto == 4)`);
  await packets.open('→ d1:eth0');
  await expect(packets.inspector).toHaveAttribute('data-hop', 'direct');
  await expect(packets.inspector).toContainText('The reply will not pass here.');
  for (const name of ['eth.dst', 'eth.src', 'ip.ttl']) {
    await expect(packets.field(name)).toHaveAttribute('data-changed', 'true');
    await expect(packets.field(name).locator('del')).not.toBeEmpty();
  }
  await expect(packets.field('ip.dst')).toHaveAttribute('data-changed', 'false');
  await expect(packets.field('ip.dst')).toContainText('192.168.1.6');

  await packets.inspector.getByRole('button', { name: 'Follow connection' }).click();
  await packets.listen('d1', 'ip');
  await expect(packets.rows.first()).toBeVisible();
  await expect(packets.rows.filter({ hasText: '80 → ' }), 'no reply at the director').toHaveCount(0);
  await packets.listen('every frame, once', 'ip.src == 192.168.1.6');
  await expect(packets.rows.filter({ hasText: '→ rs1:eth0' }).first(), 'it leaves the server').toBeVisible();
  await expect(packets.rows.filter({ hasText: '→ d1:' })).toHaveCount(0);
});

test('a tunnel puts the packet into an envelope; inside, nothing but the TTL is new', async ({
  scope,
  packets,
  transport,
}) => {
  test.slow();
  await begun(scope, packets, transport);
  await packets.listen('d1:eth0', `${FIRST_SYN} && ip.proto == 4`);
  await packets.open('→ d1:eth0');
  await expect(packets.inspector).toHaveAttribute('data-hop', 'tunnelled');
  await expect(packets.inspector.locator('[data-layer="ip"]')).toHaveCount(2);
  await expect(packets.field('ip.dst', 0), 'the envelope').toContainText('192.168.50.12');
  await expect(packets.field('ip.dst', 1), 'the packet').toContainText('192.168.1.6');
  await expect(packets.field('ip.dst', 0)).toHaveAttribute('data-changed', 'true');
  await expect(packets.field('ip.dst', 1)).toHaveAttribute('data-changed', 'false');
  await expect(packets.field('ip.ttl', 1).locator('del')).not.toBeEmpty();
  await expect(packets.field('ip.proto', 0)).toContainText('IPIP (4)');
});

test('NAT writes the destination on the way there, and the source on the way back', async ({
  scope,
  packets,
  transport,
}) => {
  test.slow();
  await begun(scope, packets, transport);
  await packets.listen('d1:eth1', FIRST_SYN);
  await packets.open('→ d1:eth1');
  await expect(packets.inspector).toHaveAttribute('data-hop', 'nat-there');
  await expect(packets.field('ip.dst').locator('del')).toHaveText('192.168.1.6');
  await expect(packets.field('ip.dst')).toContainText('172.16.0.13');

  await packets.listen('d1:eth0', 'tcp.flags.syn == 1 && tcp.flags.ack == 1');
  await packets.open('→ d1:eth0');
  await expect(packets.inspector).toHaveAttribute('data-hop', 'nat-back');
  await expect(packets.field('ip.src').locator('del')).toHaveText('172.16.0.13');
  await expect(packets.field('ip.src')).toContainText('192.168.1.6');
});

test('a filter that cannot be read says where and why, and the list stays', async ({
  scope,
  packets,
  transport,
}) => {
  test.slow();
  await begun(scope, packets, transport);
  await packets.filter.fill('arp');
  await expect(packets.rows.filter({ hasText: 'TCP' })).toHaveCount(0);
  await expect(packets.rows.filter({ hasText: 'Who has' }).first()).toBeVisible();
  await packets.filter.fill('arp || tcp.flags.sin == 1');
  await expect(packets.drawer.getByRole('alert')).toHaveText(
    'At letter 8: found “tcp.flags.sin”, wanted a field such as ip.addr, tcp.flags.syn or arp.',
  );
  await expect(packets.rows.filter({ hasText: 'Who has' }).first()).toBeVisible();
  await packets.filter.fill('');
  await expect(packets.drawer.getByRole('alert')).toBeHidden();
});

test('n and N walk through the frames, Esc closes one, > goes on to the next', async ({
  page,
  scope,
  packets,
  transport,
}) => {
  test.slow();
  await begun(scope, packets, transport);
  await page.locator('body').press('n');
  const number = async (): Promise<number> =>
    Number(/Frame (\d+)/.exec((await packets.inspector.textContent()) ?? '')?.[1] ?? Number.NaN);
  await expect(packets.inspector).toBeVisible();
  const newest = await number();
  await page.locator('body').press('N');
  await expect.poll(number).toBeLessThan(newest);
  await page.locator('body').press('n');
  await expect.poll(number).toBe(newest);
  await page.locator('body').press('Escape');
  await expect(packets.inspector).toBeHidden();
  const before = await transport.clock.textContent();
  await page.locator('body').press('>');
  await expect(transport.clock).not.toHaveText(before ?? '');
});

test('the run up to now is saved as pcapng', async ({ page, scope, packets, transport }) => {
  test.slow();
  await begun(scope, packets, transport);
  const coming = page.waitForEvent('download');
  await packets.drawer.getByRole('button', { name: 'pcapng' }).click();
  expect((await coming).suggestedFilename()).toBe('lvscope.pcapng');
});
