import type { FlowView } from '../bindings';

const id = {
  title: 'Sebelum kamera menyala',
  lead: 'Baca dulu apa yang kami lakukan dengan data Anda. Belum ada yang diambil atau disimpan.',
  what: 'Apa yang diambil',
  whatBody: {
    ktpScan: 'Gambar bagian depan KTP Anda dan tulisan di atasnya: NIK, nama, alamat, dan data lain yang tercetak.',
    selfieLiveness: 'Gambar wajah Anda dari kamera ini. Anda dapat diminta melakukan gerakan, dan layar dapat berkedip warna: gerakan, pantulan, dan perubahan warna kulit dicatat untuk memastikan Anda sendiri yang hadir. Gambar wajah adalah data pribadi yang bersifat spesifik; tidak ada kartu yang diambil.',
    identityVerification: 'Gambar bagian depan KTP Anda dan tulisan di atasnya, lalu gambar wajah Anda. Anda dapat diminta melakukan gerakan, dan layar dapat berkedip warna: gerakan, pantulan, dan perubahan warna kulit dicatat untuk memastikan Anda sendiri yang hadir. Gambar wajah adalah data pribadi yang bersifat spesifik.',
  } satisfies Record<FlowView, string> as Record<FlowView, string>,
  why: 'Untuk apa',
  whyBody: {
    ktpScan: 'Untuk memastikan kartu Anda asli dan mencatat Anda sebagai nasabah. Tidak untuk tujuan lain.',
    selfieLiveness: 'Untuk memastikan bahwa Anda sendiri yang hadir, dan bahwa wajahnya sesuai dengan data Anda. Tidak untuk tujuan lain.',
    identityVerification: 'Untuk memastikan kartu Anda asli dan milik Anda sendiri, dan mencatat Anda sebagai nasabah. Tidak untuk tujuan lain.',
  } satisfies Record<FlowView, string> as Record<FlowView, string>,
  who: 'Siapa yang menerima',
  whoBody: (recipient: string) => `${recipient}. Data dikirim terenkripsi.`,
  whoNobody: 'Belum ada penerima yang diatur. Data tinggal terenkripsi di komputer ini sampai penerimanya diatur.',
  howLong: 'Berapa lama disimpan di sini',
  howLongCapture: (days: string) => `Gambar dan data dihapus begitu penerima menerimanya; bila ditolak, paling lama ${days} hari.`,
  howLongCaptureKept: 'Gambar dan data dihapus begitu penerima menerimanya; bila ditolak, sampai petugas menghapusnya.',
  howLongReceipt: (days: string) => `Tanda terimanya, tanpa gambar dan data Anda, disimpan ${days} hari.`,
  howLongReceiptKept: 'Tanda terimanya, tanpa gambar dan data Anda, tetap disimpan.',
  ask: 'Bertanya atau menolak',
  askBody: 'Anda boleh menolak; petugas akan menunjukkan cara lain. Tanyakan apa saja kepada petugas di tempat ini.',
  agree: 'Setuju',
  decline: 'Tidak setuju',
  readAloud: 'Bacakan',
  stopReading: 'Berhenti membacakan',
  version: (version: string) => `Pilihan Anda dicatat bersama waktunya. Naskah ${version}`,
};

const en: typeof id = {
  title: 'Before the camera starts',
  lead: 'First read what we do with your data. Nothing has been captured or stored yet.',
  what: 'What is captured',
  whatBody: {
    ktpScan: 'A picture of the front of your KTP and the text on it: NIK, name, address and the other printed data.',
    selfieLiveness: 'A picture of your face from this camera. You may be asked for gestures, and the screen may flash colours: gestures, reflections and changes of the skin’s colour are recorded to make sure that it is you. A picture of a face is specially protected personal data; no card is captured.',
    identityVerification: 'A picture of the front of your KTP and the text on it, then a picture of your face. You may be asked for gestures, and the screen may flash colours: gestures, reflections and changes of the skin’s colour are recorded to make sure that it is you. A picture of a face is specially protected personal data.',
  },
  why: 'What for',
  whyBody: {
    ktpScan: 'To make sure that your card is genuine and to register you as a customer. For nothing else.',
    selfieLiveness: 'To make sure that it is you who is here, and that the face agrees with your data. For nothing else.',
    identityVerification: 'To make sure that your card is genuine and your own, and to register you as a customer. For nothing else.',
  },
  who: 'Who receives it',
  whoBody: (recipient) => `${recipient}. The data are sent encrypted.`,
  whoNobody: 'No recipient is set up yet. The data stay encrypted on this computer until one is.',
  howLong: 'How long it is kept here',
  howLongCapture: (days) => `Picture and data are wiped as soon as the recipient has them; if refused, after ${days} days at most.`,
  howLongCaptureKept: 'Picture and data are wiped as soon as the recipient has them; if refused, until staff wipe them.',
  howLongReceipt: (days) => `The receipt, without your picture and data, is kept for ${days} days.`,
  howLongReceiptKept: 'The receipt, without your picture and data, is kept.',
  ask: 'Asking or declining',
  askBody: 'You may decline; staff will show you another way. Ask the staff here anything you like.',
  agree: 'I agree',
  decline: 'I do not agree',
  readAloud: 'Read aloud',
  stopReading: 'Stop reading',
  version: (version) => `Your choice is recorded with its time. Text ${version}`,
};

export const consent = { id, en };
