/** Why a partner did not accept a capture, and what helps. By code, in small letters. */
export interface ReasonText {
  title: string;
  /** What staff do now. */
  staff: string;
  /** What a customer alone at a kiosk can do; left out where only staff can do anything. */
  customer?: string;
}

const id: Record<string, ReasonText> = {
  not_ektp: {
    title: 'Kartu ini bukan e-KTP',
    staff: 'Minta e-KTP asli milik nasabah, lalu ambil ulang kartunya.',
    customer: 'Gunakan e-KTP asli Anda, bukan kartu lain, fotokopi, atau foto di ponsel.',
  },
  fraud_reject: {
    title: 'Mitra menemukan tanda penipuan',
    staff: 'Hentikan dan ikuti prosedur penipuan di tempat Anda. Jangan diambil ulang.',
  },
  dukcapil_rejected: {
    title: 'Data tidak sesuai dengan catatan Dukcapil',
    staff: 'Bandingkan NIK, nama, dan tanggal lahir dengan kartunya. Bila sudah benar, arahkan nasabah ke Dukcapil.',
  },
  dukcapil_irretrievable_error: {
    title: 'Dukcapil tidak dapat memproses permintaan ini',
    staff: 'Ini bukan kesalahan nasabah. Ulangi beberapa saat lagi.',
    customer: 'Ini bukan kesalahan Anda. Silakan ulangi beberapa saat lagi.',
  },
  dukcapil_system_error: {
    title: 'Sistem Dukcapil sedang terganggu',
    staff: 'Ini bukan kesalahan nasabah. Ulangi beberapa saat lagi.',
    customer: 'Ini bukan kesalahan Anda. Silakan ulangi beberapa saat lagi.',
  },
  liveness_check_failed: {
    title: 'Selfie belum dapat dipastikan keasliannya',
    staff: 'Ambil ulang selfie: nasabah sendiri di depan kamera, cahaya dari depan, tanpa foto atau layar lain.',
    customer: 'Hadapkan wajah langsung ke kamera dengan cahaya dari depan. Lepas masker dan kacamata hitam.',
  },
  aether_verification_failed: {
    title: 'Mitra tidak dapat memastikan identitas ini',
    staff: 'Jangan diambil ulang. Layani nasabah dengan cara lain menurut prosedur Anda.',
  },
  email_has_been_used: {
    title: 'Alamat email ini sudah dipakai NIK lain',
    staff: 'Minta alamat email lain milik nasabah, lalu mulai lagi dari awal.',
    customer: 'Mulai lagi dengan alamat email lain milik Anda sendiri.',
  },
  phone_has_been_used: {
    title: 'Nomor telepon ini sudah dipakai NIK lain',
    staff: 'Minta nomor telepon lain milik nasabah, lalu mulai lagi dari awal.',
    customer: 'Mulai lagi dengan nomor telepon lain milik Anda sendiri.',
  },
  system_error: {
    title: 'Sistem mitra sedang terganggu',
    staff: 'Ini bukan kesalahan nasabah. Coba lagi.',
    customer: 'Ini bukan kesalahan Anda. Silakan coba sekali lagi.',
  },
  not_live: {
    title: 'Selfie tidak tampak diambil langsung',
    staff: 'Ambil ulang selfie: nasabah sendiri di depan kamera, cahaya dari depan, tanpa foto atau layar lain.',
    customer: 'Hadapkan wajah langsung ke kamera dengan cahaya dari depan. Lepas masker dan kacamata hitam.',
  },
  face_match_failed: {
    title: 'Wajah tidak cocok dengan foto pembanding',
    staff: 'Bandingkan sendiri wajah nasabah dengan fotonya. Ulangi satu kali; bila tetap gagal, hentikan.',
    customer: 'Lihat lurus ke kamera dengan cahaya dari depan, tanpa masker, topi, atau kacamata hitam.',
  },
  reference_image_validation_failed: {
    title: 'Foto pembanding tidak dapat dipakai',
    staff: 'Ambil ulang kartu nasabah; fotonya menjadi pembanding wajahnya.',
    customer: 'Tunjukkan sekali lagi e-KTP asli Anda ke kamera.',
  },
  document_not_found: {
    title: 'Gambarnya belum sampai ke mitra',
    staff: 'Ambil ulang gambarnya agar dikirim sekali lagi.',
    customer: 'Gambar Anda belum sampai. Mari kita ambil sekali lagi.',
  },
  invalid_document: {
    title: 'Gambarnya tidak dapat dipakai mitra',
    staff: 'Ambil ulang dengan cahaya cukup, tanpa pantulan, dan sampai gambarnya tajam.',
    customer: 'Mari kita ambil sekali lagi, dengan cahaya cukup dan tanpa pantulan.',
  },
  verification_failed: {
    title: 'Pemeriksaan di mitra terhenti',
    staff: 'Ini bukan kesalahan nasabah. Coba lagi; bila terulang, hubungi mitra.',
    customer: 'Ini bukan kesalahan Anda. Silakan coba sekali lagi.',
  },
  quota_exhausted: {
    title: 'Kesempatan nasabah di mitra sudah habis',
    staff: 'Jangan diambil ulang. Hubungi mitra agar nasabah ini boleh mencoba lagi.',
    customer: 'Jumlah percobaan Anda sudah habis. Silakan datangi petugas di loket.',
  },
  picture_refused: {
    title: 'Gambar tidak dapat dipakai mitra; ambil ulang',
    staff: 'Ambil ulang dengan cahaya cukup, tanpa pantulan, dan sampai gambarnya tajam.',
    customer: 'Mari kita ambil sekali lagi, dengan cahaya cukup dan tanpa pantulan.',
  },
  token_spent: {
    title: 'Izin dari mitra sudah terpakai atau lewat waktunya',
    staff: 'Mulai lagi dari awal agar mitra memberi izin baru.',
    customer: 'Waktunya sudah habis. Silakan mulai lagi dari awal.',
  },
  processing: {
    title: 'Sedang diproses mitra',
    staff: 'Hasilnya menyusul sendiri di antrean. Tidak perlu diambil ulang.',
    customer: 'Hasilnya akan disampaikan kepada Anda.',
  },
};

