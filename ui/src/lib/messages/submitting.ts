import type { SubmitStage } from '../bindings';

const id = {
  title: 'Menyimpan dan mengirim',
  stages: {
    signing: 'Menandatangani berkas',
    storing: 'Menyimpan terenkripsi di komputer ini',
    sending: 'Mengirim ke mitra',
    judging: 'Mitra sedang memeriksa…',
  } satisfies Record<SubmitStage, string> as Record<SubmitStage, string>,
  sent: (sent: string, total: string) => `${sent} dari ${total}`,
  safe: 'Sudah tersimpan dengan aman; tidak akan hilang walau listrik padam.',
  notYet: 'Jangan matikan komputer dulu.',
  slow: 'Ini lebih lama dari biasanya. Berkas sudah aman dan akan dikirim sendiri.',
  judgingNote: 'Pemeriksaan ini bisa sampai satu menit.',
  slowJudging: 'Ini lebih lama dari biasanya. Mitra sudah menerima berkasnya; hasilnya menyusul sendiri.',
  goOn: 'Lanjut tanpa menunggu',
};

const en: typeof id = {
  title: 'Saving and sending',
  stages: {
    signing: 'Signing the file',
    storing: 'Saving it encrypted on this computer',
    sending: 'Sending it to the partner',
    judging: 'The partner is checking…',
  },
  sent: (sent, total) => `${sent} of ${total}`,
  safe: 'Safely saved; a power cut cannot lose it.',
  notYet: 'Do not switch the computer off yet.',
  slow: 'This takes longer than usual. The file is safe and will be sent by itself.',
  judgingNote: 'This check may take up to a minute.',
  slowJudging: 'This takes longer than usual. The partner has the file; the result will follow by itself.',
  goOn: 'Go on without waiting',
};

export const submitting = { id, en };
