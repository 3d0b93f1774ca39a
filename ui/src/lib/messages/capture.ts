import type { CameraProblem } from '../bindings';

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

/** What every screen with a live picture says. */
const id = {
  preview: 'Gambar kamera',
  starting: 'Menyalakan kamera…',
  problems: problemsId,
  retrying: 'Kami mencoba lagi terus; tidak perlu mengulang dari awal.',
  needHelp: 'Perlu bantuan?',
  shutter: 'Ambil gambar sekarang',
  virtual: 'Kamera virtual',
  tryAgain: 'Coba lagi',
  /** The partner asked for another picture, and why; then where it gave no reason that we know. */
  again: (reason: string) => `Mitra meminta foto ulang: ${reason}`,
  againPlain: 'Mitra meminta foto ulang',
};

const en: typeof id = {
  preview: 'Camera picture',
  starting: 'Starting the camera…',
  problems: problemsEn,
  retrying: 'We keep trying; there is no need to start over.',
  needHelp: 'Need help?',
  shutter: 'Take the picture now',
  virtual: 'Virtual camera',
  tryAgain: 'Try again',
  again: (reason) => `The partner asks for another picture: ${reason}`,
  againPlain: 'The partner asks for another picture',
};

export const capture = { id, en };
