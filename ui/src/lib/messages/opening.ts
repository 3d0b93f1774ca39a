import type { CountsView } from '../bindings';

const id = {
  title: 'Membuka Loket',
  wait: 'Memeriksa antrean dan model pembaca…',
  blocked: 'Loket belum dapat dipakai',
  blockedAdvice: 'Perbaiki yang ditandai di bawah ini. Loket memeriksa ulang sendiri.',
  queue: {
    title: 'Antrean terenkripsi',
    waiting: 'Menunggu',
    sending: 'Dikirim',
    delivered: 'Diterima mitra',
    parked: 'Perlu tindakan',
    location: 'Disimpan di',
    summary: (counts: CountsView): string => {
      const pending = counts.waiting + counts.sending;
      if (counts.parked > 0) return `${counts.parked} berkas ditolak mitra dan perlu tindakan Anda.`;
      if (pending > 0) return `${pending} berkas tersimpan, akan dikirim saat online.`;
      if (counts.delivered > 0) return 'Semua berkas sudah diterima mitra.';
      return 'Belum ada berkas.';
    },
    notCreated: {
      title: 'Belum ada antrean',
      advice: 'Antrean terenkripsi dibuat bersama kuncinya saat pengambilan data yang pertama.',
    },
  },
  models: {
    title: 'Model pembaca',
    total: (count: string, size: string) => `${count} model, ${size}`,
    unavailable: 'Model tidak dapat dimuat',
    advice: 'Pasang ulang Loket, atau periksa folder model yang ditunjuk.',
    names: {
      localiser: 'Pencari kartu',
      tracker: 'Pengikut kartu',
      'line-finder': 'Pencari baris',
      glancer: 'Pembaca cepat',
      recogniser: 'Pembaca teliti',
      visibility: 'Pemeriksa pantulan dan halangan',
      'face-detector': 'Pencari wajah',
      'face-crop': 'Pengukur wajah',
      'face-passive': 'Pemeriksa keaslian wajah',
    } as Record<string, string>,
    fingerprint: 'Sidik SHA-256',
  },
};

const en: typeof id = {
  title: 'Opening Loket',
  wait: 'Checking the queue and the reading models…',
  blocked: 'Loket cannot be used yet',
  blockedAdvice: 'Mend what is marked below. Loket looks again by itself.',
  queue: {
    title: 'Encrypted queue',
    waiting: 'Waiting',
    sending: 'Sending',
    delivered: 'Accepted by partner',
    parked: 'Needs you',
    location: 'Kept in',
    summary: (counts) => {
      const pending = counts.waiting + counts.sending;
      if (counts.parked > 0) return `${counts.parked} refused by the partner: they need you.`;
      if (pending > 0) return `${pending} saved, to be sent when online.`;
      if (counts.delivered > 0) return 'Everything has been accepted by the partner.';
      return 'Nothing captured yet.';
    },
    notCreated: {
      title: 'No queue yet',
      advice: 'The encrypted queue is made, together with its key, by the first capture.',
    },
  },
  models: {
    title: 'Reading models',
    total: (count, size) => `${count} models, ${size}`,
    unavailable: 'The models cannot be loaded',
    advice: 'Reinstall Loket, or check the model folder that was named.',
    names: {
      localiser: 'Card finder',
      tracker: 'Card follower',
      'line-finder': 'Line finder',
      glancer: 'Quick reader',
      recogniser: 'Careful reader',
      visibility: 'Reflection and obstruction checker',
      'face-detector': 'Face finder',
      'face-crop': 'Face measurer',
      'face-passive': 'Live face checker',
    },
    fingerprint: 'SHA-256 fingerprint',
  },
};

export const opening = { id, en };
