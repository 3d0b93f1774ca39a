import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCREENS, Studio } from './studio';

const AXE = readFileSync(join(process.cwd(), 'node_modules/axe-core/axe.min.js'), 'utf8');

let studio: Studio;
let page: Page;

beforeAll(async () => {
  studio = await Studio.open();
  // Colours are judged as they come to rest.
  page = await studio.page({ width: 1366, height: 768 }, false);
});
afterAll(() => studio.close());

/** The look is put on after the page has loaded; even without motion its colours are a few frames late. */
async function settle(): Promise<void> {
  await page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    await Promise.allSettled(document.getAnimations().filter((found) => found instanceof CSSTransition).map((found) => found.finished));
  });
}

/** What axe finds serious or critical. */
async function violations(rules?: string[]): Promise<string[]> {
  const options = { resultTypes: ['violations'], ...(rules ? { runOnly: rules } : {}) };
  const results = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return results.violations
    .filter((found) => found.impact === 'serious' || found.impact === 'critical')
    .flatMap((found) => found.nodes.map((node) => `${found.id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`));
}

describe.each(['id', 'en'])('accessibility in %s', (language) => {
  it.each(SCREENS)('of %s: light, dark and in high contrast', async (screen) => {
    for (const look of ['light', 'dark', 'contrast']) {
      await studio.show(page, `${screen}&still&look=${look}&lang=${language}`);
      await settle();
      await page.evaluate(AXE);
      // A look changes colours alone.
      expect(await violations(look === 'light' ? undefined : ['color-contrast']), look).toEqual([]);
    }
  });
});

it('broke no rule of the content policy and logged no error', () => expect(studio.complaints).toEqual([]));
