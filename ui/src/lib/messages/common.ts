import type { LinkView, Notice, QueueProblem } from '../bindings';
import type { FieldKey } from '../fields';

const fieldsId: Record<FieldKey, string> = {
  nik: 'NIK',
  fullName: 'Nama',
  placeOfBirth: 'Tempat lahir',
  dateOfBirth: 'Tanggal lahir',
  gender: 'Jenis kelamin',
  bloodType: 'Golongan darah',
  address: 'Alamat',
  rtRw: 'RT/RW',
  kelurahan: 'Kelurahan/Desa',
  kecamatan: 'Kecamatan',
  religion: 'Agama',
  maritalStatus: 'Status perkawinan',
  occupation: 'Pekerjaan',
  nationality: 'Kewarganegaraan',
  validUntil: 'Berlaku hingga',
  issueDate: 'Tanggal terbit',
  province: 'Provinsi',
  city: 'Kabupaten/kota',
};

const fieldsEn: Record<FieldKey, string> = {
  nik: 'NIK',
  fullName: 'Name',
  placeOfBirth: 'Place of birth',
  dateOfBirth: 'Date of birth',
  gender: 'Sex',
  bloodType: 'Blood type',
  address: 'Address',
  rtRw: 'RT/RW',
  kelurahan: 'Village',
  kecamatan: 'District',
  religion: 'Religion',
  maritalStatus: 'Marital status',
  occupation: 'Occupation',
  nationality: 'Nationality',
  validUntil: 'Valid until',
  issueDate: 'Issued on',
  province: 'Province',
  city: 'Regency/city',
};

interface ProblemText {
  title: string;
  advice: string;
}

const problemsId: Record<QueueProblem, ProblemText> = {
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
  diskFull: { title: 'Disk penuh', advice: 'Kosongkan ruang disk. Berkas yang sudah tersimpan tetap utuh.' },
  busy: { title: 'Antrean sedang dipakai', advice: 'Proses lain memegang antrean; akan dicoba lagi sendiri.' },
  settings: {
    title: 'Pengaturan tidak dapat dipakai',
    advice: 'Perbaiki folder data atau berkas config.toml di dalamnya; akan dicoba lagi sendiri.',
  },
  other: {
    title: 'Antrean tidak dapat dibuka',
    advice: 'Periksa folder data dan hak aksesnya, lalu jalankan: loketctl doctor',
  },
};

const problemsEn: Record<QueueProblem, ProblemText> = {
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
  diskFull: { title: 'The disk is full', advice: 'Free some space. What was saved before is intact.' },
  busy: { title: 'The queue is in use', advice: 'Another process holds it; this tries again by itself.' },
  settings: {
    title: 'The settings cannot be used',
    advice: 'Mend the data folder or the config.toml in it; this tries again by itself.',
  },
  other: {
    title: 'The queue cannot be opened',
    advice: 'Check the data folder and its permissions, then run: loketctl doctor',
  },
};

