import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Studio, waitForScreen } from './studio';

let studio: Studio;

beforeAll(async () => {
  studio = await Studio.open();
});
afterAll(() => studio.close());

interface Watched {
  made: number;
  closed: number;
  most: number;
  frames: number;
  told: string[];
  colours: { colour: string; atMs: number }[];
}

/** Counts bitmaps and frames, and notes what is announced and which colours fill the screen. */
async function watch(page: Page): Promise<() => Promise<Watched>> {
  await page.addInitScript(() => {
    const watched: Watched = { made: 0, closed: 0, most: 0, frames: 0, told: [], colours: [] };
    Object.assign(window, { watched });
    const create = window.createImageBitmap.bind(window) as (image: ImageBitmapSource) => Promise<ImageBitmap>;
    window.createImageBitmap = async (image: ImageBitmapSource) => {
      const bitmap = await create(image);
      watched.made += 1;
      watched.most = Math.max(watched.most, watched.made - watched.closed);
      const close = bitmap.close.bind(bitmap);
      bitmap.close = () => {
        watched.closed += 1;
        close();
      };
      return bitmap;
    };
    addEventListener('frameshown', () => (watched.frames += 1));
    const look = (): void => {
      const hint = document.querySelector('[data-hint] [aria-live]')?.textContent ?? '';
      if (hint !== '' && hint !== watched.told.at(-1)) watched.told.push(hint);
      const colour = document.querySelector<HTMLElement>('.playing')?.style.backgroundColor ?? '';
      if (colour !== watched.colours.at(-1)?.colour) watched.colours.push({ colour, atMs: performance.now() });
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  });
  return () => page.evaluate(() => (window as unknown as { watched: Watched }).watched);
}

it('shows frames, announces each hint in words and closes every bitmap', async () => {
  const page = await studio.page();
  const watched = await watch(page);
  await studio.show(page, 'card&demo');
  await page.getByRole('combobox').selectOption('finger');
  await waitForScreen(page, 'flash');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: /Tanpa kedip/ }).press('Enter');
  await waitForScreen(page, 'review');
  const seen = await watched();
  expect(seen.frames).toBeGreaterThan(0);
  expect(seen.most).toBe(1);
  expect(seen.told).toEqual(['Letakkan KTP di dalam bingkai', 'Jari menutupi NIK', 'Bagus, tahan…', 'Terbaca']);
  // The review draws the card from one more bitmap.
  await expect.poll(async () => (await watched()).made - (await watched()).closed).toBe(0);
  await page.close();
});

it('draws no further frame once the screen has gone', async () => {
  const page = await studio.page();
  const watched = await watch(page);
  await studio.show(page, 'card.glare');
  await expect.poll(async () => (await watched()).frames).toBeGreaterThan(5);
  await page.getByRole('button', { name: /bantuan/i }).click();
  await waitForScreen(page, 'help');
  const { frames } = await watched();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
  expect((await watched()).frames).toBe(frames);
  await page.close();
});

it('fills the screen with the colours in their order, each for its time', async () => {
  const page = await studio.page();
  const watched = await watch(page);
  await studio.show(page, 'flash');
  await page.getByRole('button', { name: /Mulai sekarang/ }).click();
  await waitForScreen(page, 'reading');
  const colours = (await watched()).colours.filter(({ colour }) => colour !== '');
  expect(colours.map(({ colour }) => colour)).toEqual(['rgb(255, 255, 255)', 'rgb(0, 96, 255)', 'rgb(0, 190, 90)', 'rgb(255, 190, 0)']);
  const times = colours.slice(1).map(({ atMs }, i) => atMs - colours[i]!.atMs);
  // WCAG 2.3.1: three flashes a second at most.
  expect(Math.min(...times)).toBeGreaterThanOrEqual(1_000 / 3);
  await page.close();
});

it('stops the colours at once with Escape', async () => {
  const page = await studio.page();
  const watched = await watch(page);
  await studio.show(page, 'flash.playing');
  await page.keyboard.press('Escape');
  await waitForScreen(page, 'reading');
  expect((await watched()).colours.filter(({ colour }) => colour !== '').length).toBeLessThan(4);
  await page.close();
});

