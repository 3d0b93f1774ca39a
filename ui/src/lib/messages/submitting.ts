import type { SubmitStage } from '../bindings';

const id = {
  title: 'Menyimpan dan mengirim',
  stages: {
    signing: 'Menandatangani berkas',
    storing: 'Menyimpan terenkripsi di komputer ini',
    sending: 'Mengirim ke mitra',
    judging: 'Menunggu keputusan mitra',
  } satisfies Record<SubmitStage, string> as Record<SubmitStage, string>,
  sent: (sent: string, total: string) => `${sent} dari ${total}`,
  safe: 'Sudah tersimpan dengan aman; tidak akan hilang walau listrik padam.',
  notYet: 'Jangan matikan komputer dulu.',
  slow: 'Ini lebih lama dari biasanya. Berkas sudah aman dan akan dikirim sendiri.',
  goOn: 'Lanjut tanpa menunggu',
};

const en: typeof id = {
  title: 'Saving and sending',
  stages: {
    signing: 'Signing the file',
    storing: 'Saving it encrypted on this computer',
    sending: 'Sending it to the partner',
    judging: 'Waiting for the partner’s decision',
  },
  sent: (sent, total) => `${sent} of ${total}`,
  safe: 'Safely saved; a power cut cannot lose it.',
  notYet: 'Do not switch the computer off yet.',
  slow: 'This takes longer than usual. The file is safe and will be sent by itself.',
  goOn: 'Go on without waiting',
};

export const submitting = { id, en };
