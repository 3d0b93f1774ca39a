import type { FaceVerdict, FlashOutcome, OutcomeResult, RetakeView } from '../bindings';

type Unlit = Exclude<FlashOutcome, 'played'>;

interface ResultText {
  title: string;
  next: string;
  /** The same for the customer alone at a kiosk. */
  customer: string;
}

const resultsId: Record<OutcomeResult, ResultText> = {
  verified: {
    title: 'KTP terverifikasi',
    next: 'Kembalikan kartunya; nasabah dapat dilayani.',
    customer: 'Terima kasih. Simpan kartu Anda; Anda dapat melanjutkan ke loket.',
  },
  review: {
    title: 'Sudah diterima, sedang ditinjau mitra',
    next: 'Beri tahu nasabah bahwa hasilnya menyusul. Tidak perlu diambil ulang.',
    customer: 'Data Anda sudah diterima dan sedang diperiksa. Hasilnya akan disampaikan kepada Anda.',
  },
  processing: {
    title: 'Mitra masih memproses',
    next: 'Hasilnya menyusul sendiri di antrean. Nasabah tidak perlu menunggu di sini.',
    customer: 'Data Anda sudah diterima. Hasilnya akan disampaikan kepada Anda; Anda tidak perlu menunggu di sini.',
  },
  queued: {
    title: 'Tersimpan, akan dikirim saat online',
    next: 'Berkas aman dan terenkripsi di komputer ini. Tidak perlu melakukan apa-apa.',
    customer: 'Data Anda tersimpan dengan aman dan akan dikirim saat sambungan pulih.',
  },
  refused: {
    title: 'Mitra menolak berkas ini',
    next: 'Buka antrean untuk melihat alasannya dan memilih langkah berikutnya.',
    customer: 'Silakan datangi petugas di loket; mereka akan membantu Anda.',
  },
  failed: {
    title: 'Tidak dapat disimpan',
    next: 'Perbaiki sebabnya, lalu ulangi untuk nasabah ini.',
    customer: 'Silakan datangi petugas di loket; mereka akan membantu Anda.',
  },
};

/** Verified, where a selfie may have been part of it: not the card alone. */
const identityId: ResultText = {
  title: 'Identitas terverifikasi',
  next: 'Nasabah dapat dilayani. Kembalikan kartunya bila tadi dipinjam.',
  customer: 'Terima kasih. Anda dapat melanjutkan ke loket; jangan tinggalkan kartu Anda.',
};

const identityEn: ResultText = {
  title: 'Identity verified',
  next: 'The customer can be served. Give the card back if you took it.',
  customer: 'Thank you. You may go on to the counter; do not leave your card behind.',
};

const resultsEn: Record<OutcomeResult, ResultText> = {
  verified: {
    title: 'KTP verified',
    next: 'Give the card back; the customer can be served.',
    customer: 'Thank you. Keep your card; you may go on to the counter.',
  },
  review: {
    title: 'Received, the partner is reviewing it',
    next: 'Tell the customer that the result will follow. No new capture is needed.',
    customer: 'Your data were received and are being checked. You will be told the result.',
  },
  processing: {
    title: 'The partner is still working on it',
    next: 'The result comes into the queue by itself. The customer need not wait here.',
    customer: 'Your data were received. You will be told the result; you need not wait here.',
  },
  queued: {
    title: 'Saved, will be sent when online',
    next: 'The file is safe and encrypted on this computer. There is nothing to do.',
    customer: 'Your data are saved safely and will be sent when the connection is back.',
  },
  refused: {
    title: 'The partner refused this file',
    next: 'Open the queue to see why and to choose what to do next.',
    customer: 'Please go to the staff at the counter; they will help you.',
  },
  failed: {
    title: 'It could not be saved',
    next: 'Mend the cause, then repeat this for the customer.',
    customer: 'Please go to the staff at the counter; they will help you.',
  },
};

