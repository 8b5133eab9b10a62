import { test as base } from '@playwright/test';
import { Ledger } from './ledger.ts';
import { Packets } from './packets.ts';
import { Scope } from './scope.ts';
import { Transport } from './transport.ts';

interface Fixtures {
  /** Fails the test on whatever the page complains of: console errors, thrown errors, the content policy. */
  readonly complaints: string[];
  readonly scope: Scope;
  readonly transport: Transport;
  readonly ledger: Ledger;
  readonly packets: Packets;
}

export const test = base.extend<Fixtures>({
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
      });
      page.on('pageerror', (error) => complaints.push(`thrown: ${error.stack ?? error.message}`));
      page.on('requestfailed', (request) => complaints.push(`not loaded: ${request.url()}`));
      page.on('worker', (worker) =>
        worker.on('console', (message) => {
          if (message.type() === 'error') complaints.push(`worker: ${message.text()}`);
        }),
      );
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) =>
          console.error(`content policy: ${event.violatedDirective} ${event.blockedURI}`),
        );
      });
      await use(complaints);
      expect(complaints, 'what the page complained of').toEqual([]);
    },
    { auto: true },
  ],
  scope: async ({ page }, use) => use(new Scope(page)),
  transport: async ({ page }, use) => use(new Transport(page)),
  ledger: async ({ page }, use) => use(new Ledger(page)),
  packets: async ({ page }, use) => use(new Packets(page)),
});

export const expect = test.expect;
