import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import type { FaceVoter, FlowView, GestureCode, Mode, SelfieFailure, SelfieHintCode, SelfieLockedView, SelfieView, VoteOutcome } from '../src/lib/bindings';
import { messages } from '../src/lib/messages';
import { lockedView, promptOf, selfieView, VOTES } from '../src/lib/mock/selfie';
import { speech } from '../src/lib/speech.svelte';
import Again from '../src/screens/capture/Again.svelte';
import Consent from '../src/screens/Consent.svelte';
import Locked from '../src/screens/selfie/Locked.svelte';
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
    ...selfieView({ code, step: { number: 3, of: 4 }, hold: 0, elapsedMs: 0, gesture: null, isChecking: false, failed: null, again: null }),
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
    ['manyFaces', 'Satu orang saja di depan kamera'],
    ['tooFar', 'Dekatkan wajah Anda'],
    ['covered', 'Lepas masker, kacamata hitam, atau tangan dari wajah'],
    ['backlit', 'Cahaya dari belakang: hadap ke arah cahaya'],
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

  it.each([
    ['tooFar', '.reach'],
    ['tooClose', '.reach'],
    ['offCentre', '.chevron'],
    ['turnToCamera', '.chevron'],
  ] as const)('draws %s where the face is to go', (code, mark) => {
    show(view(code));
    expect(document.querySelector(`[data-oval] ${mark}`)).toBeTruthy();
    cleanup();
    show(view('hold'));
    expect(document.querySelector('[data-oval] .reach, [data-oval] .chevron')).toBeNull();
  });

  it.each([
    ['blink', 'Pejamkan mata sebentar, lalu buka'],
    ['turnLeft', 'Tengok ke kiri'],
    ['smile', 'Tersenyum'],
  ] as [GestureCode, string][])('asks for %s in words, shows it, and lets its time run out calmly', (gesture, words) => {
    show(view('hold', { gesture: promptOf(gesture, 1, 2, 0.25) }));
    expect(screen.getByRole('status').textContent).toBe(words);
    expect(screen.getByText('Gerakan 1 dari 2')).toBeTruthy();
    expect(document.querySelector('[data-gesture]')?.getAttribute('data-gesture')).toBe(gesture);
    expect(document.querySelector('[data-oval] .time')?.getAttribute('stroke-dasharray')).toBe('75 100');
    // Only turning has a direction.
    expect(document.querySelectorAll('[data-oval] .chevron')).toHaveLength(gesture === 'turnLeft' ? 1 : 0);
  });

  it('asks once more after a gesture was missed, and says first what keeps it from being seen', () => {
    show(view('hold', { gesture: { ...promptOf('smile', 2, 2, 0), isSecondTry: true } }));
    expect(screen.getByRole('status').textContent).toBe('Sekali lagi: tersenyum');
    cleanup();
    show(view('tooFar', { gesture: promptOf('smile', 2, 2, 0) }));
    expect(screen.getByRole('status').textContent).toBe('Dekatkan wajah Anda');
    expect(document.querySelector('[data-prompt="smile"]')).toBeTruthy();
  });

  it('says that it checks, and offers nothing then', () => {
    show(view('captured', { isChecking: true, offersShutter: true }));
    expect(screen.getByRole('status').textContent).toBe('Sebentar, kami sedang memeriksa…');
    expect(screen.queryByRole('button', { name: 'Ambil gambar sekarang' })).toBeNull();
  });

  it.each([
    ['timedOut', /Hadap ke cahaya/],
    ['missed', /Tunggu petunjuknya/],
    ['notConvincing', /tanpa foto atau layar lain/],
  ] as [SelfieFailure, RegExp][])('after a try that failed (%s) advises, accuses nobody, and counts what is left', (reason, advice) => {
    show(view('hold', { failed: { reason, triesLeft: 2 } }));
    expect(screen.getByRole('dialog').textContent).toMatch(advice);
    expect(screen.getByText('Masih bisa 2 kali; setelah itu petugas akan membantu Anda.')).toBeTruthy();
    expect(document.body.textContent).not.toMatch(/palsu|penipu|gagal|ditolak/i);
    cleanup();
    show(view('hold', { failed: { reason, triesLeft: 1 } }));
    expect(screen.getByText('Setelah ini petugas akan membantu Anda.')).toBeTruthy();
  });

  it('after a failed try gives advice in the hint’s place, and begins anew', async () => {
    const { acted } = show(view('nobodyThere', { failed: { reason: 'timedOut', triesLeft: 2 }, offersShutter: true }));
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

describe('after too many tries', () => {
  const show = (mode: Mode, locked: SelfieLockedView): ReturnType<typeof noted> & { left: () => number } => {
    const stage = noted();
    let left = 0;
    render(Locked, { session: stage.session, locked, mode, onLeave: () => (left += 1) });
    return { ...stage, left: () => left };
  };
  const step = { number: 3, of: 4 };

  it.each([
    ['selfService', 'Mohon panggil petugas'],
    ['staff', 'Selfie perlu bantuan petugas'],
  ] as [Mode, string][])('in %s says who helps, and goes on with the PIN alone', async (mode, words) => {
    const { acted, left } = show(mode, lockedView(step, false));
    expect(title()).toBe(words);
    expect(screen.getAllByRole('button')).toHaveLength(2);
    await press('Buka dengan PIN petugas');
    await press('Akhiri kunjungan ini');
    expect(acted).toEqual([{ do: 'unlockSelfie' }]);
    expect(left()).toBe(1);
  });

  it('offers staff three ways of the same weight, and what was seen in words', async () => {
    const { acted, left } = show('staff', lockedView(step, true));
    const buttons = screen.getAllByRole('button');
    expect(new Set(buttons.map((button) => button.className)).size).toBe(1);
    await press(/^Satu kali lagi/);
    await press(/^Lanjut tanpa gerakan/);
    await press(/^Akhiri kunjungan ini/);
    expect(acted).toEqual([{ do: 'oneMoreTry' }, { do: 'withoutGestures' }]);
    expect(left()).toBe(1);
    const seen = screen.getAllByRole('listitem').map((item) => item.textContent);
    expect(seen).toHaveLength(VOTES.length);
    // What speaks against it comes first.
    expect(seen.slice(0, 3).every((words) => words.startsWith('Meragukan'))).toBe(true);
    expect(document.querySelector('.found')!.textContent).not.toMatch(/\d/);
  });

  it('does not offer to leave gestures out twice', () => {
    show('staff', { ...lockedView(step, true), offersWithoutGestures: false });
    expect(screen.queryByRole('button', { name: /tanpa gerakan/ })).toBeNull();
    expect(screen.getAllByRole('button')).toHaveLength(2);
  });
});

it.each(['id', 'en'] as const)('has other words in %s for each vote of each voter', (language) => {
  const { votes } = messages[language].selfie;
  const all = (Object.keys(votes) as FaceVoter[]).flatMap((voter) => (Object.keys(votes[voter]) as VoteOutcome[]).map((outcome) => votes[voter][outcome]));
  expect(all).toHaveLength(27);
  expect(new Set(all).size).toBe(27);
  expect(all.filter((words) => /\d/.test(words))).toEqual([]);
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