const id = {
  results: resultsId,
  identity: identityId,
  /** A refusal, for the customer alone. */
  sorry: 'Maaf, ini belum berhasil',
  /** In the place of the refusal's title, where another picture helps. */
  again: { card: 'Kartunya perlu diambil ulang', selfie: 'Selfienya perlu diambil ulang' } satisfies Record<RetakeView, string> as Record<RetakeView, string>,
  /** The face was at fault, but the partner wants card and face of one visit. */
  againBoth: 'Kartu dan selfie perlu diambil ulang',
  bothLead: 'Mulai dari kartunya: mitra memeriksa keduanya bersama.',
  retakeBoth: 'Ambil ulang keduanya',
  /** What helps, where the reason brings no advice of its own. */
  againLead: 'Gambar sebelumnya tidak dapat dipakai mitra.',
  retake: { card: 'Ambil ulang kartu', selfie: 'Ambil ulang selfie' } satisfies Record<RetakeView, string> as Record<RetakeView, string>,
  unknownReason: 'Ditolak mitra',
  finish: 'Selesai',
  next: 'Nasabah berikutnya',
  openQueue: 'Buka antrean',
  leaves: (seconds: number) => `Kembali ke awal dalam ${seconds} detik`,
  details: 'Rincian untuk petugas',
  reference: 'Nomor rujukan mitra',
  item: 'Nomor di antrean',
  reason: 'Alasan',
  tierName: 'Tingkat keyakinan',
  tiers: { high: 'Tinggi', standard: 'Standar', low: 'Rendah, ditinjau mitra' } as Record<string, string>,
  lowered: 'Mengapa tidak tinggi',
  noLight: {
    declined: 'Nasabah memilih tanpa kedip; tanpa pantulan warna, salinan lebih sulit dikenali.',
    offline: 'Sedang offline: tidak ada tantangan cahaya dari mitra.',
    notSeen: 'Kamera tidak melihat cahaya layar.',
    off: 'Kedipan warna dimatikan, atau tidak diminta mitra.',
  } satisfies Record<Unlit, string> as Record<Unlit, string>,
  face: {
    title: 'Wajah',
    tier: (tier: string) => `Keyakinan: ${tier}`,
    verdicts: {
      live: 'Di komputer ini tampak diambil langsung. Mitra yang memutuskan.',
      unclear: 'Di komputer ini belum dapat dipastikan. Mitra yang memutuskan.',
      spoof: 'Di komputer ini tidak tampak diambil langsung.',
    } satisfies Record<FaceVerdict, string> as Record<FaceVerdict, string>,
    withoutGestures: 'Petugas mengizinkan tanpa gerakan; izin itu dicatat.',
    inDoubt: 'Ada yang kurang atau meragukan pada gambarnya; lihat di bawah.',
  },
  flashName: 'Cahaya layar',
  flash: {
    played: 'Terlihat pada kartu',
    declined: 'Nasabah memilih tanpa kedip',
    offline: 'Tidak mungkin: sedang offline',
    notSeen: 'Kamera tidak melihat cahayanya',
    off: 'Tidak dipakai',
  } satisfies Record<FlashOutcome, string> as Record<FlashOutcome, string>,
  onekyc: { status: 'Status di OneKYC', result: 'Hasil di OneKYC', reasonCode: 'Kode alasan', correlationId: 'Nomor korelasi' },
  checks: { antiSpoof: 'Kartu asli, bukan salinan', tamper: 'Kartu tidak diubah' } as Record<string, string>,
  passed: 'Lolos',
  notPassed: 'Tidak lolos',
  undecided: 'Belum diputuskan',
  voters: {
    hologram_check: 'Pantulan hologram',
    flash_reflectance: 'Pantulan cahaya layar',
    font_match: 'Bentuk huruf',
    screen_moire: 'Pola layar',
    specular_check: 'Kilap kartu',
    nik_consistency: 'NIK dan data sesuai',
  } as Record<string, string>,
};

const en: typeof id = {
  results: resultsEn,
  identity: identityEn,
  sorry: 'Sorry, this did not work',
  again: { card: 'The card is needed once more', selfie: 'Another selfie is needed' },
  againBoth: 'Card and selfie are needed once more',
  bothLead: 'Begin with the card: the partner checks both together.',
  retakeBoth: 'Capture both again',
  againLead: 'The partner could not use the picture before.',
  retake: { card: 'Capture the card again', selfie: 'Take the selfie again' },
  unknownReason: 'Rejected by the partner',
  finish: 'Done',
  next: 'Next customer',
  openQueue: 'Open the queue',
  leaves: (seconds) => `Back to the start in ${seconds} seconds`,
  details: 'Details for staff',
  reference: 'The partner’s reference',
  item: 'Number in the queue',
  reason: 'Reason',
  tierName: 'Level of assurance',
  tiers: { high: 'High', standard: 'Standard', low: 'Low, the partner reviews it' },
  lowered: 'Why it is not high',
  noLight: {
    declined: 'The customer chose no flashing; without reflected colours a copy is harder to tell.',
    offline: 'Offline: there was no light challenge from the partner.',
    notSeen: 'The camera does not see the screen’s light.',
    off: 'Coloured light is switched off, or the partner does not ask for it.',
  },
  face: {
    title: 'Face',
    tier: (tier) => `Assurance: ${tier}`,
    verdicts: {
      live: 'On this computer it looks taken in person. The partner decides.',
      unclear: 'On this computer it could not be made sure. The partner decides.',
      spoof: 'On this computer it does not look taken in person.',
    },
    withoutGestures: 'Staff allowed it without gestures; that is recorded.',
    inDoubt: 'Something is missing or in doubt in the pictures; see below.',
  },
  flashName: 'Screen light',
  flash: {
    played: 'Seen on the card',
    declined: 'The customer chose no flashing',
    offline: 'Not possible: offline',
    notSeen: 'The camera does not see the light',
    off: 'Not used',
  },
  onekyc: { status: 'Status at OneKYC', result: 'Result at OneKYC', reasonCode: 'Reason code', correlationId: 'Correlation id' },
  checks: { antiSpoof: 'A real card, not a copy', tamper: 'The card was not altered' },
  passed: 'Passed',
  notPassed: 'Not passed',
  undecided: 'Not decided',
  voters: {
    hologram_check: 'Hologram reflection',
    flash_reflectance: 'Reflection of the screen’s light',
    font_match: 'Shape of the letters',
    screen_moire: 'Screen pattern',
    specular_check: 'Gloss of the card',
    nik_consistency: 'NIK agrees with the data',
  },
};

export const outcome = { id, en };
