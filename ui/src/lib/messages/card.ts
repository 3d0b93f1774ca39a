import type { Direction, HintCode } from '../bindings';

type Hint = (direction: Direction | null, fields: string) => string;

const towardsId: Record<Direction, string> = { left: 'kiri', right: 'kanan', up: 'atas', down: 'bawah' };
const towardsEn: Record<Direction, string> = { left: 'left', right: 'right', up: 'up', down: 'down' };

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
  hints: hintsId,
  retry: {
    title: 'Kartu belum terbaca jelas',
    lead: 'Supaya berhasil kali ini:',
    obstructed: (fields: string) => (fields ? `Jangan tutupi ${fields}; pegang kartu di tepinya` : 'Pegang kartu di tepinya, jangan tutupi tulisannya'),
    fields: (fields: string) => `Belum terbaca: ${fields}`,
    still: 'Pegang kartu pada satu jarak, lalu tahan diam sampai gambarnya tajam',
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
  hints: hintsEn,
  retry: {
    title: 'The card could not be read clearly',
    lead: 'To make it work this time:',
    obstructed: (fields) => (fields ? `Keep your fingers off the ${fields}; hold the card by its edges` : 'Hold the card by its edges, off the words'),
    fields: (fields) => `Not read yet: ${fields}`,
    still: 'Keep the card at one distance, and still, until the picture is sharp',
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
