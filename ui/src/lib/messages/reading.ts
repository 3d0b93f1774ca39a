const id = {
  title: 'Membaca kartu',
  lead: 'Kartunya boleh disimpan kembali.',
  progress: (done: string, of: string) => `Gambar ${done} dari ${of}`,
};

const en: typeof id = {
  title: 'Reading the card',
  lead: 'The card may be put away now.',
  progress: (done, of) => `Picture ${done} of ${of}`,
};

export const reading = { id, en };
