import type { FlowView } from '../bindings';

/** The words that differ where a visit captures more or other than the card. */
interface FlowText {
  title: string;
  lead: string;
  kioskTitle: string;
  kioskLead: string;
  fieldBegin: string;
}

type OtherFlow = Exclude<FlowView, 'ktpScan'>;

const flowsId: Record<OtherFlow, FlowText> = {
  selfieLiveness: {
    title: 'Ambil selfie',
    lead: 'Minta nasabah duduk menghadap kamera dengan cahaya dari depan. Kartu tidak diperlukan.',
    kioskTitle: 'Ambil selfie',
    kioskLead: 'Kamera akan mengambil gambar wajah Anda. Layar ini memandu langkah demi langkah, kurang dari satu menit.',
    fieldBegin: 'Ambil selfie baru',
  },
  identityVerification: {
    title: 'Verifikasi identitas',
    lead: 'Minta nasabah menyiapkan KTP aslinya. Kartunya diambil dulu, lalu selfie.',
    kioskTitle: 'Verifikasi identitas',
    kioskLead: 'Siapkan KTP Anda. Kamera membaca kartu, lalu mengambil gambar wajah Anda. Layar ini memandu, sekitar dua menit.',
    fieldBegin: 'Verifikasi nasabah baru',
  },
};

const flowsEn: Record<OtherFlow, FlowText> = {
  selfieLiveness: {
    title: 'Take a selfie',
    lead: 'Ask the customer to sit facing the camera, with light from the front. No card is needed.',
    kioskTitle: 'Take a selfie',
    kioskLead: 'The camera will take a picture of your face. This screen guides you step by step, in less than a minute.',
    fieldBegin: 'Take a new selfie',
  },
  identityVerification: {
    title: 'Identity verification',
    lead: 'Ask the customer for the original KTP. First the card is captured, then a selfie.',
    kioskTitle: 'Identity verification',
    kioskLead: 'Have your KTP ready. The camera reads the card, then takes a picture of your face. This screen guides you; it takes about two minutes.',
    fieldBegin: 'Verify a new customer',
  },
};

/** Titles and leads are those of the card alone; other flows have their own in `flows`. */
const id = {
  title: 'Siap untuk nasabah berikutnya',
  lead: 'Minta nasabah menyiapkan KTP aslinya. Kartu dibaca di komputer ini.',
  begin: 'Nasabah baru',
  customerId: 'Nomor nasabah di mitra',
  customerIdHint: 'Boleh dikosongkan; mitra akan membuatnya.',
  today: 'Hari ini',
  captured: 'Diambil',
  delivered: 'Diterima mitra',
  waiting: 'Menunggu dikirim',
  needsYou: 'Perlu tindakan',
  openQueue: 'Buka antrean',
  trouble: 'Perbaiki dulu sebelum melayani nasabah berikutnya',
  kiosk: {
    title: 'Siapkan KTP Anda',
    lead: 'Kamera akan membaca kartu Anda. Layar ini memandu langkah demi langkah, sekitar satu menit.',
    begin: 'Mulai',
    closed: 'Maaf, layar ini sedang tidak dapat melayani',
    closedAdvice: 'Silakan datangi petugas di loket.',
    staff: 'Petugas',
  },
  field: {
    title: 'Antrean Anda',
    begin: 'Ambil data baru',
    allSent: 'Semua sudah terkirim',
    saved: (count: string) => `${count} tersimpan di komputer ini, akan dikirim saat online`,
    none: 'Belum ada data yang diambil hari ini',
  },
  flows: flowsId,
};

const en: typeof id = {
  title: 'Ready for the next customer',
  lead: 'Ask the customer for the original KTP. The card is read on this computer.',
  begin: 'New customer',
  customerId: 'Customer number at the partner',
  customerIdHint: 'May be left empty; the partner will make one.',
  today: 'Today',
  captured: 'Captured',
  delivered: 'Accepted by partner',
  waiting: 'Waiting to be sent',
  needsYou: 'Needs you',
  openQueue: 'Open the queue',
  trouble: 'Mend this before the next customer',
  kiosk: {
    title: 'Have your KTP ready',
    lead: 'The camera will read your card. This screen guides you step by step; it takes about a minute.',
    begin: 'Start',
    closed: 'Sorry, this screen cannot serve you right now',
    closedAdvice: 'Please go to the staff at the counter.',
    staff: 'Staff',
  },
  field: {
    title: 'Your queue',
    begin: 'Capture a new card',
    allSent: 'Everything was sent',
    saved: (count) => `${count} kept on this computer, to be sent when online`,
    none: 'Nothing captured today yet',
  },
  flows: flowsEn,
};

export const start = { id, en };
