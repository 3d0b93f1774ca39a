import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { focused, screenOf, Studio, tabTo, waitForScreen } from './studio';

let studio: Studio;

beforeAll(async () => {
  studio = await Studio.open();
});
afterAll(() => studio.close());

const heading = (page: Page): Promise<string> => page.locator('h1').first().innerText();

async function pressOn(page: Page, name: RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

describe('with the keyboard alone', () => {
  it('a member of staff captures, corrects and sends a card', async () => {
    const page = await studio.page();
    await studio.show(page, 'start&speed=2');
    expect(await focused(page)).toBe('Siap untuk nasabah berikutnya');
    await page.keyboard.press('Tab');
    await page.keyboard.type('NSB-77');
    await page.keyboard.press('Enter');
    await waitForScreen(page, 'consent');
    expect(await focused(page)).toBe(await heading(page));
    await pressOn(page, /^Setuju$/);
    await waitForScreen(page, 'card');
    await waitForScreen(page, 'flash');
    await pressOn(page, /^Mulai sekarang/);
    await waitForScreen(page, 'reading');
    await waitForScreen(page, 'review');

    // F2 edits, Enter saves and moves on to the next uncertain field.
    await tabTo(page, /^Tanggal lahir/);
    await page.keyboard.press('F2');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('31-02');
    await page.keyboard.press('Enter');
    expect(await page.locator('[role="alert"]').innerText()).toContain('Bukan tanggal');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('26-09-1989');
    await page.keyboard.press('Enter');
    await page.locator('s', { hasText: '28-09-1989' }).waitFor();
    await expect.poll(() => focused(page)).toMatch(/^Alamat/);
    for (let i = 0; i < 17; i += 1) await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('Data benar, lanjut');
    await page.keyboard.press('Enter');
    await waitForScreen(page, 'submitting');
    await waitForScreen(page, 'outcome');
    expect(await heading(page)).toBe('KTP terverifikasi');
    await pressOn(page, /^Nasabah berikutnya$/);
    await waitForScreen(page, 'start');
    await page.close();
  });

  it('a customer goes through the kiosk in English, without flashing', async () => {
    const page = await studio.page();
    await studio.show(page, 'start&mode=selfService&speed=2');
    await pressOn(page, /^English$/);
    await expect.poll(() => heading(page)).toBe('Have your KTP ready');
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await pressOn(page, /^Start$/);
    await waitForScreen(page, 'consent');
    await pressOn(page, /^I agree|^Agree/);
    await waitForScreen(page, 'flash');
    await pressOn(page, /^No flashing/);
    await waitForScreen(page, 'outcome');
    await pressOn(page, /^Done$/);
    await waitForScreen(page, 'start');
    await page.close();
  });

  it('a member of staff verifies an identity, once more because the partner wants another', async () => {
    const page = await studio.page();
    await studio.show(page, 'start&flow=identityVerification&ends=NOT_LIVE&speed=4');
    expect(await heading(page)).toBe('Verifikasi identitas');
    await pressOn(page, /^Nasabah baru$/);
    await pressOn(page, /^Setuju$/);
    await waitForScreen(page, 'flash');
    await pressOn(page, /^Tanpa kedip/);
    await waitForScreen(page, 'review');
    await pressOn(page, /^Data benar, lanjut$/);
    await waitForScreen(page, 'selfie');
    expect(await page.getByText('Langkah 3 dari 4').count()).toBe(1);
    await waitForScreen(page, 'outcome');
    expect(await heading(page)).toBe('Kartu dan selfie perlu diambil ulang');
    await pressOn(page, /^Ambil ulang keduanya$/);
    await waitForScreen(page, 'card');
    await page.getByText('Mitra meminta foto ulang: selfie tidak tampak diambil langsung').waitFor();
    await waitForScreen(page, 'flash');
    await pressOn(page, /^Tanpa kedip/);
    await waitForScreen(page, 'review');
    await pressOn(page, /^Data benar, lanjut$/);
    await waitForScreen(page, 'selfie');
    await waitForScreen(page, 'outcome');
    expect(await heading(page)).toBe('Identitas terverifikasi');
    await pressOn(page, /^Nasabah berikutnya$/);
    await waitForScreen(page, 'start');
    await page.close();
  });

  it('a customer takes a selfie alone, and is told that the partner is still at work', async () => {
    const page = await studio.page();
    await studio.show(page, 'start&mode=selfService&flow=selfieLiveness&ends=processing&lang=en&speed=2');
    expect(await heading(page)).toBe('Take a selfie');
    await pressOn(page, /^Start$/);
    await pressOn(page, /^I agree/);
    await waitForScreen(page, 'selfie');
    await waitForScreen(page, 'outcome');
    expect(await heading(page)).toBe('The partner is still working on it');
    await pressOn(page, /^Done$/);
    await waitForScreen(page, 'start');
    await page.close();
  });

  it('the kiosk’s customer shows another card when the first was none', async () => {
    const page = await studio.page();
    await studio.show(page, 'outcome.NOT_EKTP&mode=selfService&speed=4');
    await page.getByText(/Gunakan e-KTP asli Anda/).waitFor();
    await pressOn(page, /^Ambil ulang kartu$/);
    await waitForScreen(page, 'card');
    await page.getByText('Mitra meminta foto ulang: kartu ini bukan e-KTP').waitFor();
    await page.close();
  });

  it('a capture made offline says that it is only saved, and is sent from the queue', async () => {
    const page = await studio.page();
    await studio.show(page, 'start&mode=field&online=0&demo&speed=6');
    await pressOn(page, /^Ambil data baru$/);
    await pressOn(page, /^Setuju$/);
    await waitForScreen(page, 'review');
    await pressOn(page, /^Data benar, lanjut$/);
    await waitForScreen(page, 'outcome');
    expect(await heading(page)).toBe('Tersimpan, akan dikirim saat online');
    await pressOn(page, /^Nasabah berikutnya$/);
    await waitForScreen(page, 'start');
    await pressOn(page, /^Offline$/);
    await pressOn(page, /^Buka antrean$/);
    await waitForScreen(page, 'queue');
    expect(await page.locator('.filter').filter({ hasText: 'Menunggu' }).innerText()).toContain('4');
    await pressOn(page, /^Kirim sekarang$/);
    await expect.poll(() => page.locator('.filter').filter({ hasText: 'Menunggu' }).innerText()).toContain('0');
    await page.keyboard.press('Escape');
    await waitForScreen(page, 'start');
    await page.close();
  });

  it('a selfie that fails three times needs staff with the PIN, who allow one more try', async () => {
    const page = await studio.page();
    await studio.show(page, 'start&flow=selfieLiveness&fails=missed,timedOut,notConvincing&speed=6');
    await pressOn(page, /^Nasabah baru$/);
    await pressOn(page, /^Setuju$/);
    for (const left of [/Masih bisa 2 kali/, /Setelah ini petugas/]) {
      await page.getByText(left).waitFor();
      await expect.poll(() => focused(page)).toBe('Coba lagi');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await waitForScreen(page, 'selfieLocked');
    expect(await heading(page)).toBe('Selfie perlu bantuan petugas');
    await pressOn(page, /^Buka dengan PIN petugas$/);
    await waitForScreen(page, 'pin');
    await page.keyboard.type('111111');
    await page.getByText('PIN salah').waitFor();
    await page.keyboard.type('123456');
    await waitForScreen(page, 'selfieLocked');
    await pressOn(page, /^Satu kali lagi/);
    await waitForScreen(page, 'outcome');
    await page.close();
  });

  it('the queue’s items open, and are discarded only with a PIN and a reason', async () => {
    const page = await studio.page();
    await studio.show(page, 'queue&speed=2');
    await pressOn(page, /NSB-2026-1487/);
    await pressOn(page, /^Buang$/);
    const discard = page.getByRole('button', { name: 'Buang selamanya' });
    expect(await discard.isDisabled()).toBe(true);
    await page.keyboard.type('Kartu uji');
    await page.keyboard.press('Tab');
    await page.keyboard.type('123456');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByText('NSB-2026-1487').count()).toBe(0);
    await page.close();
  });

  it('settings open with the PIN and are saved', async () => {
    const page = await studio.page();
    await studio.show(page, 'start&speed=2');
    await pressOn(page, /^Pengaturan$/);
    await waitForScreen(page, 'pin');
    await page.keyboard.type('111111');
    await page.getByText('PIN salah').waitFor();
    await page.keyboard.type('123456');
    await waitForScreen(page, 'settings');
    await page.getByLabel('Tampilan').focus();
    await page.keyboard.press('End');
    await pressOn(page, /^Simpan$/);
    await expect.poll(() => page.locator('html').getAttribute('data-appearance')).toBe('contrast');
    await page.keyboard.press('Escape');
    await waitForScreen(page, 'start');
    await page.close();
  });
});

describe('every screen has a way out', () => {
  it.each(['consent', 'card.glare', 'selfie.nobodyThere', 'selfie.blink', 'selfieLocked', 'flash', 'flash.face', 'review'])('%s can be cancelled, after a question', async (screen) => {
    const page = await studio.page();
    await studio.show(page, `${screen}&still`);
    const name = await screenOf(page);
    await pressOn(page, /^Batal$/);
    await page.keyboard.press('Escape');
    expect(await screenOf(page)).toBe(name);
    await pressOn(page, /^Batal$/);
    await pressOn(page, /^Batalkan dan hapus$/);
    await waitForScreen(page, 'start');
    expect(await page.locator('[role="status"]', { hasText: 'Tidak ada data yang disimpan' }).count()).toBe(1);
    await page.close();
  });

  it.each(['start', 'card.glare', 'selfie.tooDark', 'review', 'outcome.verified'])('help on %s comes back to it', async (screen) => {
    const page = await studio.page();
    await studio.show(page, `${screen}&still`);
    const name = await screenOf(page);
    await pressOn(page, /^(Bantuan|Perlu bantuan\?)$/);
    await waitForScreen(page, 'help');
    await page.keyboard.press('Escape');
    await waitForScreen(page, name ?? '');
    await page.close();
  });

  it('nobody at the kiosk: a countdown, a wipe, and it says so', async () => {
    const page = await studio.page();
    await page.clock.install();
    await studio.show(page, 'consent&mode=selfService');
    await page.clock.runFor(33_000);
    await page.getByRole('alertdialog', { name: 'Masih di sini?' }).waitFor();
    await page.clock.runFor(16_000);
    await waitForScreen(page, 'start');
    await page.getByText('Data di layar ini sudah dihapus').waitFor();
    await page.close();
  });
});

it('logged no error on the way', () => expect(studio.complaints).toEqual([]));
