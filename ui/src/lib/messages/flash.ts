const id = {
  title: (seconds: number) => `Layar akan berkedip warna selama ${seconds} detik`,
  lead: 'Pegang kartu tetap di tempatnya. Cahaya warna membantu memastikan kartunya asli.',
  warning: 'Peka terhadap kedipan cahaya atau epilepsi? Pilih “Tanpa kedip”.',
  without: 'Tanpa kedip',
  withoutNote: 'Lanjut tanpa warna; petugas mitra mungkin memeriksa lebih teliti.',
  begin: 'Mulai sekarang',
  beginNote: (seconds: number) => (seconds > 0 ? `Mulai sendiri dalam ${seconds} detik` : 'Mulai…'),
  playing: 'Tahan kartunya…',
  stop: 'Hentikan kedipan',
};

const en: typeof id = {
  title: (seconds) => `The screen will flash colours for ${seconds} seconds`,
  lead: 'Keep the card where it is. Coloured light helps to make sure that the card is genuine.',
  warning: 'Sensitive to flashing light, or epileptic? Choose “No flashing”.',
  without: 'No flashing',
  withoutNote: 'Go on without colours; the partner may look more closely.',
  begin: 'Start now',
  beginNote: (seconds) => (seconds > 0 ? `Starts by itself in ${seconds} seconds` : 'Starting…'),
  playing: 'Hold the card…',
  stop: 'Stop flashing',
};

export const flash = { id, en };
