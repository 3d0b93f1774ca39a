import { cleanup, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import App from '../src/App.svelte';
import type { Backend } from '../src/lib/backend';
import { speech } from '../src/lib/language.svelte';
import { messages } from '../src/lib/messages';
import { mockBackend, scenes } from '../src/lib/mock';

beforeEach(() => speech.choose('id'));
afterEach(cleanup);

const queuePanel = (title: string): Promise<HTMLElement> => screen.findByRole('region', { name: title });

const open = (scene: string): void => void render(App, { backend: mockBackend(scene) });

test('the counts of an open queue stand beside their names', async () => {
  open('waiting');
  const panel = within(await queuePanel('Antrean terenkripsi'));
  const shown = panel.getAllByRole('term').map((term) => [term.textContent?.trim(), term.nextElementSibling?.textContent]);
  expect(shown).toEqual([
    ['Menunggu', '3'],
    ['Dikirim', '1'],
    ['Diterima mitra', '128'],
    ['Perlu tindakan', '0'],
  ]);
  expect(panel.getByText('4 berkas tersimpan, akan dikirim saat online.')).toBeTruthy();
});

test('a refused capture is what the sentence speaks of, whatever else waits', async () => {
  open('parked');
  const panel = within(await queuePanel('Antrean terenkripsi'));
  expect(panel.getByText(/^1 berkas ditolak mitra/)).toBeTruthy();
});

test('choosing English changes every word and is remembered', async () => {
  open('settled');
  await queuePanel('Antrean terenkripsi');
  screen.getByRole('button', { name: 'English' }).click();
  const panel = within(await queuePanel('Encrypted queue'));
  expect(panel.getByText('Everything has been accepted by the partner.')).toBeTruthy();
  expect(screen.queryByText('Model pembaca')).toBeNull();
  expect(localStorage.getItem('loket.language')).toBe('en');
  expect(document.documentElement.lang).toBe('en');
});

test('a missing key is named, with what to do and what the system said', async () => {
  open('keyMissing');
  const alert = within(await screen.findByRole('alert'));
  expect(alert.getByRole('heading', { name: 'Kunci antrean tidak ditemukan' })).toBeTruthy();
  expect(alert.getByText(/LOKET_KEY_FILE/)).toBeTruthy();
  expect(alert.getByText('no key file at /run/keys/loket')).toBeTruthy();
  expect(screen.queryAllByRole('term')).toHaveLength(0);
});

test('models are listed with their size and the start of their fingerprint', async () => {
  open('waiting');
  const panel = within(await screen.findByRole('region', { name: 'Model pembaca' }));
  expect(panel.getAllByRole('listitem')).toHaveLength(3);
  expect(panel.getByText('2,6 MB')).toBeTruthy();
  expect(panel.getByText('recogniser · 9ff7b5f81748')).toBeTruthy();
  expect(panel.getByText('3 model, 4,3 MB')).toBeTruthy();
});

describe('refreshing', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('a change in the queue appears by itself; a silent backend leaves the last state, marked', async () => {
    let answer: () => ReturnType<Backend['status']> = mockBackend('waiting').status;
    render(App, { backend: { status: () => answer() } });
    await vi.advanceTimersByTimeAsync(0);
    expect(screen.getByText('4 berkas tersimpan, akan dikirim saat online.')).toBeTruthy();

    answer = mockBackend('settled').status;
    await vi.advanceTimersByTimeAsync(2_500);
    expect(screen.getByText('Semua berkas sudah diterima mitra.')).toBeTruthy();

    answer = () => Promise.reject(new Error('gone'));
    await vi.advanceTimersByTimeAsync(2_500);
    expect(screen.getByText('Semua berkas sudah diterima mitra.')).toBeTruthy();
    expect(screen.getByRole('alert').textContent).toContain('keadaan terakhir');
  });
});

test('every scene can be shown in both languages', async () => {
  for (const language of ['id', 'en'] as const) {
    speech.choose(language);
    for (const scene of Object.keys(scenes)) {
      open(scene);
      await queuePanel(messages[language].queue.title);
      expect(document.body.textContent).not.toMatch(/undefined|\[object/);
      cleanup();
    }
  }
});