const id = {
  product: 'Loket',
  language: 'Bahasa',
  version: (version: string) => `Versi ${version}`,
  step: (number: number, of: number) => `Langkah ${number} dari ${of}`,
  stale: 'Aplikasi tidak menjawab. Yang tampak adalah keadaan terakhir; tutup lalu buka kembali bila tidak pulih.',
  cancel: 'Batal',
  back: 'Kembali',
  help: 'Bantuan',
  settings: 'Pengaturan',
  queue: 'Antrean',
  close: 'Tutup',
  dismiss: 'Tutup pesan ini',
  waitingCount: (count: string) => `${count} menunggu dikirim`,
  needsYouCount: (count: string) => `${count} perlu tindakan`,
  link: {
    notSet: 'Mitra belum diatur',
    unknown: 'Belum terhubung',
    online: 'Terhubung ke mitra',
    offline: 'Tidak terhubung',
  } satisfies Record<LinkView, string> as Record<LinkView, string>,
  notices: {
    wiped: 'Tidak ada orang di depan layar. Data di layar ini sudah dihapus.',
    cancelled: 'Dibatalkan. Tidak ada data yang disimpan.',
    declined: 'Anda tidak setuju. Tidak ada data yang diambil.',
    settingsSaved: 'Pengaturan disimpan.',
    exported: 'Berkas sudah ditulis.',
    notNow: 'Ini hanya bisa diubah setelah nasabah ini selesai.',
    wrongPin: 'PIN salah; tidak ada yang diubah.',
    noPin: 'PIN petugas belum dipilih di komputer ini. Petugas memilihnya di Pengaturan.',
    launchRefused: 'Permintaan dari aplikasi mitra tidak dapat dimulai. Coba lagi dari aplikasi itu.',
  } satisfies Record<Notice, string> as Record<Notice, string>,
  leave: {
    title: 'Batalkan nasabah ini?',
    body: 'Gambar dan data yang sudah dibaca akan dihapus. Tidak ada yang disimpan.',
    stay: 'Lanjutkan',
    go: 'Batalkan dan hapus',
  },
  idle: {
    title: 'Masih di sini?',
    body: (seconds: number) => `Data di layar ini akan dihapus dalam ${seconds} detik.`,
    stay: 'Ya, saya masih di sini',
  },
  demo: {
    title: 'Demo',
    note: 'Mitra tiruan di komputer ini',
    online: 'Online',
    offline: 'Offline',
    scene: 'Adegan kamera',
    scenes: {
      happy: 'Lancar',
      glare: 'Pantulan cahaya',
      finger: 'Jari menutupi',
      far: 'Terlalu jauh',
      close: 'Terlalu dekat',
      tilted: 'Miring',
      'upside-down': 'Terbalik',
      'cut-off': 'Terpotong',
      back: 'Sisi belakang',
      other: 'Kartu lain',
      dark: 'Gelap',
      blurry: 'Kabur',
      shaky: 'Goyang',
      empty: 'Tanpa kartu',
      unplugged: 'Kamera dicabut',
    } as Record<string, string>,
  },
  fields: fieldsId,
  problems: problemsId,
};

type Text = typeof id;

const en: Text = {
  product: 'Loket',
  language: 'Language',
  version: (version) => `Version ${version}`,
  step: (number, of) => `Step ${number} of ${of}`,
  stale: 'The application does not answer. This is the last known state; close and reopen it if this persists.',
  cancel: 'Cancel',
  back: 'Back',
  help: 'Help',
  settings: 'Settings',
  queue: 'Queue',
  close: 'Close',
  dismiss: 'Close this message',
  waitingCount: (count) => `${count} waiting to be sent`,
  needsYouCount: (count) => `${count} need you`,
  link: {
    notSet: 'No partner set up yet',
    unknown: 'Not connected yet',
    online: 'Connected to the partner',
    offline: 'Not connected',
  },
  notices: {
    wiped: 'Nobody was in front of the screen. The data on it were wiped.',
    cancelled: 'Cancelled. Nothing was kept.',
    declined: 'You declined. Nothing was captured.',
    settingsSaved: 'The settings were saved.',
    exported: 'The file was written.',
    notNow: 'This can only be changed once this customer is done.',
    wrongPin: 'Wrong PIN; nothing was changed.',
    noPin: 'No staff PIN was chosen on this computer yet. Staff choose one in the settings.',
    launchRefused: 'What the partner’s application asked for cannot be started. Try again from there.',
  },
  leave: {
    title: 'Cancel this customer?',
    body: 'The pictures and everything read so far will be wiped. Nothing is kept.',
    stay: 'Carry on',
    go: 'Cancel and wipe',
  },
  idle: {
    title: 'Still here?',
    body: (seconds) => `The data on this screen will be wiped in ${seconds} seconds.`,
    stay: 'Yes, I am still here',
  },
  demo: {
    title: 'Demo',
    note: 'A stand-in partner on this computer',
    online: 'Online',
    offline: 'Offline',
    scene: 'Camera scene',
    scenes: {
      happy: 'All goes well',
      glare: 'Glare',
      finger: 'Finger',
      far: 'Too far',
      close: 'Too close',
      tilted: 'Tilted',
      'upside-down': 'Upside down',
      'cut-off': 'Cut off',
      back: 'Back side',
      other: 'Another card',
      dark: 'Dark',
      blurry: 'Blurry',
      shaky: 'Shaky',
      empty: 'No card',
      unplugged: 'Camera unplugged',
    },
  },
  fields: fieldsEn,
  problems: problemsEn,
};

export const common = { id, en };
