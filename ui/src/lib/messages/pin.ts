import type { PinPurpose } from '../bindings';

const id = {
  titles: {
    choose: 'Pilih PIN petugas',
    settings: 'PIN petugas',
    leaveKiosk: 'PIN untuk keluar dari layar penuh',
    selfieLock: 'PIN petugas',
  } satisfies Record<PinPurpose, string> as Record<PinPurpose, string>,
  leads: {
    choose: 'Enam angka yang melindungi pengaturan. Anda akan mengetiknya dua kali.',
    settings: 'Ketik enam angka untuk membuka pengaturan.',
    leaveKiosk: 'Ketik enam angka untuk keluar.',
    selfieLock: 'Ketik enam angka untuk melanjutkan nasabah ini.',
  } satisfies Record<PinPurpose, string> as Record<PinPurpose, string>,
  repeat: 'Ketik sekali lagi PIN yang sama.',
  different: 'Keduanya berbeda. Mulai lagi dari awal.',
  wrong: 'PIN salah. Coba lagi.',
  locked: (seconds: number) => `Terlalu banyak PIN salah. Coba lagi dalam ${seconds} detik.`,
  typed: (count: number) => `${count} dari 6 angka`,
  pad: 'Papan angka',
  erase: 'Hapus angka terakhir',
};

const en: typeof id = {
  titles: { choose: 'Choose a staff PIN', settings: 'Staff PIN', leaveKiosk: 'PIN to leave full screen', selfieLock: 'Staff PIN' },
  leads: {
    choose: 'Six digits that protect the settings. You will type them twice.',
    settings: 'Type six digits to open the settings.',
    leaveKiosk: 'Type six digits to leave.',
    selfieLock: 'Type six digits to go on with this customer.',
  },
  repeat: 'Type the same PIN once more.',
  different: 'The two differ. Start again.',
  wrong: 'Wrong PIN. Try again.',
  locked: (seconds) => `Too many wrong PINs. Try again in ${seconds} seconds.`,
  typed: (count) => `${count} of 6 digits`,
  pad: 'Number pad',
  erase: 'Erase the last digit',
};

export const pin = { id, en };
