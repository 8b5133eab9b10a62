import type { Locator, Page } from '@playwright/test';
import { readInteger, readPercent } from './numbers.ts';

/** One row: what the director believes of a server, what the server has. */
export interface LedgerLine {
  readonly name: string;
  readonly weight: number;
  /** Of the new connections of the last 60 s, percent. */
  readonly share: number;
  readonly active: number;
  readonly inactive: number;
  readonly established: number;
  readonly timeWait: number;
}

/** The table of servers, and the sentence below it. */
export class Ledger {
  readonly section: Locator;
  readonly rows: Locator;
  /** The box that the table scrolls in where it is larger. */
  readonly scroller: Locator;
  readonly jainText: Locator;
  /** What it says of the spread, in words. */
  readonly sentence: Locator;

  constructor(page: Page) {
    this.section = page.locator('section[aria-labelledby="ledger-title"]');
    this.rows = this.section.locator('tr[data-server]');
    this.scroller = this.section.getByRole('group').filter({ has: page.getByRole('table') });
    this.jainText = this.section.getByTestId('jain');
    this.sentence = this.section.locator('div:has(> p [data-testid="jain"]) > p').first();
  }

  row(name: string): Locator {
    return this.section.locator(`tr[data-server="${name}"]`);
  }

  /** Jain's index of the new connections by weight over the last 60 s. */
  async jain(): Promise<number> {
    return Number(await this.jainText.textContent());
  }

  async lines(): Promise<LedgerLine[]> {
    const cells = await this.rows.evaluateAll((rows) =>
      rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')),
    );
    return cells.map(
      ([name = '', weight = '', share = '', active = '', inactive = '', est = '', tw = '']) => ({
        name,
        weight: readInteger(weight),
        share: readPercent(share),
        active: readInteger(active),
        inactive: readInteger(inactive),
        established: readInteger(est),
        timeWait: readInteger(tw),
      }),
    );
  }

  async line(name: string): Promise<LedgerLine> {
    const found = (await this.lines()).find((line) => line.name === name);
    if (found === undefined) throw new Error(`the ledger has no row for ${name}`);
    return found;
  }

  /** The server with the largest share of the new connections. */
  async top(): Promise<LedgerLine> {
    const [first] = (await this.lines()).toSorted((a, b) => b.share - a.share);
    if (first === undefined) throw new Error('the ledger is empty');
    return first;
  }
}
