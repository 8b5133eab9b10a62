import { DR_RULES, manyServers, MARK_RULES, NAT_RULES } from './support/rules.ts';
import { expect, test } from './support/test.ts';

test('rules of DR run: servers in the ledger with their weights, what was assumed is listed', async ({
  page,
  scope,
  ledger,
  transport,
}) => {
  await scope.open();
  await scope.importText(DR_RULES);
  await expect(scope.dialog).toBeHidden();
  await expect(ledger.rows).toHaveCount(3);
  expect((await ledger.lines()).map((line) => line.weight)).toEqual([3, 1, 0]);
  await expect(scope.chip('forwarding')).toHaveAccessibleName('forwarding DR');
  await expect(scope.chip('scheduler')).toHaveAccessibleName('scheduler wlc');
  await expect(scope.chip('-p')).toHaveAccessibleName('-p 600 s');
  const assumed = page.getByRole('region', { name: 'Assumed' });
  await expect(assumed.getByRole('listitem')).not.toHaveCount(0);
  await expect(assumed).toContainText('Clients: 50 addresses');
  await expect(
    scope.stage.getByRole('button', { name: /^rs3: \d+ active connections, weight 0$/ }),
  ).toBeVisible();
  await transport.waitUntil(10);
  await expect.poll(async () => (await ledger.top()).share).toBeGreaterThan(0);
  expect((await ledger.line('rs3')).share).toBe(0);
  await assumed.getByRole('button').click();
  await expect(assumed).toBeHidden();
});

test('rules of NAT run, every service of them, pasted onto the page', async ({
  page,
  scope,
  ledger,
  transport,
}) => {
  await scope.open();
  await scope.paste(NAT_RULES);
  await expect(ledger.rows).toHaveCount(2);
  await expect(scope.chip('forwarding')).toHaveAccessibleName('forwarding NAT');
  const service = ledger.section.getByRole('combobox', { name: 'Service' });
  await expect(service.getByRole('option')).toHaveCount(2);
  await transport.waitUntil(10);
  await expect.poll(async () => (await ledger.line('rs1')).share).toBeGreaterThan(50);
  await service.selectOption({ index: 1 });
  await expect(ledger.rows).toHaveCount(1);
  await scope.openTab('ipvsadm -Ln');
  await expect(scope.record).toContainText('TCP  203.0.113.7:80 wrr');
  await expect(scope.record).toContainText(/-> 172\.16\.5\.11:8080 +Masq +2 /);
  await expect(page).toHaveTitle('Your own rules · LVScope');
});

test('rules of a firewall mark run: the mark’s address is made up, and that is said', async ({
  page,
  scope,
  ledger,
  transport,
}) => {
  await scope.open();
  await scope.importText(MARK_RULES);
  await expect(ledger.rows).toHaveCount(2);
  await expect(page.getByRole('region', { name: 'Assumed' })).toContainText('Mark 7:');
  await expect(scope.chip('forwarding')).toHaveAccessibleName('forwarding mixed');
  await transport.waitUntil(10);
  await expect.poll(async () => (await ledger.line('rs2')).share).toBeGreaterThan(0);
});

test('broken rules are told by line and column and kept; put right, they run', async ({
  scope,
  ledger,
  transport,
}) => {
  await scope.open();
  await transport.waitUntil(1);
  const broken = DR_RULES.replace('10.20.0.12:443 -g', '10.20.0.999:443 -g').replace('-w 0', '-q 0');
  await scope.importText(broken);
  const told = scope.dialog.getByRole('alert');
  await expect(told.getByRole('listitem')).toHaveCount(2);
  await expect(told.getByRole('listitem').first()).toContainText(
    /line 3, column \d+.*found: .*10\.20\.0\.999.* · wanted: \S+/,
  );
  await expect(told.getByRole('listitem').nth(1)).toContainText(
    /line 4, column \d+.*found: .*-q.* · wanted: \S+/,
  );
  await expect(scope.rulesText).toHaveValue(broken);
  await told.getByRole('button', { name: /line 3/ }).click();
  await expect(scope.rulesText).toBeFocused();
  const place = await scope.rulesText.evaluate(
    (area: HTMLTextAreaElement) => area.value.slice(area.selectionStart).split('\n')[0],
  );
  expect(place).toContain('10.20.0.999');
  const before = await transport.seconds();
  await transport.waitUntil(before + 1);
  await scope.importText(DR_RULES);
  await expect(scope.dialog).toBeHidden();
  await expect(ledger.rows).toHaveCount(3);
});

test('a file of 50 MB and a binary file are refused in words, and the run goes on', async ({
  scope,
  transport,
}) => {
  await scope.open();
  await scope.drop({ name: 'huge.rules', head: [], size: 50_000_000, fill: 0x41 });
  await expect(scope.dialog.getByRole('alert')).toContainText(
    'found: 50.0 MB · wanted: a text file of at most 5 MB',
  );
  await scope.drop({ name: 'ipvsadm', head: [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0], size: 200_000, fill: 0 });
  await expect(scope.dialog.getByRole('alert')).toContainText('found: ipvsadm: a binary file');
  const before = await transport.seconds();
  await transport.waitUntil(before + 2);
  await scope.page.keyboard.press('Escape');
  await expect(scope.dialog).toBeHidden();
});

test('a file of rules that is dropped runs', async ({ scope, ledger }) => {
  await scope.open();
  const head = [...Buffer.from(DR_RULES)];
  await scope.drop({ name: 'director.rules', head, size: head.length, fill: 0 });
  await expect(ledger.rows).toHaveCount(3);
});

test('10 000 servers are refused with the limit, what ran goes on', async ({ scope, ledger, transport }) => {
  await scope.open();
  await scope.paste(manyServers(10_000));
  await expect(scope.dialog.getByRole('alert')).toContainText(
    'found: 10000 real servers · wanted: at most 5000',
  );
  await expect(ledger.rows).toHaveCount(4);
  const before = await transport.seconds();
  await transport.waitUntil(before + 1);
});

test('1000 servers run', async ({ scope, ledger, transport }) => {
  await scope.open();
  await scope.paste(manyServers(1000));
  await expect(ledger.section.getByRole('table')).toHaveAttribute('aria-rowcount', '1002', {
    timeout: 30_000,
  });
  await transport.waitUntil(5);
  await expect(scope.stage).toBeVisible();
});
