import { expect, type Locator, type Page } from '@playwright/test';

type Tab = 'terminal' | 'commands' | 'ipvsadm -Ln' | 'who believes what' | 'fail-over' | 'decisions';

/** The page and what a person does with it. */
export class Scope {
  readonly page: Page;
  readonly stage: Locator;
  readonly timeline: Locator;
  readonly why: Locator;
  readonly record: Locator;
  readonly lastChange: Locator;
  readonly chips: Locator;
  readonly dialog: Locator;
  readonly rulesText: Locator;

  constructor(page: Page) {
    this.page = page;
    this.stage = page.getByRole('region', { name: /^(Stage|舞台)/ });
    this.timeline = page.locator('section').filter({ has: page.getByRole('toolbar') });
    this.why = page.locator('section[aria-labelledby="why-title"]');
    this.record = page.locator('section').filter({ has: page.getByRole('tablist') });
    this.lastChange = this.stage.locator('p[aria-live]');
    this.chips = page.getByRole('banner').getByRole('group');
    this.dialog = page.getByRole('dialog');
    this.rulesText = this.dialog.getByRole('textbox');
  }

  /** Opens the page and waits for the first numbers. */
  async open(): Promise<void> {
    await this.page.goto('./');
    await expect(this.page.locator('tr[data-server]').first()).toBeVisible();
  }

  async choosePreset(title: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Scenario:' }).click();
    await this.page.getByRole('combobox', { name: 'Scenarios' }).fill(title);
    await this.page.getByRole('option', { name: title, exact: true }).click();
    await expect(this.page.getByRole('button', { name: `Scenario: ${title}` })).toBeVisible();
    await expect(this.page.locator('tr[data-server]').first()).toBeVisible();
  }

  async chooseScheduler(name: string): Promise<void> {
    await this.chip('scheduler').click();
    await this.page.getByRole('menuitemradio', { name: new RegExp(`^${name}\\b`) }).click();
    await expect(this.chip('scheduler')).toHaveAccessibleName(`scheduler ${name}`);
  }

  async choosePersistence(text: 'off' | `${number} s`): Promise<void> {
    await this.chip('-p').click();
    await this.page.getByRole('dialog').getByRole('button', { name: text, exact: true }).click();
    await expect(this.chip('-p')).toHaveAccessibleName(`-p ${text}`);
  }

  async chooseSources(count: number): Promise<void> {
    await this.chip('sources').click();
    await this.page
      .getByRole('dialog')
      .getByRole('button', { name: String(count), exact: true })
      .click();
    await expect(this.chip('sources')).toHaveAccessibleName(`sources ${count}`);
  }

  chip(name: string): Locator {
    return this.chips.getByRole('button', { name: new RegExp(`^${name} `) });
  }

  async openTab(name: Tab): Promise<void> {
    await this.record.getByRole('tab', { name, exact: true }).click();
  }

  /** The terminal that is in front. */
  get terminal(): Locator {
    return this.record.locator('[data-host]:visible');
  }

  /** The text that stands on the terminal in front. */
  get screen(): Locator {
    return this.terminal.locator('.xterm-rows');
  }

  /** Brings a host's terminal to the front and gives it the keyboard. */
  async openTerminal(host = 'd1'): Promise<void> {
    await this.openTab('terminal');
    await this.record.getByRole('button', { name: host, exact: true }).click();
    await expect(this.terminal).toHaveAttribute('data-host', host);
    await this.terminal.locator('.xterm-screen').click();
  }

  /** A command line typed into a host's terminal; what it printed stands in the log, which is left open. */
  async type(command: string, host = 'd1'): Promise<void> {
    await this.openTerminal(host);
    await this.page.keyboard.type(`${command}\n`);
    await this.openTab('commands');
    await expect(this.log).toContainText(`${host}# ${command}`);
  }

  /** The commands given so far, with what they printed. */
  get log(): Locator {
    return this.record.getByRole('log');
  }

  /** Puts rules into the dialog and takes them. */
  async importText(text: string): Promise<void> {
    if (!(await this.dialog.isVisible())) {
      await this.page.getByRole('button', { name: 'Import rules or a scenario' }).click();
    }
    await this.rulesText.fill(text);
    await this.dialog.getByRole('button', { name: 'Run it' }).click();
  }

  /** Drops a file of some bytes onto the page: that much of `head`, the rest filled with `fill`. */
  async drop(file: { name: string; head: readonly number[]; size: number; fill: number }): Promise<void> {
    await this.page.evaluate(({ name, head, size, fill }) => {
      const bytes = new Uint8Array(size).fill(fill);
      bytes.set(head);
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], name));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    }, file);
  }

  /** Pastes a text onto the page, not into a field. */
  async paste(text: string): Promise<void> {
    await this.page.evaluate((pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      document.body.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
      );
    }, text);
  }
}
