import type { SelfieHintCode } from '../bindings';

const hintsId: Record<SelfieHintCode, string> = {
  cameraLost: 'Kamera terputus. Periksa kabelnya; kami akan melanjutkan sendiri.',
  nobodyThere: 'Letakkan wajah Anda di dalam oval',
  tooDark: 'Terlalu gelap: nyalakan lampu di depan Anda',
  tooBright: 'Terlalu terang: jauhi cahaya',
  blurry: 'Tahan sebentar, kamera sedang fokus',
  moving: 'Diam sebentar, lihat ke kamera',
  hold: 'Bagus, tahan…',
  captured: 'Foto terambil',
};

const hintsEn: Record<SelfieHintCode, string> = {
  cameraLost: 'Camera disconnected. Check the cable; we will carry on by ourselves.',
  nobodyThere: 'Place your face inside the oval',
  tooDark: 'Too dark: switch on a light in front of you',
  tooBright: 'Too bright: move out of the light',
  blurry: 'Hold on, the camera is focusing',
  moving: 'Keep still, look at the camera',
  hold: 'Good, hold it…',
  captured: 'Picture taken',
};

const id = {
  title: 'Lihat ke kamera',
  hints: hintsId,
  timedOut: {
    title: 'Selfie belum berhasil',
    lead: 'Tidak apa-apa. Supaya berhasil kali ini:',
    light: 'Hadap ke cahaya, jangan membelakangi jendela atau lampu',
    uncovered: 'Lepas masker dan kacamata hitam; kerudung boleh tetap dipakai',
    still: 'Letakkan wajah di dalam oval, lalu diam sampai garisnya menutup',
  },
};

const en: typeof id = {
  title: 'Look at the camera',
  hints: hintsEn,
  timedOut: {
    title: 'The selfie did not work yet',
    lead: 'Never mind. To make it work this time:',
    light: 'Face the light; keep windows and lamps from behind you',
    uncovered: 'Take off a mask and sunglasses; a headscarf may stay on',
    still: 'Place your face inside the oval and keep still until its line closes',
  },
};

export const selfie = { id, en };
