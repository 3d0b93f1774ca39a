import type { CountsView, QueueProblem } from './bindings';

export type Language = 'id' | 'en';

interface ProblemText {
  title: string;
  advice: string;
}

const id = {
  languageName: 'Bahasa',
  version: (version: string) => `Versi ${version}`,
  loading: 'Membuka…',
  stale: 'Aplikasi tidak menjawab. Yang tampak adalah keadaan terakhir; tutup lalu buka kembali bila tidak pulih.',
  queue: {
    title: 'Antrean terenkripsi',
    waiting: 'Menunggu',
    sending: 'Dikirim',
    delivered: 'Diterima mitra',
    parked: 'Perlu tindakan',
    location: 'Disimpan di',
    summary: (counts: CountsView): string => {
      const pending = counts.waiting + counts.sending;
      if (counts.parked > 0) return `${counts.parked} berkas ditolak mitra. Lihat alasannya dengan: loketctl queue list`;
      if (pending > 0) return `${pending} berkas tersimpan, akan dikirim saat online.`;
      if (counts.delivered > 0) return 'Semua berkas sudah diterima mitra.';
      return 'Belum ada berkas.';
    },
    notCreated: {
      title: 'Belum ada antrean',
      advice: 'Antrean terenkripsi dibuat bersama kuncinya saat pengambilan data yang pertama.',
    },
    problems: {
      keyMissing: {
        title: 'Kunci antrean tidak ditemukan',
        advice: 'Antrean ini hanya terbuka dengan kunci yang membuatnya. Pulihkan kunci itu di keyring, atau tunjuk berkasnya dengan LOKET_KEY_FILE. Isi antrean tidak berubah.',
      },
      keyUnavailable: {
        title: 'Kunci antrean tidak dapat dibaca',
        advice: 'Masuk ke desktop agar keyring sistem terbuka. Tanpa keyring: buat berkas kunci dengan loketctl key create, lalu tunjuk dengan LOKET_KEY_FILE.',
      },
      wrongKey: {
        title: 'Kuncinya tidak cocok',
        advice: 'Antrean ini dibuat dengan kunci lain. Pakai kembali kunci semula. Isi antrean tidak berubah.',
      },
      damaged: {
        title: 'Berkas antrean rusak',
        advice: 'Berkas dibiarkan apa adanya. Buat salinannya, lalu hubungi petugas teknis.',
      },
      newerVersion: {
        title: 'Antrean dari versi yang lebih baru',
        advice: 'Perbarui Loket di komputer ini; versi ini tidak akan mengubah antrean tersebut.',
      },
      diskFull: {
        title: 'Disk penuh',
        advice: 'Kosongkan ruang disk. Berkas yang sudah tersimpan tetap utuh.',
      },
      busy: {
        title: 'Antrean sedang dipakai',
        advice: 'Proses lain memegang antrean; akan dicoba lagi sendiri.',
      },
      settings: {
        title: 'Pengaturan tidak dapat dipakai',
        advice: 'Perbaiki folder data atau berkas config.toml di dalamnya; akan dicoba lagi sendiri.',
      },
      other: {
        title: 'Antrean tidak dapat dibuka',
        advice: 'Periksa folder data dan hak aksesnya, lalu jalankan: loketctl doctor',
      },
    } satisfies Record<QueueProblem, ProblemText> as Record<QueueProblem, ProblemText>,
  },
  models: {
    title: 'Model pembaca',
    total: (count: string, size: string) => `${count} model, ${size}`,
    unavailable: 'Model tidak dapat dimuat',
    advice: 'Pasang ulang Loket, atau periksa folder model yang ditunjuk.',
    names: {
      localiser: 'Pencari kartu',
      'line-finder': 'Pencari baris',
      recogniser: 'Pembaca huruf',
    } as Record<string, string>,
    fingerprint: 'Sidik SHA-256',
  },
};

export type Messages = typeof id;

const en: Messages = {
  languageName: 'Language',
  version: (version) => `Version ${version}`,
  loading: 'Opening…',
  stale: 'The application does not answer. This is the last known state; close and reopen it if this persists.',
  queue: {
    title: 'Encrypted queue',
    waiting: 'Waiting',
    sending: 'Sending',
    delivered: 'Accepted by partner',
    parked: 'Needs you',
    location: 'Kept in',
    summary: (counts) => {
      const pending = counts.waiting + counts.sending;
      if (counts.parked > 0) return `${counts.parked} refused by the partner. See why with: loketctl queue list`;
      if (pending > 0) return `${pending} saved, to be sent when online.`;
      if (counts.delivered > 0) return 'Everything has been accepted by the partner.';
      return 'Nothing captured yet.';
    },
    notCreated: {
      title: 'No queue yet',
      advice: 'The encrypted queue is made, together with its key, by the first capture.',
    },
    problems: {
      keyMissing: {
        title: 'The key of the queue was not found',
        advice: 'This queue opens only with the key that made it. Restore that key in the keyring, or name its file with LOKET_KEY_FILE. The queue was not changed.',
      },
      keyUnavailable: {
        title: 'The key of the queue cannot be read',
        advice: 'Log in to the desktop to unlock the system keyring. Without one: make a key file with loketctl key create, then name it in LOKET_KEY_FILE.',
      },
      wrongKey: {
        title: 'The key does not fit',
        advice: 'This queue was made with another key. Use that key again. The queue was not changed.',
      },
      damaged: {
        title: 'The file of the queue is damaged',
        advice: 'It was left as it is. Make a copy of it, then call technical support.',
      },
      newerVersion: {
        title: 'A queue from a newer version',
        advice: 'Update Loket on this computer; this version will not change that queue.',
      },
      diskFull: {
        title: 'The disk is full',
        advice: 'Free some space. What was saved before is intact.',
      },
      busy: {
        title: 'The queue is in use',
        advice: 'Another process holds it; this tries again by itself.',
      },
      settings: {
        title: 'The settings cannot be used',
        advice: 'Mend the data folder or the config.toml in it; this tries again by itself.',
      },
      other: {
        title: 'The queue cannot be opened',
        advice: 'Check the data folder and its permissions, then run: loketctl doctor',
      },
    },
  },
  models: {
    title: 'Reading models',
    total: (count, size) => `${count} models, ${size}`,
    unavailable: 'The models cannot be loaded',
    advice: 'Reinstall Loket, or check the model folder that was named.',
    names: {
      localiser: 'Card finder',
      'line-finder': 'Line finder',
      recogniser: 'Letter reader',
    },
    fingerprint: 'SHA-256 fingerprint',
  },
};

export const messages: Record<Language, Messages> = { id, en };
