import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { FaceOutcomeView, FlashOutcome, FlowView, OutcomeResult, OutcomeView } from '../src/lib/bindings';
import { messages } from '../src/lib/messages';
import { faceOutcome, oneKycOutcome, outcomeView } from '../src/lib/mock/stills';
import { speech } from '../src/lib/speech.svelte';
import Outcome from '../src/screens/outcome/Outcome.svelte';
import { toldOf } from '../src/screens/outcome/told';
import { noted } from './stage';

afterEach(() => {
  cleanup();
  speech.use('id', {});
  vi.useRealTimers();
});

describe('the outcome', () => {
  const show = (result: OutcomeResult, isKiosk = false, more: Partial<OutcomeView> = {}): ReturnType<typeof noted> => {
    const stage = noted();
    render(Outcome, { session: stage.session, outcome: { ...outcomeView(result, 'played', isKiosk), ...more }, mode: isKiosk ? 'selfService' : 'staff' });
    return stage;
  };

  it.each([
    ['verified', 'KTP terverifikasi'],
    ['review', 'Sudah diterima, sedang ditinjau mitra'],
    ['queued', 'Tersimpan, akan dikirim saat online'],
    ['refused', 'Mitra menolak berkas ini'],
    ['failed', 'Tidak dapat disimpan'],
    ['processing', 'Mitra masih memproses'],
  ] as const)('%s is one sentence', (result, title) => {
    show(result);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(title);
  });

  it('of something unsent never says that it is done', () => {
    show('queued');
    expect(document.body.textContent).not.toMatch(/selesai|terkirim|berhasil/i);
  });

  it('shows a customer no reasons and no voters, staff all of them', () => {
    show('verified', true);
    expect(screen.queryByText('Rincian untuk petugas')).toBeNull();
    cleanup();
    show('verified');
    expect(screen.getByText('Pantulan hologram')).toBeTruthy();
    expect(screen.getByText('Tinggi')).toBeTruthy();
  });

  it('leaves by itself at the kiosk, and says when', () => {
    vi.useFakeTimers();
    show('verified', true);
    vi.advanceTimersByTime(0);
    expect(screen.getByText(/dalam 15 detik/)).toBeTruthy();
  });
});

describe('the face, for staff', () => {
  const show = (flash: FlashOutcome, face: FaceOutcomeView, more: Partial<OutcomeView> = {}, mode: 'staff' | 'selfService' = 'staff'): void => {
    const { session } = noted();
    render(Outcome, { session, outcome: { ...outcomeView('verified', flash, mode === 'selfService'), face, ...more }, mode });
  };

  it('has its own tier beside the card’s, and the title speaks of the person', () => {
    show('played', faceOutcome('verified', 'played', false, true));
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Identitas terverifikasi');
    expect(screen.getByText('Keyakinan: Tinggi')).toBeTruthy();
    expect(screen.getByText('Wajah memantulkan warna layar')).toBeTruthy();
    expect(screen.queryByText('Mengapa tidak tinggi')).toBeNull();
  });

  it.each([
    ['declined', /Nasabah memilih tanpa kedip/],
    ['offline', /Sedang offline/],
    ['notSeen', /Kamera tidak melihat cahaya layar/],
    ['off', /Kedipan warna dimatikan/],
  ] as [FlashOutcome, RegExp][])('without light (%s) says why neither tier is high', (flash, why) => {
    show(flash, faceOutcome('verified', flash, false, true));
    expect(screen.getByText('Standar')).toBeTruthy();
    expect(screen.getAllByText('Mengapa tidak tinggi')).toHaveLength(2);
    expect(screen.getAllByText(why)).toHaveLength(2);
  });

  it('says that staff let gestures be left out, and that something is in doubt', () => {
    show('played', faceOutcome('review', 'played', true, true));
    expect(screen.getByText('Keyakinan: Rendah, ditinjau mitra')).toBeTruthy();
    expect(screen.getByText(/Petugas mengizinkan tanpa gerakan/)).toBeTruthy();
    expect(screen.getByText(/lihat di bawah/)).toBeTruthy();
    expect(screen.getByText('Tidak ada gerakan yang diminta')).toBeTruthy();
  });

  it('does not blame missing light where OneKYC judges, which asks for none', () => {
    const onekyc = { status: 'COMPLETED', result: 'VALID', reasonCode: null, correlationId: 'c-1' };
    show('off', faceOutcome('verified', 'off', false, false), { onekyc, tier: null });
    expect(screen.queryByText('Mengapa tidak tinggi')).toBeNull();
    expect(screen.queryByText('Cahaya layar')).toBeNull();
  });
});

