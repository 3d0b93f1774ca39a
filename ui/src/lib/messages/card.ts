import type { CameraProblem, Direction, HintCode } from '../bindings';

type Hint = (direction: Direction | null, fields: string) => string;

const towardsId: Record<Direction, string> = { left: 'kiri', right: 'kanan', up: 'atas', down: 'bawah' };
const towardsEn: Record<Direction, string> = { left: 'left', right: 'right', up: 'up', down: 'down' };

interface ProblemText {
  title: string;
  advice: string;
}

const problemsId: Record<CameraProblem, ProblemText> = {
  absent: { title: 'Tidak ada kamera', advice: 'Pasang kamera ke komputer ini.' },
  unplugged: { title: 'Kamera terputus', advice: 'Periksa kabelnya; kami akan melanjutkan sendiri.' },
  silent: { title: 'Kamera tidak mengirim gambar', advice: 'Cabut kabelnya, lalu pasang lagi.' },
  busy: { title: 'Kamera dipakai program lain', advice: 'Tutup program rapat video atau kamera lain.' },
  denied: { title: 'Kamera tidak diizinkan', advice: 'Izinkan Loket memakai kamera di pengaturan sistem.' },
  corrupt: { title: 'Gambar kamera rusak', advice: 'Coba kabel atau colokan USB lain.' },
  noUsableMode: { title: 'Kamera ini tidak dapat dipakai', advice: 'Ukuran gambarnya tidak cukup. Pilih kamera lain di pengaturan.' },
  virtualRefused: { title: 'Kamera virtual ditolak', advice: 'Pakai kamera sungguhan; pilih di pengaturan.' },
  failed: { title: 'Kamera tidak dapat dibuka', advice: 'Cabut lalu pasang lagi, atau pilih kamera lain.' },
};

const problemsEn: Record<CameraProblem, ProblemText> = {
  absent: { title: 'No camera', advice: 'Plug a camera into this computer.' },
  unplugged: { title: 'Camera disconnected', advice: 'Check the cable; we will carry on by ourselves.' },
  silent: { title: 'The camera sends no picture', advice: 'Unplug its cable, then plug it in again.' },
  busy: { title: 'Another program has the camera', advice: 'Close video calls and other camera programs.' },
  denied: { title: 'The camera is not allowed', advice: 'Let Loket use the camera in the system settings.' },
  corrupt: { title: 'The camera’s picture is broken', advice: 'Try another cable or USB socket.' },
  noUsableMode: { title: 'This camera cannot be used', advice: 'Its picture is too small. Choose another one in the settings.' },
  virtualRefused: { title: 'Virtual camera refused', advice: 'Use a real camera; choose it in the settings.' },
  failed: { title: 'The camera cannot be opened', advice: 'Unplug it and plug it in again, or choose another one.' },
};

const hintsId: Record<HintCode, Hint> = {
  cameraLost: () => 'Kamera terputus. Periksa kabelnya; kami akan melanjutkan sendiri.',
  noCard: () => 'Letakkan KTP di dalam bingkai',
  otherDocument: () => 'Ini bukan KTP. Gunakan KTP elektronik asli.',
  backSide: () => 'Balik kartunya: sisi foto menghadap kamera',
  upsideDown: () => 'Putar kartunya',
  cutOff: (direction) => (direction ? `Geser ke ${towardsId[direction]}` : 'Masukkan seluruh kartu ke dalam gambar'),
  tooFar: () => 'Dekatkan kartunya',
  tooClose: () => 'Jauhkan sedikit',
  tilted: () => 'Luruskan kartunya',
  obstructed: (_, fields) => (fields ? `Jari menutupi ${fields}` : 'Jari menutupi kartu'),
  glare: (direction) => (direction ? `Miringkan sedikit ke ${towardsId[direction]} agar pantulan hilang` : 'Miringkan sedikit agar pantulan hilang'),
  tooDark: () => 'Terlalu gelap: nyalakan lampu',
  tooBright: () => 'Terlalu terang: jauhi cahaya',
  blurry: () => 'Tahan sebentar, kamera sedang fokus',
  moving: () => 'Tahan diam',
  hold: () => 'Bagus, tahan…',
  captured: () => 'Terbaca',
};

const hintsEn: Record<HintCode, Hint> = {
  cameraLost: () => 'Camera disconnected. Check the cable; we will carry on by ourselves.',
  noCard: () => 'Place the KTP inside the frame',
  otherDocument: () => 'This is not a KTP. Use the original e-KTP.',
  backSide: () => 'Turn the card over: photo side to the camera',
  upsideDown: () => 'Turn the card round',
  cutOff: (direction) => (direction ? `Move ${towardsEn[direction]}` : 'Move the whole card into the picture'),
  tooFar: () => 'Move closer',
  tooClose: () => 'Move back a little',
  tilted: () => 'Hold the card flat',
  obstructed: (_, fields) => (fields ? `A finger covers the ${fields}` : 'A finger covers the card'),
  glare: (direction) => (direction ? `Tilt slightly ${towardsEn[direction]} to lose the reflection` : 'Tilt slightly to lose the reflection'),
  tooDark: () => 'Too dark: switch on a light',
  tooBright: () => 'Too bright: move out of the light',
  blurry: () => 'Hold on, the camera is focusing',
  moving: () => 'Hold still',
  hold: () => 'Good, hold it…',
  captured: () => 'Got it',
};

const id = {
  title: 'Tunjukkan KTP Anda',
  preview: 'Gambar kamera',
  starting: 'Menyalakan kamera…',
  hints: hintsId,
  problems: problemsId,
  retrying: 'Kami mencoba lagi terus; tidak perlu mengulang dari awal.',
  needHelp: 'Perlu bantuan?',
  shutter: 'Ambil gambar sekarang',
  virtual: 'Kamera virtual',
  retry: {
    title: 'Kartu belum terbaca jelas',
    lead: 'Supaya berhasil kali ini:',
    obstructed: (fields: string) => (fields ? `Jangan tutupi ${fields}; pegang kartu di tepinya` : 'Pegang kartu di tepinya, jangan tutupi tulisannya'),
    fields: (fields: string) => `Belum terbaca: ${fields}`,
    again: 'Coba lagi',
    attempts: (count: string) => `Percobaan ke-${count}`,
  },
  measures: {
    title: 'Angka untuk petugas',
    analysis: 'Analisis',
    width: 'Lebar kartu',
    tilt: 'Kemiringan',
    sharpness: 'Ketajaman teks',
    brightness: 'Terang',
    glare: 'Pantulan',
    covered: 'Tertutup',
  },
};

const en: typeof id = {
  title: 'Show your KTP',
  preview: 'Camera picture',
  starting: 'Starting the camera…',
  hints: hintsEn,
  problems: problemsEn,
  retrying: 'We keep trying; there is no need to start over.',
  needHelp: 'Need help?',
  shutter: 'Take the picture now',
  virtual: 'Virtual camera',
  retry: {
    title: 'The card could not be read clearly',
    lead: 'To make it work this time:',
    obstructed: (fields) => (fields ? `Keep your fingers off the ${fields}; hold the card by its edges` : 'Hold the card by its edges, off the words'),
    fields: (fields) => `Not read yet: ${fields}`,
    again: 'Try again',
    attempts: (count) => `Try ${count}`,
  },
  measures: {
    title: 'Numbers for staff',
    analysis: 'Analysis',
    width: 'Card width',
    tilt: 'Tilt',
    sharpness: 'Text sharpness',
    brightness: 'Brightness',
    glare: 'Glare',
    covered: 'Covered',
  },
};

export const card = { id, en };
