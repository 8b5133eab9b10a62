import { expect, type Locator, type Page } from '@playwright/test';
import { readClock } from './numbers.ts';

/** Time as the page shows it and as its keys move it. */
export class Transport {
  readonly page: Page;
  readonly toolbar: Locator;
  readonly clock: Locator;
  readonly speed: Locator;
  readonly playButton: Locator;

  constructor(page: Page) {
    this.page = page;
    this.toolbar = page.getByRole('toolbar');
    this.clock = page.getByRole('timer', { includeHidden: true });
    this.speed = this.toolbar.getByRole('combobox');
    this.playButton = this.toolbar.getByRole('button').first();
  }

  /** Simulated seconds since the start of the run. */
  async seconds(): Promise<number> {
    return readClock((await this.clock.textContent()) ?? '');
  }

  async waitUntil(seconds: number): Promise<void> {
    await expect
      .poll(async () => this.seconds(), { message: `simulated time passes ${seconds} s`, timeout: 40_000 })
      .toBeGreaterThanOrEqual(seconds);
  }

  async play(): Promise<void> {
    await this.press('Play');
  }

  async pause(): Promise<void> {
    await this.press('Pause');
    await expect(this.toolbar.getByRole('button', { name: 'Play' })).toBeVisible();
    await this.hasStopped();
  }

  /** What was under way when the run was paused may still come: waits until the clock stands. */
  async hasStopped(): Promise<void> {
    let before = Number.NaN;
    await expect
      .poll(
        async () => {
          const now = await this.seconds();
          const stood = now === before;
          before = now;
          return stood;
        },
        { message: 'the clock stands', intervals: [150] },
      )
      .toBe(true);
  }

  /** Moves a run that is paused by whole seconds, to the very nanosecond, with bursts of the arrow key. */
  async move(seconds: number): Promise<void> {
    const goal = (await this.seconds()) + seconds;
    await this.page.evaluate(
      ({ key, times }) => {
        for (let i = 0; i < times; i++) {
          document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        }
      },
      { key: seconds < 0 ? 'ArrowLeft' : 'ArrowRight', times: Math.abs(seconds) },
    );
    await this.standsAt(goal);
  }

  /** Moves a run that is paused on to the first whole step of a second at or after a time. */
  async moveTo(seconds: number): Promise<void> {
    await this.move(Math.ceil(seconds - (await this.seconds())));
  }

  async standsAt(seconds: number): Promise<void> {
    await expect
      .poll(async () => this.seconds(), { message: `the clock stands at ${seconds} s`, timeout: 40_000 })
      .toBeCloseTo(seconds, 2);
    await expect(this.toolbar.locator('em'), 'nothing is under way').toHaveCount(0);
  }

  async atSpeed(speed: number | 'max'): Promise<void> {
    await this.speed.selectOption(String(speed));
  }

  private async press(name: 'Play' | 'Pause'): Promise<void> {
    await this.toolbar.getByRole('button', { name, exact: true }).click();
  }
}
