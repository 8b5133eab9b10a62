import type { Locator, Page } from '@playwright/test';
import type { Scope } from './support/scope.ts';
import type { Ledger } from './support/ledger.ts';
import { expect, test } from './support/test.ts';

interface Box {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The part of a place that can be seen: what scrolls inside a column is cut off by that column. */
async function boxOf(name: string, place: Locator): Promise<Box> {
  return place.evaluate((element, itsName) => {
    let { left, right, top, bottom } = element.getBoundingClientRect();
    for (let outer = element.parentElement; outer !== null; outer = outer.parentElement) {
      if (getComputedStyle(outer).overflowY === 'visible' || outer === document.body) continue;
      const clip = outer.getBoundingClientRect();
      left = Math.max(left, clip.left);
      right = Math.min(right, clip.right);
      top = Math.max(top, clip.top);
      bottom = Math.min(bottom, clip.bottom);
    }
    return { name: itsName, x: left, y: top, width: right - left, height: bottom - top };
  }, name);
}

async function boxes(page: Page, scope: Scope, ledger: Ledger): Promise<Box[]> {
  // where the page is short, the reason is a tab of the record
  const why = (await scope.why.count()) > 0 ? [boxOf('why', scope.why)] : [];
  return Promise.all([
    ...why,
    boxOf('top bar', page.getByRole('banner')),
    boxOf('stage', scope.stage),
    boxOf('ledger', ledger.section),
    boxOf('record', scope.record),
    boxOf('timeline', scope.timeline),
  ]);
}

/** The pairs that cover each other by more than a line's width. */
function overlaps(all: readonly Box[]): string[] {
  return all.flatMap((a, i) =>
    all.slice(i + 1).flatMap((b) => {
      const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
      const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
      return wide > 1 && high > 1 ? [`${a.name} and ${b.name}: ${wide} × ${high} px`] : [];
    }),
  );
}

const scrollsSideways = async (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Words that are cut off at the right where they cannot be scrolled. */
const hostsOutside = async (scope: Scope): Promise<string[]> =>
  scope.stage.evaluate((stage) => {
    const outer = stage.getBoundingClientRect();
    return [...stage.querySelectorAll('button')]
      .filter((button) => {
        const box = button.getBoundingClientRect();
        const { left, right, top, bottom } = outer;
        return box.left < left - 1 || box.right > right + 1 || box.top < top - 1 || box.bottom > bottom + 1;
      })
      .map((button) => button.getAttribute('aria-label') ?? button.textContent ?? '');
  });

for (const viewport of [
  { width: 1280, height: 720 },
  { width: 1440, height: 900 },
  { width: 1920, height: 1080 },
]) {
  test.describe(`${viewport.width} × ${viewport.height}`, () => {
    test.use({ viewport });

    test('nothing lies on anything else, and everything is in sight', async ({
      page,
      scope,
      ledger,
      transport,
    }) => {
      await scope.open();
      await transport.waitUntil(5);
      await transport.pause();
      const all = await boxes(page, scope, ledger);
      expect(overlaps(all)).toEqual([]);
      for (const box of all) {
        expect(box.y + box.height, box.name).toBeLessThanOrEqual(viewport.height + 1);
        expect(Math.min(box.width, box.height), `${box.name} can be seen`).toBeGreaterThan(20);
      }
      expect(await scrollsSideways(page)).toBeLessThanOrEqual(0);
      const ledgerCut = await ledger.scroller.evaluate((box) => box.scrollWidth - box.clientWidth);
      expect(ledgerCut, 'px of the ledger’s columns that are cut off').toBeLessThanOrEqual(0);
      expect(await hostsOutside(scope)).toEqual([]);
      expect(overlaps(await hostBoxes(scope))).toEqual([]);
    });
  });
}

async function hostBoxes(scope: Scope): Promise<Box[]> {
  const hosts = await scope.stage.getByRole('button', { name: /:/ }).all();
  return Promise.all(hosts.map(async (host) => boxOf((await host.getAttribute('aria-label')) ?? '', host)));
}

for (const width of [390, 768]) {
  test.describe(`${width} px wide`, () => {
    test.use({ viewport: { width, height: 844 } });

    test('the places stand below each other, the stage first, and the page does not scroll sideways', async ({
      page,
      scope,
      ledger,
      transport,
    }) => {
      await scope.open();
      await transport.waitUntil(3);
      await transport.pause();
      expect(await scrollsSideways(page)).toBeLessThanOrEqual(0);
      const all = await boxes(page, scope, ledger);
      expect(overlaps(all)).toEqual([]);
      const inOrder = all.toSorted((a, b) => a.y - b.y).map((box) => box.name);
      expect(inOrder.slice(0, 2)).toEqual(['top bar', 'stage']);
      for (const box of all) expect(box.x + box.width, box.name).toBeLessThanOrEqual(width + 1);
      expect(await hostsOutside(scope)).toEqual([]);
      await scope.chip('-p').click();
      const panel = await boxOf('the panel of -p', page.getByRole('dialog'));
      expect(panel.x).toBeGreaterThanOrEqual(0);
      expect(panel.x + panel.width).toBeLessThanOrEqual(width);
    });
  });
}
