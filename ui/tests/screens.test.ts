import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { QueueScreenView } from '../src/lib/bindings';
import { submittingView } from '../src/lib/mock/stills';
import { MockReview } from '../src/lib/mock/review';
import { MockShelf } from '../src/lib/mock/shelf';
import { speech } from '../src/lib/speech.svelte';
import Retry from '../src/screens/card/Retry.svelte';
import { shown as shownCard } from '../src/screens/card/hints';
import HintBar from '../src/screens/capture/HintBar.svelte';
import Flash from '../src/screens/Flash.svelte';
import Pin from '../src/screens/Pin.svelte';
import Queue from '../src/screens/queue/Queue.svelte';
import Review from '../src/screens/review/Review.svelte';
import Field from '../src/screens/start/Field.svelte';
import Submitting from '../src/screens/Submitting.svelte';
import { noted } from './stage';

afterEach(() => {
  cleanup();
  speech.use('id', {});
  vi.useRealTimers();
});

const press = (name: string | RegExp): Promise<boolean> => fireEvent.click(screen.getByRole('button', { name }));

describe('the hint', () => {
  it('is said in words, with the fields by name and the direction', async () => {
    const { rerender } = render(HintBar, { hint: shownCard({ code: 'obstructed', direction: null, fields: ['nik', 'fullName'] }), hold: 0 });
    expect(screen.getByRole('status').textContent).toBe('Jari menutupi NIK dan nama');
    await rerender({ hint: shownCard({ code: 'glare', direction: 'left', fields: ['nik'] }), hold: 0 });
    expect(screen.getByRole('status').textContent).toBe('Miringkan sedikit ke kiri agar pantulan hilang');
    speech.use('en', {});
    await rerender({ hint: shownCard({ code: 'hold', direction: null, fields: [] }), hold: 0.5 });
    expect(screen.getByRole('status').textContent).toBe('Good, hold it…');
  });

  it('names no field where too many are hidden', () => {
    render(HintBar, { hint: shownCard({ code: 'obstructed', direction: null, fields: ['nik', 'fullName', 'gender', 'address'] }), hold: 0 });
    expect(screen.getByRole('status').textContent).toBe('Jari menutupi kartu');
  });
});

it('in the field the queue comes first, and its items open', async () => {
  const { session, acted } = noted();
  const items = new MockShelf(false).items;
  render(Field, { session, start: { capturedToday: 3, deliveredToday: 1, asksCustomerId: true, items, trouble: null, flow: 'ktpScan' }, counts: null });
  const rows = screen.getByRole('list', { name: 'Berkas dalam antrean' }).querySelectorAll('button');
  expect(rows).toHaveLength(items.length);
  await fireEvent.click(rows[0]!);
  await press('Ambil data baru');
  expect(acted).toEqual([
    { do: 'openItem', id: items[0]!.id },
    { do: 'begin', customerId: null },
  ]);
});

it('after a failed try the reasons are advice, and the card can be tried again', async () => {
  const { session, acted } = noted();
  render(Retry, { session, retry: { reasons: ['obstructed', 'tooDark', 'blurry', 'moving'], fields: ['nik'] } });
  expect(screen.getByText(/Jangan tutupi NIK/)).toBeTruthy();
  expect(screen.getByText(/nyalakan lampu/)).toBeTruthy();
  expect(screen.getAllByText(/sampai gambarnya tajam/)).toHaveLength(1);
  await press('Coba lagi');
  expect(acted).toEqual([{ do: 'tryAgain' }]);
});