it('says where the camera is lost, and goes on by itself when it is back', async () => {
  const page = await studio.page();
  await studio.show(page, 'card&demo&speed=2');
  await page.getByRole('combobox').selectOption('unplugged');
  await page.getByRole('alert').filter({ hasText: 'Kamera terputus' }).waitFor();
  await waitForScreen(page, 'flash');
  await page.close();
});

it('films a face as a mirror does, announces each hint and closes every bitmap', async () => {
  const page = await studio.page();
  const watched = await watch(page);
  await studio.show(page, 'selfie&flow=selfieLiveness&speed=2');
  await expect.poll(async () => (await watched()).frames).toBeGreaterThan(0);
  expect(await page.locator('canvas').evaluate((canvas) => getComputedStyle(canvas).scale)).toBe('-1 1');
  await waitForScreen(page, 'submitting');
  const seen = await watched();
  expect(seen.told).toEqual(['Letakkan wajah Anda di dalam oval', 'Diam sebentar, lihat ke kamera', 'Bagus, tahan…', 'Tengok ke kiri', 'Pejamkan mata sebentar, lalu buka', 'Foto terambil', 'Sebentar, kami sedang memeriksa…']);
  await expect.poll(async () => (await watched()).made - (await watched()).closed).toBe(0);
  await page.close();
});

it('begins the selfie anew after its time was over', async () => {
  const page = await studio.page();
  await studio.show(page, 'selfie.timedOut&flow=selfieLiveness&speed=4');
  expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('Coba lagi');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await waitForScreen(page, 'submitting');
  await page.close();
});

it('lights the face full-screen after it was captured, and looks at it then', async () => {
  const page = await studio.page();
  const watched = await watch(page);
  await studio.show(page, 'selfie&flow=identityVerification&speed=3');
  await waitForScreen(page, 'flash');
  await page.getByRole('button', { name: /Mulai sekarang/ }).click();
  await waitForScreen(page, 'outcome');
  const seen = await watched();
  expect(seen.colours.filter(({ colour }) => colour !== '')).toHaveLength(4);
  expect(seen.told.slice(-2)).toEqual(['Foto terambil', 'Sebentar, kami sedang memeriksa…']);
  await page.close();
});

it('hides the NIK on the picture of the card for as long as it is masked', async () => {
  const page = await studio.page();
  await studio.show(page, 'review&still');
  expect(await page.locator('.cover').count()).toBe(1);
  expect(await page.locator('[data-field="nik"]').innerText()).toContain('3174 •••• •••• 0000');
  await page.getByRole('button', { name: 'Tampilkan NIK' }).click();
  await page.locator('.cover').waitFor({ state: 'detached' });
  expect(await page.locator('[data-field="nik"]').innerText()).toContain('3174 0526 0989 0000');
  await page.close();
});

it('lights a field’s place on the card, and the other way round', async () => {
  const page = await studio.page();
  await studio.show(page, 'review&still');
  await page.locator('[data-field="address"]').hover();
  await page.locator('.place.active').waitFor();
  await page.getByRole('button', { name: /Ubah Tanggal lahir menjadi/ }).click();
  await page.locator('s', { hasText: '28-09-1989' }).waitFor();
  await page.getByRole('button', { name: 'Urungkan' }).click();
  await page.locator('s').waitFor({ state: 'detached' });
  await page.close();
});

it('moves nothing for who asked the system for stillness', async () => {
  const page = await studio.page(undefined, false);
  for (const screen of ['card.cutOff', 'selfie.tooFar', 'selfie.offCentre', 'selfie.turnLeft', 'selfie.blink', 'selfie.checking']) {
    await studio.show(page, `${screen}&still`);
    const moving = await page.evaluate(() => document.getAnimations().filter((animation) => Number(animation.effect?.getComputedTiming().duration) > 1).length);
    expect(moving, screen).toBe(0);
  }
  await page.close();
});

it('logged no error on the way', () => expect(studio.complaints).toEqual([]));