const en: typeof id = {
  not_ektp: {
    title: 'This card is not an e-KTP',
    staff: 'Ask for the customer’s original e-KTP, then capture the card again.',
    customer: 'Use your original e-KTP, not another card, a photocopy or a photo on a phone.',
  },
  fraud_reject: {
    title: 'The partner found signs of fraud',
    staff: 'Stop, and follow your procedure for fraud. Do not capture again.',
  },
  dukcapil_rejected: {
    title: 'The data do not match the population registry',
    staff: 'Compare NIK, name and birth date with the card. If they are right, send the customer to Dukcapil.',
  },
  dukcapil_irretrievable_error: {
    title: 'The population registry cannot process this request',
    staff: 'This is not the customer’s fault. Try again in a while.',
    customer: 'This is not your fault. Please try again in a while.',
  },
  dukcapil_system_error: {
    title: 'The population registry has a disturbance',
    staff: 'This is not the customer’s fault. Try again in a while.',
    customer: 'This is not your fault. Please try again in a while.',
  },
  liveness_check_failed: {
    title: 'The selfie could not be confirmed as genuine',
    staff: 'Take the selfie again: the customer in person before the camera, light from the front, no photo and no other screen.',
    customer: 'Face the camera directly with light from the front. Take off a mask and sunglasses.',
  },
  aether_verification_failed: {
    title: 'The partner cannot confirm this identity',
    staff: 'Do not capture again. Serve the customer another way, by your procedure.',
  },
  email_has_been_used: {
    title: 'This e-mail address is in use by another NIK',
    staff: 'Ask for another e-mail address of the customer’s own, then start again.',
    customer: 'Start again with another e-mail address of your own.',
  },
  phone_has_been_used: {
    title: 'This phone number is in use by another NIK',
    staff: 'Ask for another phone number of the customer’s own, then start again.',
    customer: 'Start again with another phone number of your own.',
  },
  system_error: {
    title: 'The partner’s system has a disturbance',
    staff: 'This is not the customer’s fault. Try again.',
    customer: 'This is not your fault. Please try once more.',
  },
  not_live: {
    title: 'The selfie does not look taken in person',
    staff: 'Take the selfie again: the customer in person before the camera, light from the front, no photo and no other screen.',
    customer: 'Face the camera directly with light from the front. Take off a mask and sunglasses.',
  },
  face_match_failed: {
    title: 'The face does not match the reference photo',
    staff: 'Compare the customer’s face with the photo yourself. Try once more; if it fails again, stop.',
    customer: 'Look straight at the camera with light from the front, without mask, cap or sunglasses.',
  },
  reference_image_validation_failed: {
    title: 'The reference photo cannot be used',
    staff: 'Capture the customer’s card again; its photo is what the face is compared with.',
    customer: 'Show your original e-KTP to the camera once more.',
  },
  document_not_found: {
    title: 'The picture did not reach the partner',
    staff: 'Take the picture again, so that it is sent once more.',
    customer: 'Your picture did not arrive. Let us take it once more.',
  },
  invalid_document: {
    title: 'The partner cannot use the picture',
    staff: 'Take it again with enough light, without reflections and until it is sharp.',
    customer: 'Let us take it once more, with enough light and without reflections.',
  },
  verification_failed: {
    title: 'The partner’s check broke off',
    staff: 'This is not the customer’s fault. Try again; if it happens again, call the partner.',
    customer: 'This is not your fault. Please try once more.',
  },
  quota_exhausted: {
    title: 'The customer has no attempts left at the partner',
    staff: 'Do not capture again. Ask the partner to let this customer try again.',
    customer: 'You have no attempts left. Please go to the staff at the counter.',
  },
  picture_refused: {
    title: 'The partner cannot use the picture; take another',
    staff: 'Take it again with enough light, without reflections and until it is sharp.',
    customer: 'Let us take it once more, with enough light and without reflections.',
  },
  token_spent: {
    title: 'The partner’s permission was used before or has run out',
    staff: 'Start again, so that the partner gives a new permission.',
    customer: 'The time has run out. Please start again.',
  },
  processing: {
    title: 'The partner is working on it',
    staff: 'The result comes into the queue by itself. No new capture is needed.',
    customer: 'You will be told the result.',
  },
};

export const reasons = { id, en };
