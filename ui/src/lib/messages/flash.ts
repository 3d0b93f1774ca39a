import type { FlashSubject } from '../bindings';

type Words = Record<FlashSubject, string>;

const id = {
  title: (seconds: number) => `Layar akan berkedip warna selama ${seconds} detik`,
  lead: {
    card: 'Pegang kartu tetap di tempatnya. Cahaya warna membantu memastikan kartunya asli.',
    face: 'Tetap lihat ke kamera dan jangan bergerak. Cahaya warna membantu memastikan Anda sendiri yang hadir.',
  } satisfies Words as Words,
  warning: 'Peka terhadap kedipan cahaya atau epilepsi? Pilih “Tanpa kedip”.',
  without: 'Tanpa kedip',
  withoutNote: 'Lanjut tanpa warna; petugas mitra mungkin memeriksa lebih teliti.',
  withoutStaff: 'Lanjut tanpa warna. Tanpa pantulannya, salinan lebih sulit dikenali: keyakinan tercatat paling tinggi “standar”.',
  begin: 'Mulai sekarang',
  beginNote: (seconds: number) => (seconds > 0 ? `Mulai sendiri dalam ${seconds} detik` : 'Mulai…'),
  playing: { card: 'Tahan kartunya…', face: 'Lihat ke kamera…' } satisfies Words as Words,
  stop: 'Hentikan kedipan',
};

const en: typeof id = {
  title: (seconds) => `The screen will flash colours for ${seconds} seconds`,
  lead: {
    card: 'Keep the card where it is. Coloured light helps to make sure that the card is genuine.',
    face: 'Keep looking at the camera and hold still. Coloured light helps to make sure that it is you who is here.',
  },
  warning: 'Sensitive to flashing light, or epileptic? Choose “No flashing”.',
  without: 'No flashing',
  withoutNote: 'Go on without colours; the partner may look more closely.',
  withoutStaff: 'Go on without colours. Without their reflection a copy is harder to tell: assurance is “standard” at most.',
  begin: 'Start now',
  beginNote: (seconds) => (seconds > 0 ? `Starts by itself in ${seconds} seconds` : 'Starting…'),
  playing: { card: 'Hold the card…', face: 'Look at the camera…' },
  stop: 'Stop flashing',
};

export const flash = { id, en };
