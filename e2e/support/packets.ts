import { expect, type Locator, type Page } from '@playwright/test';

/** The packets at the bottom of the page, and the frame that is open. */
export class Packets {
  readonly page: Page;
  readonly drawer: Locator;
  readonly rows: Locator;
  readonly filter: Locator;
  readonly place: Locator;
  readonly inspector: Locator;

  constructor(page: Page) {
    this.page = page;
    this.drawer = page.getByRole('region', { name: 'Packets' });
    this.rows = this.drawer.getByRole('option').filter({ has: page.locator('i') });
    this.filter = page.getByLabel('Display filter');
    this.place = page.getByLabel('Where to listen');
    this.inspector = page.getByRole('region', { name: 'One frame' });
  }

  /** Runs the loaded scenario anew, frame by frame. */
  async runFrameByFrame(): Promise<void> {
    await this.page.getByRole('button', { name: 'packets', exact: true }).click();
    await this.page.getByRole('button', { name: 'Run it frame by frame' }).click();
    await expect(this.rows.first()).toBeVisible();
  }

  /** What is listed: where, and which frames. */
  async listen(at: string, filter: string): Promise<void> {
    await this.place.selectOption({ label: at });
    await this.filter.fill(filter);
  }

  /** Opens the first listed frame whose row has a text. */
  async open(text: string | RegExp): Promise<void> {
    await this.rows.filter({ hasText: text }).first().click();
    await expect(this.inspector).toBeVisible();
  }

  /** A field of the open frame; of several of that name the one at a place, the outermost first. */
  field(name: string, place = 0): Locator {
    return this.inspector.locator(`[data-field="${name}"]`).nth(place);
  }
}
