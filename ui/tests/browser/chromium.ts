import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
  'C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe',
];

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