describe('what OneKYC said', () => {
  const show = (ends: string, isKiosk = false, more: Partial<OutcomeView> = {}, flow: FlowView = 'identityVerification'): ReturnType<typeof noted> => {
    const stage = noted();
    const outcome = { ...oneKycOutcome(ends, flow, isKiosk), ...more };
    render(Outcome, { session: stage.session, outcome, mode: isKiosk ? 'selfService' : 'staff' });
    return stage;
  };
  const buttons = (): string[] => screen.getAllByRole('button').map((button) => button.textContent.trim());

  it.each([
    ['NOT_EKTP', 'ktpScan', 'Kartunya perlu diambil ulang', 'Ambil ulang kartu'],
    ['NOT_LIVE', 'selfieLiveness', 'Selfienya perlu diambil ulang', 'Ambil ulang selfie'],
    ['NOT_LIVE', 'identityVerification', 'Kartu dan selfie perlu diambil ulang', 'Ambil ulang keduanya'],
    ['NOT_EKTP', 'identityVerification', 'Kartunya perlu diambil ulang', 'Ambil ulang kartu'],
  ] as const)('%s in %s leads back to the camera', async (code, flow, title, button) => {
    const { acted } = show(code, false, {}, flow);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(title);
    expect(buttons()).toEqual(['Nasabah berikutnya', button]);
    const retake = screen.getByRole('button', { name: button });
    expect(retake.className).toContain('primary');
    await fireEvent.click(retake);
    expect(acted).toEqual([{ do: 'retake' }]);
  });

  it('says that both are captured again where only the face was refused', () => {
    show('FACE_MATCH_FAILED', true);
    expect(screen.getByText(/tanpa masker.*Mulai dari kartunya/)).toBeTruthy();
    cleanup();
    show('FACE_MATCH_FAILED', true, {}, 'selfieLiveness');
    expect(screen.queryByText(/Mulai dari kartunya/)).toBeNull();
  });

  it('tells staff why, what helps and the partner’s own words', () => {
    show('DUKCAPIL_REJECTED');
    const text = document.body.textContent;
    expect(text).toContain('Alasan: Data tidak sesuai dengan catatan Dukcapil');
    expect(text).toContain('arahkan nasabah ke Dukcapil');
    for (const fact of ['COMPLETED', 'INVALID', 'DUKCAPIL_REJECTED', '00000000-0000-4000-8000-000000000013']) expect(screen.getByText(fact)).toBeTruthy();
    expect(buttons()).toEqual(['Buka antrean', 'Nasabah berikutnya']);
    expect(text).not.toContain('Cahaya layar');
  });

  it('tells the customer alone only what the customer can do', () => {
    show('NOT_LIVE', true);
    expect(screen.getByText(/Lepas masker dan kacamata hitam/)).toBeTruthy();
    expect(document.body.textContent).not.toMatch(/Alasan|NOT_LIVE|Mitra/);
    cleanup();
    show('FRAUD_REJECT', true);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Maaf, ini belum berhasil');
    expect(screen.getByText(/datangi petugas/)).toBeTruthy();
    expect(document.body.textContent).not.toMatch(/penipuan|FRAUD/i);
  });

  it('shows staff a code that we have no words for in small print, and a customer nothing of it', () => {
    show('SOMETHING_NEW');
    expect(screen.getByText(/^Alasan: Ditolak mitra$/)).toBeTruthy();
    expect(document.querySelector('.code code')?.textContent).toBe('SOMETHING_NEW');
    cleanup();
    show('SOMETHING_NEW', true);
    expect(document.body.textContent).not.toMatch(/SOMETHING|something/);
  });

  it('believes the partner’s code over the queue’s word for it', () => {
    show('refused', false, { reason: 'refused', onekyc: { status: 'COMPLETED', result: 'INVALID', reasonCode: 'FACE_MATCH_FAILED', correlationId: 'c-1' } });
    expect(screen.getByText('Alasan: Wajah tidak cocok dengan foto pembanding')).toBeTruthy();
  });

  it('never speaks of the card alone where a face may have been judged', () => {
    show('verified');
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Identitas terverifikasi');
    cleanup();
    show('verified', true);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Identitas terverifikasi');
  });

  it('of something still processed says that the result will follow, not that it was accepted', () => {
    show('processing');
    expect(document.body.textContent).toContain('Hasilnya menyusul sendiri');
    expect(document.body.textContent).not.toMatch(/terverifikasi|lolos|selesai/i);
  });

  it.each(['id', 'en'] as const)('has a title and advice for every reason in %s', (language) => {
    speech.use(language, {});
    for (const [key, text] of Object.entries(messages[language].reasons)) {
      const code = key.toUpperCase();
      const staff = toldOf(oneKycOutcome(code, 'selfieLiveness', false), false);
      expect(staff, code).toMatchObject({ lead: text.staff, reason: text.title, code: null });
      const customer = toldOf({ ...oneKycOutcome(code, 'selfieLiveness', true), reason: code }, true);
      expect(customer.reason, code).toBeNull();
      expect(customer.lead, code).toBe(text.customer ?? messages[language].outcome.results.refused.customer);
    }
  });
});