describe('the flash', () => {
  it('offers both ways with the same weight, no flashing first', async () => {
    const { session, acted } = noted();
    const flash = { phase: 'announced', subject: 'card', step: { number: 1, of: 3 }, seconds: 2, beginsInMs: 6_000 } as const;
    render(Flash, { session, flash, onLeave: () => undefined });
    const [without, begin] = [screen.getByRole('button', { name: /Tanpa kedip/ }), screen.getByRole('button', { name: /Mulai sekarang/ })];
    expect(without.className).toBe(begin.className);
    expect(without.compareDocumentPosition(begin) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
    await fireEvent.click(without);
    await fireEvent.click(begin);
    expect(acted).toEqual([{ do: 'skipFlash' }, { do: 'beginFlash' }]);
  });
});

describe('the flash of a face', () => {
  it('speaks of the face, and mirrors the picture', () => {
    const { session } = noted();
    const flash = { phase: 'announced', subject: 'face', step: { number: 3, of: 4 }, seconds: 3, beginsInMs: 4_000 } as const;
    render(Flash, { session, flash, onLeave: () => undefined });
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Layar akan berkedip warna selama 3 detik');
    expect(screen.getByText(/Anda sendiri yang hadir/)).toBeTruthy();
    expect(document.body.textContent).not.toContain('kartu');
    expect(document.querySelector('canvas')?.classList).toContain('mirrored');
  });

  it('plays in silence but for one word and a way to stop', async () => {
    const { session, acted } = noted();
    const flash = { phase: 'playing', subject: 'face', steps: [{ r: 255, g: 0, b: 0, holdMs: 400 }] } as const;
    render(Flash, { session, flash: { ...flash, steps: [...flash.steps] }, onLeave: () => undefined });
    expect(screen.getByRole('status').textContent).toBe('Lihat ke kamera…');
    await press('Hentikan kedipan');
    expect(acted).toContainEqual({ do: 'skipFlash' });
  });
});

describe('the PIN', () => {
  it('is taken from the pad and from the keyboard', async () => {
    const { session, acted } = noted();
    render(Pin, { session, pin: { purpose: 'settings', isWrong: false, lockedS: 0 } });
    for (const digit of '12') await press(digit);
    for (const key of ['3', '4', '9', 'Backspace', '5', '6']) await fireEvent.keyDown(window, { key });
    expect(acted).toEqual([{ do: 'enterPin', pin: '123456' }]);
  });

  it('waits while it is locked, and says how long', async () => {
    const { session, acted } = noted();
    render(Pin, { session, pin: { purpose: 'settings', isWrong: true, lockedS: 30 } });
    expect((await screen.findByRole('alert')).textContent).toContain('30 detik');
    for (const digit of '123456') await fireEvent.keyDown(window, { key: digit });
    expect(acted).toEqual([]);
  });
});

describe('the review', () => {
  const show = (review = new MockReview()): ReturnType<typeof noted> => {
    const stage = noted();
    render(Review, { session: stage.session, review: review.view(3), onLeave: () => undefined });
    return stage;
  };

  it('masks the NIK and puts what is uncertain first', () => {
    show();
    const rows = [...document.querySelectorAll('[data-field]')].map((row) => row.getAttribute('data-field'));
    expect(rows.slice(0, 3)).toEqual(['dateOfBirth', 'address', 'nik']);
    expect(document.body.textContent).not.toContain('0526');
  });

  it('settles a disagreement with one touch', async () => {
    const { acted } = show();
    await press('Ubah Tanggal lahir menjadi 26-09-1989');
    expect(acted).toEqual([{ do: 'correct', key: 'dateOfBirth', value: '1989-09-26' }]);
  });

  it('tells what the device saw on the card, leads to the field, and hinders nothing', async () => {
    show();
    expect(screen.queryByRole('region', { name: 'Lihat kartunya dari dekat' })).toBeNull();
    cleanup();
    const review = new MockReview();
    review.signs = [{ code: 'fontMatch', field: 'nik' }, { code: 'photocopy', field: null }];
    show(review);
    const note = screen.getByRole('region', { name: 'Lihat kartunya dari dekat' });
    expect(note.textContent).toMatch(/Satu angka tampak berbeda.*Mintalah kartu asli.*bukan keputusan/s);
    await fireEvent.click(within(note).getByRole('button', { name: 'NIK' }));
    await vi.waitFor(() => expect(document.activeElement?.getAttribute('data-field')).toBe('nik'));
    expect(screen.getByRole<HTMLButtonElement>('button', { name: /Data benar/ }).disabled).toBe(false);
  });

  it('keeps what was read beside the correction', () => {
    const review = new MockReview();
    review.correct('dateOfBirth', '1989-09-26');
    show(review);
    expect(document.querySelector('s')?.textContent).toBe('28-09-1989');
  });

  it('cannot be accepted while a field is missing, and says which', () => {
    const review = new MockReview();
    review.clear('kelurahan');
    show(review);
    expect(screen.getByRole<HTMLButtonElement>('button', { name: /Data benar/ }).disabled).toBe(true);
    expect(screen.getByText(/Isi dulu: kelurahan/)).toBeTruthy();
  });

  it('edits with F2, sends what was typed and closes with Escape', async () => {
    const { acted } = show();
    const row = document.querySelector<HTMLElement>('[data-field="address"]')!;
    await fireEvent.keyDown(row, { key: 'F2' });
    const editor = screen.getByRole('textbox', { name: 'Alamat' });
    await fireEvent.input(editor, { target: { value: 'JL. KENANGA 3' } });
    await fireEvent.keyDown(editor, { key: 'Enter' });
    expect(acted).toEqual([{ do: 'correct', key: 'address', value: 'JL. KENANGA 3' }]);
    await fireEvent.keyDown(editor, { key: 'Escape' });
    expect(screen.queryByRole('textbox')).toBeNull();
  });
});

describe('the queue', () => {
  const show = (queue: QueueScreenView): ReturnType<typeof noted> => {
    const stage = noted();
    render(Queue, { session: stage.session, queue });
    return stage;
  };

  it('shows those of one state when asked, and says so where there are none', async () => {
    const shelf = new MockShelf(false);
    show(shelf.view());
    await press(/^Perlu tindakan ?1$/);
    expect(screen.getAllByRole('listitem')).toHaveLength(1);
    expect(screen.getByText('Nomor nasabah tidak dikenal mitra')).toBeTruthy();
  });

  it('is empty in words, and has nothing to send then', () => {
    show(new MockShelf(true).view());
    expect(screen.getByRole('heading', { level: 2 }).textContent).not.toBe('');
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Kirim sekarang' }).disabled).toBe(true);
  });
});

describe('submitting', () => {
  it('says that it is safe only once it is stored', async () => {
    const { session } = noted();
    const { rerender } = render(Submitting, { session, submitting: submittingView('storing', 3) });
    expect(screen.getByRole('status').textContent).toContain('Jangan matikan');
    await rerender({ session, submitting: submittingView('sending', 3, 1_320_000) });
    expect(screen.getByRole('status').textContent).toContain('tersimpan dengan aman');
    expect(screen.getByRole<HTMLProgressElement>('progressbar').value).toBe(1_320_000);
    expect(screen.getByText('1,3 MB dari 2,6 MB')).toBeTruthy();
  });

  it('says who is at work while the partner judges, and that its answer will follow', async () => {
    const { session } = noted();
    const { rerender } = render(Submitting, { session, submitting: submittingView('judging', 4) });
    expect(screen.getByText('Mitra sedang memeriksa…')).toBeTruthy();
    expect(screen.getByText(/sampai satu menit/)).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
    await rerender({ session, submitting: submittingView('judging', 4, 0, true) });
    expect(screen.getByText(/hasilnya menyusul sendiri/)).toBeTruthy();
    expect(document.body.textContent).not.toContain('akan dikirim sendiri');
    expect(screen.getByRole('button', { name: 'Lanjut tanpa menunggu' })).toBeTruthy();
  });

  it('offers to go on when it is slow', async () => {
    const { session, acted } = noted();
    render(Submitting, { session, submitting: submittingView('sending', 3, 0, true) });
    await press('Lanjut tanpa menunggu');
    expect(acted).toEqual([{ do: 'goOn' }]);
  });
});
