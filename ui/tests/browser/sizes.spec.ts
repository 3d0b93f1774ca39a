import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCREENS, Studio } from './studio';

const SIZES = [
  [1024, 600],
  [1366, 768],
  [1920, 1080],
  [1080, 1920],
] as const;

/** Parts that scroll, because their contents may be of any length. Elsewhere a screen must fit. */
const SCROLLING = '.fields, .list, .sections, section.surface, .scroll, .blocked, details';

let studio: Studio;
let page: Page;

beforeAll(async () => {
  studio = await Studio.open();
  page = await studio.page(undefined, false);
});
afterAll(() => studio.close());

/** What is cut off, sticks out or is too small for a finger. */
const flaws = (scrolling: string): Promise<string[]> =>
  page.evaluate((scrolling) => {
    const name = (element: Element): string => `${element.tagName.toLowerCase()}.${element.className} "${(element.textContent ?? '').trim().slice(0, 30)}"`;
    const found: string[] = [];
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      const box = element.getBoundingClientRect();
      if (element.closest('svg, .sr-only, option') || box.width === 0 || box.height === 0) continue;
      const style = getComputedStyle(element);
      const clips = style.overflowX !== 'visible' || element.childElementCount === 0;
      if (style.display !== 'inline' && clips && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) found.push(`cut off: ${name(element)}`);
      if (box.right > innerWidth + 1 || box.left < -1) found.push(`sticks out: ${name(element)}`);
      const isTouched = element.matches('button, select, summary, input:not([type="checkbox"]), .choice');
      if (isTouched && (box.height < 43.5 || box.width < 43.5)) found.push(`small, ${Math.round(box.width)}×${Math.round(box.height)}: ${name(element)}`);
    }
    const main = document.querySelector('main')!;
    const mayScroll = main.querySelector(scrolling) !== null;
    if (!mayScroll && main.scrollHeight > main.clientHeight + 1) found.push(`does not fit: ${main.scrollHeight} > ${main.clientHeight}`);
    return found;
  }, scrolling);

/** Gives the window a size, and waits until the page is laid out in it: lengths that follow the window come a frame later. */
async function resize(width: number, height: number): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.waitForFunction(([width, height]) => innerWidth === width && innerHeight === height, [width, height]);
  await page.evaluate(async () => {
    for (let i = 0; i < 2; i += 1) await new Promise(requestAnimationFrame);
  });
}

describe.each(['id', 'en'])('in %s', (language) => {
  it.each(SCREENS)('%s fits windows of every size', async (screen) => {
    await studio.show(page, `${screen}&still&lang=${language}`);
    for (const [width, height] of SIZES) {
      await resize(width, height);
      // Chromium lays a page out anew over several frames; what is still wrong after a second stays wrong.
      await expect.poll(() => flaws(SCROLLING), { message: `${width}×${height}`, timeout: 1_000 }).toEqual([]);
    }
  });
});

it('says what to do in letters of 28 pixels or more on a full-HD screen', async () => {
  await resize(1920, 1080);
  await studio.show(page, 'card.glare&still');
  const size = await page.locator('[data-hint] [role="status"]').evaluate((hint) => Number.parseFloat(getComputedStyle(hint).fontSize));
  expect(size).toBeGreaterThanOrEqual(28);
});

it('shows the capture screens dark, whatever the theme', async () => {
  await studio.show(page, 'card.noCard&still&look=light');
  const shades = await page.locator('h1').evaluate((title) => [getComputedStyle(title).color, getComputedStyle(title.closest('.window')!).backgroundColor]);
  expect(shades).toEqual(['rgb(234, 242, 240)', 'rgb(5, 10, 9)']);
});
