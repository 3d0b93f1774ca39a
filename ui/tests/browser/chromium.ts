import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Nothing of the network is touched, and no profile is kept. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Opens Chromium; without one this fails with what to do about it. */
export async function openBrowser(): Promise<Browser> {
  const wanted = process.env['LOKET_CHROMIUM'];
  const place = wanted ?? PLACES.find((path) => existsSync(path));
  if (place === undefined || !existsSync(place)) {
    throw new Error('No Chromium found. Install it (apt-get install chromium), or name it in LOKET_CHROMIUM.');
  }
  return chromium.launch({ executablePath: place, args: FLAGS });
}

/** What a page complained about: errors, warnings of the console, refusals of the content policy. */
export class Complaints {
  readonly all: string[] = [];

  constructor(page: Page) {
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.all.push(`${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.all.push(`uncaught: ${error.message}`));
  }
}
