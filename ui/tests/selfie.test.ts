import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import type { FlowView, SelfieHintCode, SelfieView } from '../src/lib/bindings';
import { selfieView } from '../src/lib/mock/selfie';
import { speech } from '../src/lib/speech.svelte';
import Again from '../src/screens/capture/Again.svelte';
import Consent from '../src/screens/Consent.svelte';
import Selfie from '../src/screens/selfie/Selfie.svelte';
import Counter from '../src/screens/start/Counter.svelte';
import Field from '../src/screens/start/Field.svelte';
import Kiosk from '../src/screens/start/Kiosk.svelte';
import { noted } from './stage';

afterEach(() => {
  cleanup();
  speech.use('id', {});
});

const press = (name: string | RegExp): Promise<boolean> => fireEvent.click(screen.getByRole('button', { name }));
const title = (): string => screen.getByRole('heading', { level: 1 }).textContent;

describe('the selfie', () => {
  const view = (code: SelfieHintCode, more: Partial<SelfieView> = {}): SelfieView => ({
    ...selfieView({ code, step: { number: 3, of: 4 }, hold: 0, elapsedMs: 0, hasTimedOut: false, again: null }),
    ...more,
  });
  const show = (selfie: SelfieView): ReturnType<typeof noted> & { left: () => number } => {
    const stage = noted();
    let left = 0;
    render(Selfie, { session: stage.session, selfie, onLeave: () => (left += 1) });
    return { ...stage, left: () => left };
  };

  it.each([
    ['nobodyThere', 'Letakkan wajah Anda di dalam oval'],
    ['tooDark', 'Terlalu gelap: nyalakan lampu di depan Anda'],
    ['hold', 'Bagus, tahan…'],
    ['captured', 'Foto terambil'],
  ] as const)('%s is one hint in words', (code, words) => {
    show(view(code));
    expect(screen.getByRole('status').textContent).toBe(words);
    expect(document.querySelector('[data-oval]')?.getAttribute('data-oval')).toBe(code);
  });

  it('is a mirror', () => {
    show(view('nobodyThere'));
    expect(document.querySelector('canvas')?.classList).toContain('mirrored');
  });

  it('closes its line for as far as it was held, and shows no number', () => {
    show(view('hold', { hold: 0.4 }));
    expect(document.querySelector('[data-oval] .ring')?.getAttribute('stroke-dasharray')).toBe('40 100');
    expect(document.body.textContent).not.toMatch(/\d+ ?%|0[.,]\d/);
    cleanup();
    show(view('moving'));
    expect(document.querySelector('[data-oval] .ring')).toBeNull();
  });

  it('offers help and the button when it is told to, and can be left', async () => {
    const { acted, left } = show(view('tooDark', { offersHelp: true, offersShutter: true }));
    await press('Perlu bantuan?');
    await press('Ambil gambar sekarang');
    await press('Batal');
    expect(acted).toEqual([{ do: 'openHelp' }, { do: 'shutter' }]);
    expect(left()).toBe(1);
  });

  it('after the time is over gives advice in the hint’s place, and begins anew', async () => {
    const { acted } = show(view('nobodyThere', { hasTimedOut: true, offersShutter: true }));
    expect(screen.getByRole('dialog', { name: 'Selfie belum berhasil' })).toBeTruthy();
    expect(screen.getAllByRole('listitem')).toHaveLength(3);
    expect(screen.queryByText('Letakkan wajah Anda di dalam oval')).toBeNull();
    expect(screen.queryByRole('button', { name: 'Ambil gambar sekarang' })).toBeNull();
    await press('Coba lagi');
    expect(acted).toEqual([{ do: 'tryAgain' }]);
  });

  it('says where the camera is lost, and draws no oval then', () => {
    show(view('cameraLost', { offersShutter: true }));
    expect(screen.getByRole('alert').textContent).toContain('Kamera terputus');
    expect(document.querySelector('[data-oval]')).toBeNull();
    expect(screen.queryByRole('button', { name: 'Ambil gambar sekarang' })).toBeNull();
  });

  it('says why the partner wants another', () => {
    show(view('nobodyThere', { again: 'NOT_LIVE' }));
    expect(screen.getByText('Mitra meminta foto ulang: selfie tidak tampak diambil langsung')).toBeTruthy();
  });
});

it.each([
  ['id', 'not-ektp', 'Mitra meminta foto ulang: kartu ini bukan e-KTP'],
  ['en', 'NOT_EKTP', 'The partner asks for another picture: this card is not an e-KTP'],
  ['id', 'SOMETHING_NEW', 'Mitra meminta foto ulang'],
  ['en', 'SOMETHING_NEW', 'The partner asks for another picture'],
] as const)('the notice in %s of %s', (language, reason, words) => {
  speech.use(language, {});
  render(Again, { reason });
  expect(document.body.textContent.trim()).toBe(words);
});

describe('each flow', () => {
  const FLOWS: [FlowView, string, string, RegExp][] = [
    ['ktpScan', 'Siap untuk nasabah berikutnya', 'Siapkan KTP Anda', /^Gambar bagian depan KTP(?!.*wajah)/],
    ['selfieLiveness', 'Ambil selfie', 'Ambil selfie', /^Gambar wajah Anda(?!.*KTP)/],
    ['identityVerification', 'Verifikasi identitas', 'Verifikasi identitas', /KTP.*lalu gambar wajah Anda/],
  ];
  const start = (flow: FlowView) => ({ capturedToday: 0, deliveredToday: 0, asksCustomerId: true, items: [], trouble: null, flow });

  it.each(FLOWS)('%s names itself at the start, and says what it captures before consent', (flow, counter, kiosk, what) => {
    const { session } = noted();
    render(Counter, { session, start: start(flow), counts: null });
    expect(title()).toBe(counter);
    cleanup();
    render(Kiosk, { session, start: start(flow) });
    expect(title()).toBe(kiosk);
    cleanup();
    render(Consent, { session, consent: { textVersion: '1', flow, recipient: 'Bank Contoh', receiptDays: 90, captureDays: null } });
    expect(screen.getAllByRole('listitem')[0]!.querySelector('p')!.textContent).toMatch(what);
  });

  it('begins from the field too', async () => {
    const { session, acted } = noted();
    render(Field, { session, start: start('selfieLiveness'), counts: null });
    await press('Ambil selfie baru');
    expect(acted).toEqual([{ do: 'begin', customerId: null }]);
  });
});
