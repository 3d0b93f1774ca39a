import type { Server } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './chromium';
import { serve } from './pages';

/** Every screen that there is, and the states of it that look different. */
export const SCREENS = [
  'opening',
  'opening.blocked',
  'start',
  'start.trouble',
  'start&mode=selfService',
  'start&mode=field',
  'start&flow=selfieLiveness',
  'start&flow=identityVerification&mode=selfService',
  'consent',
  'consent&flow=identityVerification',
  'card.noCard',
  'card.glare&demo',
  'card.obstructed',
  'card.cutOff&mode=selfService',
  'card.hold',
  'card.retry',
  'card.cameraLost',
  'card.measures',
  'card.noCard&again=REFERENCE_IMAGE_VALIDATION_FAILED',
  'selfie.nobodyThere',
  'selfie.tooDark&demo&flow=selfieLiveness',
  'selfie.hold&again=NOT_LIVE&mode=selfService',
  'selfie.captured',
  'selfie.shutter&again=LIVENESS_CHECK_FAILED',
  'selfie.timedOut',
  'selfie.notConvincing&mode=selfService',
  'selfie.cameraLost',
  'selfie.tooFar',
  'selfie.offCentre',
  'selfie.turnLeft&flow=identityVerification',
  'selfie.blink&again=NOT_LIVE&mode=selfService',
  'selfie.checking',
  'selfieLocked&flow=identityVerification',
  'selfieLocked&mode=selfService',
  'selfieLocked.unlocked',
  'flash',
  'flash.face&flow=identityVerification',
  'flash.face&flow=identityVerification&mode=selfService',
  'reading',
  'review',
  'review.missing',
  'review.signs',
  'review.corrected&mode=field',
  'submitting',
  'submitting.slow',
  'submitting.judging&flow=identityVerification',
  'submitting.judgingSlow',
  'outcome.verified',
  'outcome.review',
  'outcome.review&flow=identityVerification',
  'outcome.queued&mode=selfService',
  'outcome.refused',
  'outcome.failed',
  'outcome.processing',
  'outcome.NOT_LIVE&flow=selfieLiveness',
  'outcome.FACE_MATCH_FAILED&flow=identityVerification',
  'outcome.NOT_EKTP&mode=selfService',
  'outcome.DUKCAPIL_REJECTED',
  'outcome.SOMETHING_NEW',
  'queue',
  'queue.open',
  'queue&empty',
  'pin',
  'pin.locked',
  'settings',
  'settings.diagnosed',
  'help',
  'help.card',
  'help.selfie',
  'consent&mode=selfService&idle',
  'start&partner&notice=wiped',
];

/** As long as a test may take. */
const PATIENCE_MS = 120_000;

/** A browser, the built pages under the window's content policy, and what they complained about. */
export class Studio {
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly #server: Server;
  readonly #address: string;

  private constructor(browser: Browser, server: Server, address: string) {
    [this.#browser, this.#server, this.#address] = [browser, server, address];
  }

  static async open(): Promise<Studio> {
    const browser = await openBrowser();
    const { server, address } = await serve();
    return new Studio(browser, server, address);
  }

  async page(size = { width: 1366, height: 768 }, isMotionWanted = true): Promise<Page> {
    const page = await this.#browser.newPage({ viewport: size, reducedMotion: isMotionWanted ? 'no-preference' : 'reduce' });
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('console', (message) => {
      // Refusals of the content policy are errors of the console too.
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.complaints.push(`uncaught: ${error.message}`));
    return page;
  }

  /** Shows what `?screen=…` asks for. */
  async show(page: Page, query: string): Promise<void> {
    await page.goto(`${this.#address}/?screen=${query}`);
    await page.locator('main > *').first().waitFor({ state: 'attached' });
    // Sizes are judged in the window's own letters, whose file may not even have been asked for yet.
    await page.evaluate(() => document.fonts.load('1rem "Inter Variable"').then(() => undefined));
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
  }
}

/** The screen that is shown. */
export const screenOf = (page: Page): Promise<string | null> => page.locator('main').getAttribute('data-screen');

export const waitForScreen = (page: Page, name: string): Promise<void> => page.locator(`main[data-screen="${name}"]`).waitFor();

/** What has the focus, by what a screen reader calls it. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement)) return '';
    return (element.getAttribute('aria-label') ?? element.innerText).replace(/\s+/g, ' ').trim();
  });

/** Goes on with Tab until the focus is on something with this name. */
export async function tabTo(page: Page, name: RegExp): Promise<void> {
  const seen: string[] = [];
  for (let i = 0; i < 80; i += 1) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    if (name.test(now)) return;
    seen.push(now);
  }
  throw new Error(`Tab never reached ${name}: ${[...new Set(seen)].join(' · ')}`);
}
